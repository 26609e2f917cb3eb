package dev.leat.trials;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * {@code strace}, attached to a process or to one of its threads: writes down system calls, and
 * makes some of them fail or take long. Ends with {@link #close}, which leaves the process running.
 */
final class Strace implements AutoCloseable {
  private static final Duration ATTACH = Duration.ofSeconds(20);

  private final Process process;
  private final Path trace;

  private Strace(Process process, Path trace) {
    this.process = process;
    this.trace = trace;
  }

  /** Whether it is there and may attach to other processes. */
  static boolean isAvailable() {
    try {
      Process sleeper = new ProcessBuilder("sleep", "20").start();
      try {
        Process probe =
            new ProcessBuilder("strace", "-e", "trace=none", "-p", Long.toString(sleeper.pid()))
                .redirectErrorStream(true)
                .start();
        String said = String.valueOf(probe.inputReader(ISO_8859_1).readLine());
        probe.destroy();
        probe.waitFor();
        return said.contains("attached");
      } finally {
        sleeper.destroy();
      }
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Attaches to a process and all its threads, those to come included.
   *
   * @param options what to trace and to inject
   */
  static Strace attach(long pid, Path trace, List<String> options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-f"));
    all.addAll(options);
    return start(pid, trace, all);
  }

  /** Attaches to the one thread of a process that has this name, of at most 15 letters. */
  static Strace attachToThread(long pid, String name, Path trace, List<String> options)
      throws IOException, InterruptedException {
    return start(thread(pid, name), trace, options);
  }

  /** The number of a thread. */
  static long thread(long pid, String name) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).strip().equals(name)) {
          return Long.parseLong(thread.getFileName().toString());
        }
      }
    }
    throw new IOException("process %d has no thread %s".formatted(pid, name));
  }

  private static Strace start(long target, Path trace, List<String> options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("strace", "-yy", "-s", "1024", "-o", trace.toString()));
    command.addAll(options);
    command.addAll(List.of("-p", Long.toString(target)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader said = process.inputReader(ISO_8859_1);
    String line = said.readLine();
    if (line == null || !line.contains("attached")) {
      process.destroyForcibly();
      throw new IOException("strace does not attach: " + line);
    }
    // What it says of each thread must not fill the pipe.
    Thread.ofVirtual()
        .start(
            () -> {
              try (said) {
                while (said.readLine() != null) {}
              } catch (IOException | java.io.UncheckedIOException ended) {
                return; // with the process
              }
            });
    Strace strace = new Strace(process, trace);
    strace.awaitAllThreads(target, options.contains("-f"));
    return strace;
  }

  /** It says "attached" after the first thread; all of them have it as their tracer soon after. */
  private void awaitAllThreads(long target, boolean all) throws IOException, InterruptedException {
    long end = System.nanoTime() + ATTACH.toNanos();
    while (all && !isTracedWhole(target)) {
      if (System.nanoTime() > end) {
        close();
        throw new IOException("strace did not attach to all threads");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private boolean isTracedWhole(long target) throws IOException {
    String traced = "TracerPid:\t" + process.pid();
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + target + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.exists(thread) && !Files.readString(thread.resolve("status")).contains(traced)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Gives each line written so far to somebody. After {@link #close} these are all. */
  void lines(Consumer<String> to) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(trace, ISO_8859_1)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        to.accept(line);
      }
    }
  }

  /** The calls that have returned so far. */
  List<SystemCall> calls() throws IOException {
    SystemCalls calls = new SystemCalls();
    List<SystemCall> all = new ArrayList<>();
    lines(line -> calls.take(line).ifPresent(all::add));
    return all;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
