package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Prometheus, on loopback and with a directory of its own. For one thread. */
final class Prometheus implements AutoCloseable {
  /** Where it is unpacked, for the next run too. Nothing is installed, so no service starts. */
  private static final Path UNPACKED = Path.of("target/prometheus");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration FETCHING = Duration.ofMinutes(3);

  private final Process process;
  private final URI api;
  private final HttpClient http = HttpClient.newHttpClient();

  private Prometheus(Process process, URI api) {
    this.process = process;
    this.api = api;
  }

  /**
   * The directory with {@code prometheus} and {@code promtool}, where this machine has them; on a
   * Debian on which we may, its package is fetched and unpacked.
   */
  static Optional<Path> find() throws Exception {
    Optional<Path> there = tools();
    if (there.isPresent()
        || !Files.isExecutable(Path.of("/usr/bin/apt-get"))
        || !"root".equals(System.getProperty("user.name"))) {
      return there;
    }
    Files.createDirectories(UNPACKED);
    if (!fetch()) {
      run(UNPACKED, List.of("apt-get", "update", "-qq")); // No lists yet, or old ones.
      fetch();
    }
    return tools();
  }

  private static boolean fetch() throws Exception {
    run(UNPACKED, List.of("apt-get", "download", "prometheus"));
    try (Stream<Path> files = Files.list(UNPACKED)) {
      Optional<Path> found = files.filter(file -> file.toString().endsWith(".deb")).findFirst();
      if (found.isEmpty()) {
        return false;
      }
      String name = String.valueOf(found.get().getFileName());
      return run(UNPACKED, List.of("dpkg", "-x", name, ".")).status() == 0;
    }
  }

  private static Optional<Path> tools() {
    return Stream.of(Path.of("/usr/bin"), UNPACKED.resolve("usr/bin").toAbsolutePath())
        .filter(directory -> Files.isExecutable(directory.resolve("prometheus")))
        .filter(directory -> Files.isExecutable(directory.resolve("promtool")))
        .findFirst();
  }

  /** How a program ended, and all it said. */
  record Run(int status, String said) {}

  /** Runs a program to its end. */
  static Run run(Path directory, List<String> command) throws Exception {
    Path said = Files.createTempFile("said", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(FETCHING.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Run(-1, command + " did not end");
      }
      return new Run(process.exitValue(), Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }

  /**
   * Starts one that scrapes and evaluates every second.
   *
   * @param tools from {@link #find}
   * @param directory an empty one
   */
  static Prometheus start(Path tools, Path directory, String target, Path rules) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: leat
                sample_limit: 2000
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(rules.toAbsolutePath(), target));
    Process process =
        new ProcessBuilder(
                tools.resolve("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, URI.create("http://127.0.0.1:%d/api/v1/".formatted(port)));
  }

  /** The {@code data} of an answer; null while it does not answer. */
  @Nullable Object get(String call) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(api.resolve(call)).timeout(PATIENCE).build();
    HttpResponse<byte[]> answer;
    try {
      answer = http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException notYet) {
      if (!process.isAlive()) {
        throw new AssertionError("Prometheus ended with " + process.exitValue(), notYet);
      }
      return null;
    }
    if (answer.statusCode() == 503) {
      return null; // It starts.
    }
    Map<String, @Nullable Object> body = Json.object(answer.body());
    if (!"success".equals(body.get("status"))) {
      throw new AssertionError(call + ": " + body);
    }
    return body.get("data");
  }

  /** What an expression yields now. */
  List<?> query(String expression) throws Exception {
    Object data = get("query?query=" + URLEncoder.encode(expression, UTF_8));
    return Json.asList(Json.asObject(data).get("result"));
  }

  /** Asks until the answer is not empty. */
  List<?> await(String expression) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<?> result = query(expression);
    while (result.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never anything for " + expression + ": " + get("targets"));
      }
      Thread.sleep(200);
      result = query(expression);
    }
    return result;
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    process
        .onExit()
        .completeOnTimeout(process, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .join()
        .destroyForcibly();
  }
}
