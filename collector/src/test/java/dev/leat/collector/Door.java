package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.KeyRule;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A real server with the endpoint on a port of its own, and a client for it. */
final class Door implements AutoCloseable {
  /** Held here because the log manager lets loggers go that nobody holds. */
  private static final Logger SERVER_LOGGER = Logger.getLogger("io.helidon");

  static {
    SERVER_LOGGER.setLevel(Level.SEVERE);
  }

  static final Instant NOW = Instant.parse("2025-06-01T10:20:30.123456Z");
  static final long NOW_MICROS = NOW.getEpochSecond() * 1_000_000 + 123_456;

  final MemoryLog log = new MemoryLog();
  volatile String shortage = "";
  final Collector collector;
  private final WebServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  Door() {
    this(CollectorOptions.defaults());
  }

  Door(CollectorOptions options) {
    collector =
        new Collector(
            log, options, InstantSource.fixed(NOW), () -> KeyRule.NONE, () -> shortage, 42);
    server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .contentEncoding(EventsEndpoint.bodiesAsSent())
            .connectionOptions(c -> c.readTimeout(Duration.ofSeconds(20)))
            .routing(r -> r.register(new EventsEndpoint(collector)))
            .build()
            .start();
  }

  int port() {
    return server.port();
  }

  HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + EventsEndpoint.PATH))
        .timeout(Duration.ofSeconds(30))
        .version(HttpClient.Version.HTTP_1_1);
  }

  HttpResponse<String> post(String type, String body, String... headers) {
    return post(type, body.getBytes(UTF_8), headers);
  }

  HttpResponse<String> post(String type, byte[] body, String... headers) {
    HttpRequest.Builder request = request().header("Content-Type", type);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
