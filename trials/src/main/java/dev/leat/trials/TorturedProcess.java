package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TorturedServer} in its process, seen from outside. What it prints goes to a file. It
 * ends with the process that started it. For one thread.
 */
final class TorturedProcess implements AutoCloseable {
  static final String RUNNING = "Leat is running at ";

  private static final Pattern REPLAY = Pattern.compile("; (\\d+) events of the log are decided");
  private static final Duration START = Duration.ofMinutes(3);
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final long startNanos = System.nanoTime();
  private final CompletableFuture<@Nullable URI> url = new CompletableFuture<>();
  private final CompletableFuture<String> sprung = new CompletableFuture<>();
  private final Thread reader;
  private volatile long replayed;

  /**
   * How to start one.
   *
   * @param prefix a program that runs it, as {@code strace}; empty for none
   * @param launcher the JVM with its options and class path
   * @param trap null for none
   * @param clock steps of a {@link JumpingClock}; null for the real one
   */
  record Order(
      List<String> prefix,
      List<String> launcher,
      @Nullable Trap trap,
      @Nullable String clock,
      Path config,
      Path data) {
    List<String> command() {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(launcher);
      command.add(TorturedServer.class.getName());
      command.add(trap == null ? "-" : trap.text());
      command.add(clock == null ? "-" : clock);
      command.addAll(List.of("serve", "--port", "0", "--config", config.toString()));
      command.addAll(List.of("--data", data.toString()));
      return command;
    }
  }

  private TorturedProcess(Process process, Path output) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(() -> copy(output));
  }

  static TorturedProcess start(Order order, Path output) throws IOException {
    Process process = new ProcessBuilder(order.command()).redirectErrorStream(true).start();
    ALIVE.add(process);
    return new TorturedProcess(process, output);
  }

  private void copy(Path output) {
    try (BufferedReader lines = process.inputReader(UTF_8);
        Writer file =
            Files.newBufferedWriter(output, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      file.write("---- process " + process.pid() + "\n");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line + "\n");
        file.flush();
        hear(line);
      }
    } catch (IOException | UncheckedIOException ended) {
      // A pipe may break when its process is killed; that it has ended is what counts.
      url.completeExceptionally(ended);
    }
    url.complete(null);
  }

  private void hear(String line) {
    if (line.startsWith(RUNNING)) {
      url.complete(URI.create(line.substring(RUNNING.length()).strip()));
    } else if (line.startsWith(Trap.SPRUNG)) {
      sprung.complete(line.substring(Trap.SPRUNG.length()));
    } else {
      Matcher found = REPLAY.matcher(line);
      if (found.find()) {
        replayed = Long.parseLong(found.group(1));
      }
    }
  }

  /** Waits until it listens; null if it ended before. */
  @Nullable URI url() throws InterruptedException, IOException {
    try {
      return url.get(START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException broken) {
      return null;
    } catch (TimeoutException slow) {
      throw new IOException("the server does not listen after " + START, slow);
    }
  }

  /** Whether it ran into a trap and lives on. */
  boolean hasSprung() {
    return sprung.isDone();
  }

  /** How many events of the log it had to decide on again. */
  long replayed() {
    return replayed;
  }

  long startNanos() {
    return startNanos;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; false if it lives on. */
  boolean awaitEnd(Duration patience) throws InterruptedException {
    return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  int exitCode() {
    return process.exitValue();
  }

  /** As {@code kill -9}, and waits until it is gone. */
  void kill() throws InterruptedException {
    // What runs under a tracer is its child.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    ALIVE.remove(process);
    reader.join();
  }

  /** Sends a signal by its name. */
  void signal(String name) throws IOException, InterruptedException {
    Shell.run("kill", "-" + name, Long.toString(process.pid()));
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
