package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real server in a process of its own, to which faults are done, and the few questions that a
 * trial asks it. Any thread may ask.
 */
final class Patient implements AutoCloseable {
  private static final String RUNNING = "Leat is running at ";
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Pattern NUMBER = Pattern.compile("\\[\\s*\\[\\s*\"?(-?\\d+)");

  private final Process process;
  private final URI url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What a request was answered. */
  record Reply(int status, String body, String retryAfter, String contentType) {
    boolean isKept() {
      return status == 202;
    }
  }

  private Patient(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a server on a free port and waits until it listens. */
  static Patient start(Path data, Path errors, String... around) throws IOException {
    List<String> command = new ArrayList<>(List.of(around));
    command.addAll(
        Jvm.command(
            List.of("-Xmx768m", "-XX:MaxDirectMemorySize=512m", "-XX:+ExitOnOutOfMemoryError")));
    command.addAll(
        List.of("dev.leat.server.Main", "serve", "--port", "0", "--data", data.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    BufferedReader said = process.inputReader(UTF_8);
    String line = said.readLine();
    while (line != null && !line.startsWith(RUNNING)) {
      line = said.readLine();
    }
    if (line == null) {
      throw new IOException("the server ended before it listened; what it said is in " + errors);
    }
    Thread.ofVirtual()
        .start(
            () -> {
              try (said) {
                while (said.readLine() != null) {}
              } catch (IOException | java.io.UncheckedIOException ended) {
                return; // with the process
              }
            });
    return new Patient(process, URI.create(line.substring(RUNNING.length()).strip()));
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends events whose ids are the numbers from {@code first} on.
   *
   * @param padding bytes that each of them carries
   */
  Reply post(long first, int count, int padding) throws IOException, InterruptedException {
    StringBuilder body = new StringBuilder();
    String data = padding == 0 ? "{}" : noise(first, padding);
    for (long id = first; id < first + count; id++) {
      body.append("{\"specversion\":\"1.0\",\"source\":\"/t\",\"type\":\"t\",\"id\":\"")
          .append(id)
          .append("\",\"data\":")
          .append(data)
          .append("}\n");
    }
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/v1/events"))
            .timeout(ANSWER)
            .header("Content-Type", "application/x-ndjson")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    return send(request);
  }

  /** Data that does not compress well. */
  private static String noise(long seed, int bytes) {
    java.util.random.RandomGenerator chance = new java.util.SplittableRandom(seed);
    StringBuilder text = new StringBuilder("{\"noise\":\"");
    while (text.length() < bytes) {
      text.append(Long.toString(chance.nextLong() & Long.MAX_VALUE, 36));
    }
    return text.append("\"}").toString();
  }

  /** Sends a body as it is, under lenient handling. */
  Reply postLenient(String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url.resolve("/v1/events"))
            .timeout(ANSWER)
            .header("Content-Type", "application/x-ndjson")
            .header("Prefer", "handling=lenient")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  Reply get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(url.resolve(path)).timeout(ANSWER).GET().build());
  }

  Reply sql(String statement) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(url.resolve("/v1/sql"))
            .timeout(ANSWER)
            .header("Content-Type", "text/plain")
            .POST(HttpRequest.BodyPublishers.ofString(statement))
            .build());
  }

  /** The first number that a statement yields. */
  long number(String statement) throws IOException, InterruptedException {
    Reply reply = sql(statement);
    Matcher number = NUMBER.matcher(reply.body());
    if (reply.status() != 200 || !number.find()) {
      throw new IOException("no number came for %s: %s".formatted(statement, reply));
    }
    return Long.parseLong(number.group(1));
  }

  /** A number in what readiness says. */
  long vital(String name) throws IOException, InterruptedException {
    Matcher found =
        Pattern.compile("\"" + name + "\":\\s*\"?(-?\\d+)").matcher(get("/health/ready").body());
    if (!found.find()) {
      throw new IOException("readiness says nothing of " + name);
    }
    return Long.parseLong(found.group(1));
  }

  private Reply send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
    return new Reply(
        response.statusCode(),
        response.body(),
        response.headers().firstValue("Retry-After").orElse(""),
        response.headers().firstValue("Content-Type").orElse(""));
  }

  /** Ends it at once, as a crash would. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Ends it in order; its exit code, -1 if it took more than 90 s. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor(90, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  /** Ends it if it runs. */
  @Override
  public void close() {
    client.close();
    process.destroyForcibly();
  }
}
