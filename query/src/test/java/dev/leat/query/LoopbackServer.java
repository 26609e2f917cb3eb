package dev.leat.query;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.helidon.webserver.WebServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/**
 * The service behind a real server on loopback, over a store, a processing and metrics that obey
 * tests.
 */
final class LoopbackServer implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  static final QueryLimits LIMITS =
      new QueryLimits(
          Duration.ofSeconds(3),
          Duration.ofSeconds(9),
          100,
          1_000_000,
          1_000,
          Duration.ofMillis(50));

  final FakeStore store = new FakeStore();
  final FakeProcessing processing = new FakeProcessing();
  final FakeMetrics metrics = new FakeMetrics();
  final LiveFeed feed = new LiveFeed();
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebServer server =
      WebServer.builder()
          .host("127.0.0.1")
          .port(0)
          .shutdownHook(false)
          .routing(
              routing ->
                  routing
                      .register(
                          new QueryService(store, processing, metrics, () -> 50, LIMITS, () -> NOW))
                      .register(new Dashboard(feed)))
          .build()
          .start();

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return send(post(path, body, "application/json"));
  }

  HttpRequest.Builder post(String path, String body, String type) {
    return request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body));
  }

  /** The status of the answer to an address that no client of Java would send. */
  int status(String path) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(30_000);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      String answer = new String(in.readNBytes("HTTP/1.1 400".length()), US_ASCII);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length()));
    }
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
  }

  /** The body of an answer that may never end. */
  InputStream stream(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofInputStream()).body();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }
}
