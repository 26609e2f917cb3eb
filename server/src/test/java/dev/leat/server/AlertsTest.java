package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trouble that is made on purpose, against the whole house on a real port. */
@Timeout(300)
class AlertsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private House open(String hook) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("leat.yaml"),
            """
            streams:
              - name: orders
                match: type == 'order'
                rules: [{name: costs, check: data.total > 0}]
            alerts:
              - {name: bad_orders, signal: dead-letter-rate, above: 0.2, for: 0s, severity: critical}
            notify:
              - {webhook: '%s'}
            """
                .formatted(hook));
    Definition definition =
        DefinitionFile.read(file)
            .withData(directory.resolve("data").toString())
            .withServer(new Definition.Server("127.0.0.1", 0));
    return House.open(definition, file);
  }

  private static void send(LeatClient client, int from, int count, int total) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      lines
          .append("{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"/t\",".formatted(i))
          .append("\"type\":\"order\",\"data\":{\"total\":%d}}\n".formatted(total));
    }
    byte[] body = lines.toString().getBytes(UTF_8);
    LeatClient.Reply reply =
        client.post("/v1/events", "application/x-ndjson", body, body.length, Map.of(), TIMEOUT);
    assertEquals(202, reply.status(), reply::text);
  }

  private static Map<String, @Nullable Object> alerts(LeatClient client) throws Exception {
    return client.get("/v1/alerts", TIMEOUT).json(200);
  }

  /** The answer once it is as is waited for. */
  private static Map<String, @Nullable Object> awaitAlerts(
      LeatClient client, Predicate<Map<String, @Nullable Object>> ready) throws Exception {
    Instant deadline = Instant.now().plus(TIMEOUT);
    Map<String, @Nullable Object> answer = alerts(client);
    while (!ready.test(answer)) {
      assertTrue(Instant.now().isBefore(deadline), "it stays as " + answer);
      Thread.sleep(Duration.ofMillis(50));
      answer = alerts(client);
    }
    return answer;
  }

  /** Waits for a look at the signals that begins after now. */
  private static void awaitLook(LeatClient client) throws Exception {
    Instant now = Instant.now();
    Map<String, @Nullable Object> _ =
        awaitAlerts(client, answer -> Instant.parse(String.valueOf(answer.get("at"))).isAfter(now));
  }

  @Test
  void injectedTroubleIsToldOnceAndShownAndOutlivesARestart() throws Exception {
    try (Receiver receiver = new Receiver()) {
      try (House house = open(receiver.url());
          LeatClient client = new LeatClient(URI.create(house.url()))) {
        assertEquals(List.of(), alerts(client).get("open"));
        // The first look is what rates are counted from.
        awaitLook(client);
        send(client, 0, 100, -1);
        Map<String, @Nullable Object> told = receiver.await(1).getFirst();
        assertEquals("bad_orders", told.get("alert"));
        assertEquals("critical", told.get("severity"));
        Map<String, @Nullable Object> answer =
            awaitAlerts(client, one -> !Json.asList(one.get("deliveries")).isEmpty());
        Map<String, @Nullable Object> open =
            Json.asObject(
                Json.asList(answer.get("open")).stream()
                    .filter(one -> "bad_orders".equals(Json.asObject(one).get("alert")))
                    .findFirst()
                    .orElseThrow());
        String words = String.valueOf(open.get("words"));
        assertTrue(words.contains("above 0.2"), words);
        silence(client);
      }
      try (House house = open(receiver.url());
          LeatClient client = new LeatClient(URI.create(house.url()))) {
        awaitLook(client);
        List<?> kept = Json.asList(client.get("/v1/silences", TIMEOUT).json(200).get("silences"));
        assertEquals(1, kept.size());
        assertEquals("we test", Json.asObject(kept.getFirst()).get("why"));
        long bad =
            receiver.await(1).stream()
                .filter(one -> "bad_orders".equals(one.get("alert")))
                .filter(one -> "firing".equals(one.get("change")))
                .count();
        assertEquals(1, bad, "told again after a restart");
        assertEquals(204, client.delete("/v1/silences/1", TIMEOUT).status());
        assertEquals(404, client.delete("/v1/silences/1", TIMEOUT).status());
      }
    }
  }

  private static void silence(LeatClient client) throws Exception {
    byte[] wrong = "{\"alert\":\"ingest\"}".getBytes(UTF_8);
    LeatClient.Reply refused =
        client.post("/v1/silences", "application/json", wrong, wrong.length, Map.of(), TIMEOUT);
    assertEquals(400, refused.status());
    assertTrue(refused.problem().contains("'to' or 'for'"), refused::problem);
    byte[] body = "{\"alert\":\"ingest\",\"for\":\"2h\",\"why\":\"we test\"}".getBytes(UTF_8);
    assertEquals(
        "ingest",
        client
            .post("/v1/silences", "application/json", body, body.length, Map.of(), TIMEOUT)
            .json(201)
            .get("alert"));
  }
}
