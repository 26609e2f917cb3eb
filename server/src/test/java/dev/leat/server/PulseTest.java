package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a live house tells those who look on. */
class PulseTest {
  private static final String DATA = "data: ";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @Test
  void samplesFollowTheEventsAndAlwaysAddUp() throws Exception {
    House house = open();
    try (HttpClient http = HttpClient.newHttpClient();
        BufferedReader live = listen(http, house)) {
      assertEquals("retry: 2000", live.readLine());
      send(http, house, event("1") + event("2") + event("3") + event("2"));
      Map<String, @Nullable Object> sample = next(live);
      while (count(sample, "balance", "stored") < 3
          || count(part(sample, "log"), "keeping", "count") < 1) {
        assertAddsUp(sample);
        sample = next(live);
      }
      assertAddsUp(sample);
      assertEquals(4, count(sample, "door", "events"));
      assertEquals(1, count(sample, "balance", "duplicates"));
      assertEquals(1, count(part(sample, "door"), "answers", "202"));
      assertEquals(4, count(part(sample, "streams"), "events", "accepted"));
      assertEquals(3, count(part(sample, "streams"), "events", "stored"));
      assertTrue(count(sample, "log", "bytesIn") > 0);
      house.close();
      // It ends as a whole answer, and before the house is closed: nobody who looks on holds up a
      // stop.
      String line = live.readLine();
      while (line != null) {
        line = live.readLine();
      }
    } finally {
      house.close();
    }
  }

  @Test
  void tellsHowLongEventsTakeUntilTheyShow() throws Exception {
    try (House house = open();
        HttpClient http = HttpClient.newHttpClient();
        BufferedReader live = listen(http, house)) {
      send(http, house, event("1"));
      Map<String, @Nullable Object> sample = next(live);
      while (count(part(sample, "engine"), "showing", "count") == 0) {
        sample = next(live);
      }
      assertNotNull(part(part(sample, "engine"), "showing").get("p99"));
    }
  }

  @Test
  void saysWhatIsInForceAndWhatCanBeGoneBackTo() throws Exception {
    Path file = ShopPipeline.write(directory.resolve("definition"));
    try (House house =
            House.open(
                DefinitionFile.read(file)
                    .withServer(new Definition.Server("127.0.0.1", 0))
                    .withData(directory.resolve("data").toString()),
                file);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      Map<String, @Nullable Object> definition =
          Json.object(client.get("/v1/definition", TIMEOUT).body());
      Map<String, @Nullable Object> orders =
          Json.asObject(Json.asList(definition.get("streams")).getFirst());
      assertEquals("orders", orders.get("name"));
      assertEquals("order.json", orders.get("schema"));
      assertEquals(86_400L, orders.get("dedupSeconds"));
      assertEquals(List.of("lookup skus into data.product"), orders.get("enrich"));
      assertEquals("sales", Json.asList(orders.get("metrics")).getFirst());
      Map<?, ?> rule = Json.asObject(Json.asList(orders.get("rules")).getFirst());
      assertEquals("data.items >= 1", rule.get("check"));
      assertEquals("dead_letter", rule.get("otherwise"));
      assertTrue(
          client.get("/v1/checkpoints", TIMEOUT).text().startsWith("{\"checkpoints\":["),
          "checkpoints");
    }
  }

  private House open() {
    return House.open(
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(directory.toString()));
  }

  private static BufferedReader listen(HttpClient http, House house) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(house.url() + "/v1/live")).build();
    return new BufferedReader(
        new InputStreamReader(http.send(request, BodyHandlers.ofInputStream()).body(), UTF_8));
  }

  private static void send(HttpClient http, House house, String lines) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(house.url() + "/v1/events"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines))
            .build();
    assertEquals(202, http.send(request, BodyHandlers.discarding()).statusCode());
  }

  private static String event(String id) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/t\",\"type\":\"t\",\"data\":{\"n\":1}}\n"
        .formatted(id);
  }

  /** The next single sample. */
  private static Map<String, @Nullable Object> next(BufferedReader live) throws IOException {
    String line = live.readLine();
    while (line != null && !line.startsWith(DATA + "{")) {
      line = live.readLine();
    }
    assertNotNull(line, "the answer ended");
    return Json.object(line.substring(DATA.length()).getBytes(UTF_8));
  }

  private static void assertAddsUp(Map<String, @Nullable Object> sample) {
    Map<String, @Nullable Object> balance = part(sample, "balance");
    long sum = 0;
    for (String where : List.of("stored", "duplicates", "deadLettered", "filtered", "inFlight")) {
      sum += Json.asLong(balance.get(where), -1);
    }
    assertEquals(balance.get("accepted"), sum, balance.toString());
    assertEquals(true, balance.get("balanced"), balance.toString());
  }

  private static Map<String, @Nullable Object> part(Map<String, ?> whole, String name) {
    return Json.asObject(whole.get(name));
  }

  private static long count(Map<String, ?> whole, String part, String name) {
    return Json.asLong(part(whole, part).get(name), 0);
  }
}
