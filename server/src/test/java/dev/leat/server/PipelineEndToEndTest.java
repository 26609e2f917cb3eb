package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole house under a definition with everything in it, on a real disk and a real port. */
@Timeout(180)
class PipelineEndToEndTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String DEFINITION =
      """
      streams:
        - name: flights
          match: type == 'flight'
          key: data.origin
          schema: flight.json
          rules:
            - {name: plausible, check: data.distance > 0}
          enrich:
            - {lookup: airports, on: data.origin, into: data.start}
        - name: doors
          match: type == 'door'
          entity: {key: subject, version: data.version}
        - name: meters
          match: type == 'meter'
          entity: {key: attributes.meter, version: attributes.sequence}
      lookups:
        airports: {file: airports.csv, key: iata, refresh: 1s}
      """;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeDefinition() throws IOException {
    Files.writeString(
        directory.resolve("flight.json"),
        """
        {"type":"object","required":["origin"],
         "properties":{"origin":{"type":"string"},"distance":{"type":"integer"}}}
        """);
    Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Las Vegas\n");
    file = Files.writeString(directory.resolve("leat.yaml"), DEFINITION);
  }

  @Test
  void everyVerdictIsCountedShownAndRepaired() throws Exception {
    try (House house = open();
        LeatClient client = client(house)) {
      send(client, flight("1", "{\"origin\":\"LAS\",\"distance\":5}"));
      send(client, flight("1", "{\"origin\":\"LAS\",\"distance\":5}"));
      send(client, flight("2", "{\"origin\":\"LAS\",\"distance\":-5}"));
      send(client, flight("3", "{\"distance\":5}"));
      send(client, flight("4", "{\"origin\":\"XXX\",\"distance\":9}"));
      balance(client, "accepted=5 stored=2 duplicates=1 deadLettered=2 filtered=0");
      assertEquals(
          List.of(List.of("1", "Las Vegas")),
          ServerState.query(
              client, "SELECT id, data.start.city FROM flights WHERE data.start.city IS NOT NULL"));
      assertEquals("dead-letter", state(client, "3"));
      assertEquals("stored", state(client, "1"));
      assertEquals("unknown", state(client, "nobody"));

      replay(client, "{\"filter\":{\"rule\":\"plausible\"},\"patch\":\"with(data,'distance',7)\"}");
      balance(client, "accepted=5 stored=3 duplicates=1 deadLettered=1 filtered=0");
      assertEquals("stored", state(client, "2"));
      replay(client, "{\"filter\":{}}");
      balance(client, "accepted=5 stored=3 duplicates=1 deadLettered=1 filtered=0");
      assertEquals(
          List.of(List.of("3", 2L)),
          ServerState.query(client, "SELECT id, attempt FROM dead_letters"));
      assertEquals(3, ServerState.query(client, "SELECT id FROM dead_letters_history").size());
    }
    try (House house = open();
        LeatClient client = client(house)) {
      balance(client, "accepted=5 stored=3 duplicates=1 deadLettered=1 filtered=0");
      send(client, flight("2", "{\"origin\":\"LAS\",\"distance\":7}"));
      balance(client, "accepted=6 stored=3 duplicates=2 deadLettered=1 filtered=0");
    }
  }

  @Test
  void correctionsAndEntitiesShowWhatCounts() throws Exception {
    try (House house = open();
        LeatClient client = client(house)) {
      send(client, event("other", "a", "", "{\"n\":1}"));
      send(client, event("other", "b", "", "{\"n\":2}"));
      send(
          client,
          event("other", "c", ",\"corrects\":\"a\",\"correction\":\"replace\"", "{\"n\":9}"));
      send(client, event("other", "d", ",\"corrects\":\"b\",\"correction\":\"retract\"", "{}"));
      assertEquals(
          List.of(List.of("c", 9L)),
          ServerState.query(client, "SELECT id, data.n FROM events ORDER BY id"));
      assertEquals(4, ServerState.query(client, "SELECT id FROM events_history").size());

      send(client, event("door", "1", ",\"subject\":\"front\"", "{\"version\":1,\"open\":true}"));
      send(client, event("door", "2", ",\"subject\":\"front\"", "{\"version\":3,\"open\":false}"));
      send(client, event("door", "3", ",\"subject\":\"front\"", "{\"version\":2,\"open\":true}"));
      send(client, event("door", "4", ",\"subject\":\"back\"", "{\"version\":1,\"open\":true}"));
      assertEquals(
          List.of(List.of("back", true), List.of("front", false)),
          ServerState.query(
              client, "SELECT subject, data.open FROM doors_current ORDER BY subject"));
      assertEquals(
          List.of(List.of("3", "version-conflict")),
          ServerState.query(client, "SELECT id, reason FROM dead_letters"));
      String numbered = ",\"meter\":\"m\",\"sequence\":\"%d\"";
      send(client, event("meter", "1", numbered.formatted(7), "{\"kwh\":70}"));
      send(client, event("meter", "2", numbered.formatted(9), "{\"kwh\":90}"));
      assertEquals(
          List.of(List.of("2", 90L)),
          ServerState.query(client, "SELECT id, data.kwh FROM meters_current"));
      balance(client, "accepted=10 stored=9 duplicates=0 deadLettered=1 filtered=0");
    }
  }

  @Test
  void aChangedDefinitionIsTakenUpAndABrokenOneIsNot() throws Exception {
    try (House house = open();
        LeatClient client = client(house)) {
      send(client, flight("1", "{\"origin\":\"LAS\",\"distance\":-5}"));
      Files.writeString(file, DEFINITION.replace("data.distance > 0", "data.distance > -10"));
      assertEquals(200, reload(client).status());
      send(client, flight("2", "{\"origin\":\"LAS\",\"distance\":-5}"));
      balance(client, "accepted=2 stored=1 duplicates=0 deadLettered=1 filtered=0");

      Files.writeString(file, DEFINITION.replace("data.distance > 0", "data.distnce > 0"));
      LeatClient.Reply refused = reload(client);
      assertEquals(422, refused.status());
      assertTrue(refused.text().contains("did you mean data.distance?"), refused.text());
      send(client, flight("3", "{\"origin\":\"LAS\",\"distance\":-5}"));

      Files.writeString(file, DEFINITION);
      Files.writeString(
          directory.resolve("flight.json"),
          "{\"type\":\"object\",\"properties\":{\"origin\":{\"type\":\"integer\"},\"distance\":{\"type\":\"integer\"}}}");
      refused = reload(client);
      assertEquals(422, refused.status());
      assertTrue(refused.text().contains("data.origin"), refused.text());

      Files.writeString(
          directory.resolve("flight.json"),
          "{\"type\":\"object\",\"properties\":{\"origin\":{\"type\":\"string\"},\"distance\":{\"type\":\"number\"},\"gate\":{\"type\":\"string\"}}}");
      assertEquals(200, reload(client).status());
      send(client, flight("4", "{\"origin\":\"LAS\",\"distance\":1.5,\"gate\":\"A1\"}"));
      assertEquals(
          "[[2, -5.0], [3, -5.0], [4, 1.5]]",
          ServerState.query(client, "SELECT id, data.distance FROM flights ORDER BY id")
              .toString());
      assertEquals(
          List.of(List.of("4", "A1")),
          ServerState.query(
              client, "SELECT id, data.gate FROM flights WHERE data.gate IS NOT NULL"));
    }
  }

  @Test
  void aLookupThatVanishesLeavesTheLastOneInForce() throws Exception {
    try (House house = open();
        LeatClient client = client(house)) {
      Files.delete(directory.resolve("airports.csv"));
      LeatClient.Reply refused = reload(client);
      assertEquals(422, refused.status());
      assertTrue(refused.text().contains("airports"), refused.text());
      send(client, flight("1", "{\"origin\":\"LAS\",\"distance\":5}"));
      Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Paradise\n");
      assertEquals(200, reload(client).status());
      send(client, flight("2", "{\"origin\":\"LAS\",\"distance\":5}"));
      assertEquals(
          List.of(List.of("1", "Las Vegas"), List.of("2", "Paradise")),
          ServerState.query(client, "SELECT id, data.start.city FROM flights ORDER BY id"));
    }
  }

  @Test
  void aDefinitionWithMistakesDoesNotStart() throws Exception {
    Files.writeString(file, DEFINITION.replace("data.origin", "data.orign"));
    CommandFailure refused = assertThrows(CommandFailure.class, this::open);
    assertTrue(
        refused.getMessage().contains("leat.yaml:4:10")
            && refused.getMessage().contains("data.origin"),
        refused.getMessage());
  }

  private House open() {
    return House.open(
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(directory.resolve("data").toString()),
        file);
  }

  private static LeatClient client(House house) {
    return new LeatClient(URI.create(house.url()));
  }

  private static String flight(String id, String data) {
    return event("flight", id, "", data);
  }

  private static String event(String type, String id, String more, String data) {
    return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/test\",\"type\":\"%s\"%s,\"data\":%s}"
        .formatted(id, type, more, data);
  }

  /** Sends an event and waits until it was decided on. */
  private static void send(LeatClient client, String event) throws Exception {
    LeatClient.Reply reply = post(client, "/v1/events", event);
    assertEquals(202, reply.status(), reply.text());
    assertTrue(ServerState.awaitVisible(client, TIMEOUT));
  }

  private static LeatClient.Reply post(LeatClient client, String path, String body)
      throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return client.post(path, "application/json", bytes, bytes.length, Map.of(), TIMEOUT);
  }

  private static LeatClient.Reply reload(LeatClient client) throws Exception {
    return post(client, "/v1/definition/reload", "");
  }

  private static void replay(LeatClient client, String request) throws Exception {
    LeatClient.Reply started = post(client, "/v1/dead-letters/replay", request);
    assertEquals(202, started.status(), started.text());
    String job = String.valueOf(Json.object(started.body()).get("id"));
    long end = System.nanoTime() + TIMEOUT.toNanos();
    String state = "RUNNING";
    while (state.equalsIgnoreCase("running")) {
      assertTrue(System.nanoTime() < end, state);
      LeatClient.Reply reply = client.get("/v1/dead-letters/replay/" + job, TIMEOUT);
      state = String.valueOf(Json.object(reply.body()).get("state"));
    }
    assertTrue(state.equalsIgnoreCase("done"), state);
  }

  private static void balance(LeatClient client, String expected) throws Exception {
    Map<String, ?> balance = Json.object(client.get("/v1/balance", TIMEOUT).body());
    assertEquals(
        expected,
        "accepted=%s stored=%s duplicates=%s deadLettered=%s filtered=%s"
            .formatted(
                balance.get("accepted"),
                balance.get("stored"),
                balance.get("duplicates"),
                balance.get("deadLettered"),
                balance.get("filtered")));
    assertEquals(true, balance.get("balanced"), balance.toString());
  }

  private static String state(LeatClient client, String id) throws Exception {
    LeatClient.Reply reply = client.get("/v1/events/status?source=/test&id=" + id, TIMEOUT);
    return String.valueOf(Json.object(reply.body()).get("state"));
  }
}
