package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Speaks to a server over HTTP. Safe for any thread. */
final class LeatClient implements AutoCloseable {
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  LeatClient(URI base) {
    if (base.getScheme() == null || base.getHost() == null) {
      throw new CommandFailure(
          "%s is no URL of a server; one looks like http://127.0.0.1:5328".formatted(base));
    }
    this.base = base;
  }

  URI base() {
    return base;
  }

  /** An answer in memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(int status, byte[] body, @Nullable Duration retryAfter) {
    String text() {
      return new String(body, UTF_8);
    }

    /** What a problem answer says to a person. */
    String problem() {
      try {
        Object detail = Json.object(body).get("detail");
        if (detail != null) {
          return detail.toString();
        }
      } catch (JsonException _) {
        // Not a Leat, or something in between; what it said is all there is.
      }
      return "status %d: %s".formatted(status, text().strip());
    }

    /** Ends the command with what the problem says. */
    CommandFailure failure() {
      return new CommandFailure(problem());
    }

    /** The answer's members, if its status is the one that was hoped for. */
    Map<String, @Nullable Object> json(int hopedFor) {
      if (status != hopedFor) {
        throw failure();
      }
      try {
        return Json.object(body);
      } catch (JsonException notOurs) {
        throw new CommandFailure("what answers there is no Leat: " + notOurs.getMessage());
      }
    }
  }

  Reply post(
      String path,
      String contentType,
      byte[] body,
      int length,
      Map<String, String> headers,
      Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path, timeout)
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofByteArray(body, 0, length));
    headers.forEach(request::header);
    return reply(request.build());
  }

  Reply get(String path, Duration timeout) throws IOException, InterruptedException {
    return reply(request(path, timeout).GET().build());
  }

  Reply delete(String path, Duration timeout) throws IOException, InterruptedException {
    return reply(request(path, timeout).DELETE().build());
  }

  /** The answer as it comes; the caller closes it. */
  HttpResponse<InputStream> stream(
      String path, byte[] body, Map<String, String> headers, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, timeout).POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  /** The same for a question that is nothing but its address. */
  HttpResponse<InputStream> stream(String path, Map<String, String> headers, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path, timeout).GET();
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofInputStream());
  }

  static byte[] read(InputStream in) throws IOException {
    byte[] body = in.readNBytes(MAX_ANSWER_BYTES + 1);
    if (body.length > MAX_ANSWER_BYTES) {
      throw new IOException("the answer is larger than %d bytes".formatted(MAX_ANSWER_BYTES));
    }
    return body;
  }

  /** What is left of an answer that came as a stream. */
  static Reply read(HttpResponse<?> response, InputStream in) throws IOException {
    return new Reply(response.statusCode(), read(in), retryAfter(response));
  }

  private Reply reply(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      return read(response, in);
    }
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
  }

  /** Seconds only: Leat never sends a date. */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    Optional<String> value = response.headers().firstValue("Retry-After");
    if (value.isEmpty() || !value.get().matches("\\d{1,6}")) {
      return null;
    }
    return Duration.ofSeconds(Long.parseLong(value.get()));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
