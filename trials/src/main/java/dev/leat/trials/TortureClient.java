package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Speaks to one server. Safe for any thread. */
final class TortureClient implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private final URI server;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  TortureClient(URI server) {
    this.server = server;
  }

  /** An answer. */
  record Reply(int status, String body) {
    /** The answer's text; anything but 200 is a failure. */
    String ok() throws IOException {
      if (status != 200) {
        throw new IOException("status %d: %s".formatted(status, body.strip()));
      }
      return body;
    }

    /** A number that stands behind a name. */
    long number(String name) throws IOException {
      Matcher found = Pattern.compile("\"" + name + "\":\"?(-?\\d+)").matcher(body);
      if (!found.find()) {
        throw new IOException("no %s in %s".formatted(name, body));
      }
      return Long.parseLong(found.group(1));
    }

    /** All numbers that stand behind a name, added up. */
    long sum(String name) {
      return Pattern.compile("\"" + name + "\":(\\d+)")
          .matcher(body)
          .results()
          .mapToLong(found -> Long.parseLong(found.group(1)))
          .sum();
    }
  }

  Reply send(byte[] events) throws IOException, InterruptedException {
    return reply(
        request("/v1/events", PATIENCE)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(events))
            .build());
  }

  Reply get(String path, Duration patience) throws IOException, InterruptedException {
    return reply(request(path, patience).build());
  }

  Reply post(String path, String json) throws IOException, InterruptedException {
    return reply(
        request(path, PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  /** A metric's points as they were at a position or later; cells of text, the first row names. */
  List<String[]> points(String metric, String from, String to, long after)
      throws IOException, InterruptedException {
    String path = "/v1/metrics/%s?from=%s&to=%s".formatted(metric, from, to);
    return cells(csv(request(path, PATIENCE), after).build());
  }

  /** A statement's rows as they were at a position or later; the first row has the names. */
  List<String[]> sql(String sql, long after) throws IOException, InterruptedException {
    return cells(
        csv(request("/v1/sql", PATIENCE), after)
            .header("Content-Type", "text/plain")
            .header("Leat-Max-Rows", "5000000")
            .header("Leat-Timeout-Ms", Long.toString(PATIENCE.toMillis()))
            .POST(BodyPublishers.ofString(sql))
            .build());
  }

  /** Appends an answer to a file, an object on each line. */
  void download(String path, Path file) throws IOException, InterruptedException {
    Reply reply = reply(request(path, PATIENCE).header("Accept", "application/x-ndjson").build());
    Files.writeString(file, reply.ok(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static HttpRequest.Builder csv(HttpRequest.Builder request, long after) {
    request.header("Accept", "text/csv");
    return after < 0 ? request : request.header("Leat-After", Long.toString(after));
  }

  /**
   * A server that is behind says so after ten seconds; that is no wrong answer, and asked again.
   */
  private List<String[]> cells(HttpRequest request) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Reply reply = reply(request);
    while (reply.status() == 503
        && reply.body().contains("NOT_VISIBLE")
        && System.nanoTime() < deadline) {
      reply = reply(request);
    }
    return reply.ok().lines().map(line -> line.split(",", -1)).toList();
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(patience);
  }

  private Reply reply(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    return new Reply(response.statusCode(), new String(response.body(), UTF_8));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
