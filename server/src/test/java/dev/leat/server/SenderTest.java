package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers what the test says. */
class SenderTest {
  /** An answer, or none if the status is 0. */
  private record Scripted(int status, String body, String retryAfter) {
    static Scripted of(int status, String body) {
      return new Scripted(status, body, "");
    }
  }

  private final Deque<Scripted> script = new ArrayDeque<>();
  private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final SendReport report = new SendReport();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/events", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void repeatsUntilTheServerTakesIt() throws Exception {
    script.add(new Scripted(503, "{\"detail\":\"stopping\"}", "0"));
    script.add(Scripted.of(429, "{}"));
    script.add(Scripted.of(0, ""));
    script.add(Scripted.of(507, "{}"));
    script.add(Scripted.of(202, "{\"accepted\":2,\"position\":\"17\"}"));
    send(Duration.ofSeconds(60), "one", "two");
    assertEquals(2, report.accepted());
    assertEquals(17, report.lastPosition());
    assertEquals(5, bodies.size());
    assertEquals(1, bodies.stream().distinct().count(), "every attempt sends the same");
    assertTrue(said.getFirst().startsWith("503, stopping: trying again"), said.toString());
    assertTrue(said.getLast().startsWith("going on"), said.toString());
  }

  @Test
  void listsWhatIsRefusedAndKeepsTheRest() throws Exception {
    script.add(
        Scripted.of(
            207,
            "{\"accepted\":1,\"refused\":1,\"position\":\"3\",\"results\":[{\"index\":0,\"status\":\"accepted\"},"
                + "{\"index\":1,\"status\":\"refused\",\"errors\":[{\"index\":1,\"pointer\":\"/id\","
                + "\"code\":\"missing-attribute\",\"expected\":\"an id\",\"found\":\"nothing\"}]}]}"));
    send(Duration.ofSeconds(60), "one", "two");
    assertEquals(1, report.accepted());
    assertEquals(1, report.refused());
    assertEquals(
        "file, event 2: /id missing-attribute: expected an id, found nothing",
        report.examples().getFirst().toString());
  }

  @Test
  void givesUpWhenItsPatienceEnds() {
    server.stop(0);
    CommandFailure failure = assertThrows(CommandFailure.class, () -> send(Duration.ZERO, "one"));
    assertTrue(failure.getMessage().startsWith("gave up after 0 s"), failure.getMessage());
  }

  @Test
  void doesNotRepeatWhatCanNeverSucceed() {
    script.add(Scripted.of(415, "{\"detail\":\"no\"}"));
    CommandFailure failure =
        assertThrows(CommandFailure.class, () -> send(Duration.ofSeconds(60), "one"));
    assertTrue(failure.getMessage().contains("answered 415"), failure.getMessage());
    assertEquals(1, bodies.size());
  }

  private void send(Duration patience, String... events) throws InterruptedException {
    Backoff backoff =
        new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), new SplittableRandom(1));
    Outage outage = new Outage(patience, InstantSource.system(), said::add);
    try (LeatClient client =
            new LeatClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
        Sender sender =
            new Sender(client, new Sender.Options(2, false, patience), backoff, report, outage)) {
      Batch batch = sender.take();
      batch.reset("file", 1);
      for (String event : events) {
        batch.putText(event).endEvent();
      }
      sender.submit(batch);
      sender.finish();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      Scripted next = script.remove();
      if (next.status() == 0) {
        return; // closed without an answer, as by a crash
      }
      if (!next.retryAfter().isEmpty()) {
        exchange.getResponseHeaders().add("Retry-After", next.retryAfter());
      }
      byte[] body = next.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
