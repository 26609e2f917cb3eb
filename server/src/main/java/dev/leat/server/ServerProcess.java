package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server in a process of its own: this same program, with the same options for Java. */
final class ServerProcess implements AutoCloseable {
  private static final String RUNNING = "Leat is running at ";
  private static final int STOP_SECONDS = 90;

  private final Process process;
  private final URI url;

  private ServerProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a server on a free port and waits until it listens. */
  static ServerProcess start(Path data, @Nullable Path config) {
    return start(List.of(), data, config);
  }

  /**
   * The same, by way of another program.
   *
   * @param by which, with its arguments; it becomes the server
   */
  static ServerProcess start(List<String> by, Path data, @Nullable Path config) {
    List<String> command = new ArrayList<>(by);
    command.add(java());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
    command.addAll(List.of("--port", "0", "--data", data.toString()));
    if (config != null) {
      command.addAll(List.of("--config", config.toString()));
    }
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new ServerProcess(process, url(process));
    } catch (IOException failed) {
      throw new CommandFailure("can't start a server: " + failed.getMessage(), failed);
    }
  }

  URI url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  Process process() {
    return process;
  }

  private static URI url(Process process) throws IOException {
    BufferedReader lines = process.inputReader(UTF_8);
    String line = lines.readLine();
    while (line != null && !line.startsWith(RUNNING)) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new CommandFailure("the server ended before it listened; what it said stands above");
    }
    // Nobody reads on, but what it prints next must not fill the pipe.
    Thread.ofVirtual().start(() -> drain(lines));
    return URI.create(line.substring(RUNNING.length()).strip());
  }

  private static void drain(BufferedReader lines) {
    try (lines) {
      while (lines.readLine() != null) {}
    } catch (IOException | UncheckedIOException ended) {
      return; // with the process
    }
  }

  private static String java() {
    Optional<String> command = ProcessHandle.current().info().command();
    return command.orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException hurried) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
