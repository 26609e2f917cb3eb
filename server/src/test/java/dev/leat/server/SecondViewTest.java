package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.Definition;
import dev.leat.server.StoreQuestions.Came;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second view beside the first: the same under the same definition, another under another. */
class SecondViewTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String ROWS =
      "SELECT id, log_offset, shard, data.total FROM orders_history WHERE log_offset >= %d ORDER BY log_offset";

  private final Progress quiet =
      new Progress(new PrintWriter(new StringWriter()), InstantSource.system(), false);

  @TempDir private Path directory;
  private Path strict;
  private Path lax;

  @BeforeEach
  void writeDefinitions() throws Exception {
    strict = definition("strict", "data.total > 0");
    lax = definition("lax", "data.total >= 0");
  }

  private Path definition(String name, String check) throws Exception {
    return Files.writeString(
        directory.resolve(name + ".yaml"),
        """
        streams:
          - name: orders
            match: type == 'order'
            rules:
              - {name: positive, check: %s}
        metrics:
          - name: sales
            from: orders
            window: {tumbling: 1m}
            measures: {n: count(), total: sum(data.total)}
        """
            .formatted(check));
  }

  @Test
  void underTheSameDefinitionItIsTheSame() throws Exception {
    Path data = filled();
    SecondView.Outcome outcome = build(data, new ReplayStart.Oldest(), null, "second");
    assertEquals(Map.of("orders", new Came(36, 4, 20)), outcome.first());
    assertEquals(outcome.first(), outcome.second());
    assertEquals(Map.of(), outcome.beyond());
    assertTrue(outcome.balance().balanced(), outcome.balance().detail());
    assertEquals(
        ask(data, strict, ROWS.formatted(0)),
        ask(directory.resolve("second"), strict, ROWS.formatted(0)));
    String metric = "SELECT sum(n), sum(total) FROM sales";
    assertEquals(ask(data, strict, metric), ask(directory.resolve("second"), strict, metric));
  }

  @Test
  void underAnotherRuleItDiffersAsTheRuleSays() throws Exception {
    Path data = filled();
    SecondView.Outcome outcome = build(data, new ReplayStart.Oldest(), lax, "second");
    assertEquals(Map.of("orders", new Came(36, 4, 20)), outcome.first());
    assertEquals(Map.of("orders", new Came(40, 0, 20)), outcome.second());
    assertTrue(outcome.balance().balanced(), outcome.balance().detail());
    // It stays so when it is served, though the log was written under the other definition.
    assertEquals(
        List.of(List.of(40L)),
        ask(directory.resolve("second"), lax, "SELECT count(*) FROM orders"));
  }

  @Test
  void fromAPositionATimeAndAVersion() throws Exception {
    Path data = filled();
    List<?> all = ask(data, strict, ROWS.formatted(0));
    long middle = Json.asLong(Json.asList(all.get(20)).get(1), -1);
    SecondView.Outcome outcome = build(data, new ReplayStart.At(middle), null, "by-position");
    assertEquals(middle, outcome.begin());
    assertTrue(outcome.balance().balanced(), outcome.balance().detail());
    List<?> again = ask(directory.resolve("by-position"), strict, ROWS.formatted(0));
    assertEquals(all.subList(20, all.size()), again.subList(0, all.size() - 20));
    // Copies of events that came before the position are the first ones that it has seen.
    assertEquals(all.size(), again.size());
    for (Object copy : again.subList(all.size() - 20, again.size())) {
      assertTrue(Json.asLong(Json.asList(copy).getFirst(), -1) < 23, copy::toString);
    }

    SecondView.Outcome byTime = build(data, new ReplayStart.Since(outcome.from()), null, "by-time");
    assertEquals(outcome.from(), byTime.from());
    assertTrue(byTime.begin() <= middle);
    List<?> third = ask(directory.resolve("by-time"), strict, ROWS.formatted(middle));
    assertEquals(all.subList(20, all.size()), third.subList(0, all.size() - 20));
    assertFails(data, new ReplayStart.Since(outcome.from().plusSeconds(3600)), "no event came");
    assertFails(data, new ReplayStart.After(1_000_000), "there is no version 1000000");

    // The second view's log begins in the middle, and so shows what one that expired would say.
    Path second = directory.resolve("by-position");
    assertFails(second, new ReplayStart.At(0), "the log reaches back to position");
    assertFails(
        second, new ReplayStart.Since(outcome.from().minusSeconds(3600)), "can't be replayed");
  }

  @Test
  void whileAServerIsAtWork() throws Exception {
    Path data = filled();
    try (House house = open(data, strict);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      send(client, 40, 60);
      SecondView.Outcome outcome = build(data, new ReplayStart.Oldest(), null, "second");
      assertEquals(outcome.first(), outcome.second());
      Came all =
          outcome
              .second()
              .get("orders")
              .with(outcome.beyond().getOrDefault("orders", Came.NOTHING));
      assertEquals(new Came(54, 6, 20), all);
      assertTrue(outcome.balance().balanced(), outcome.balance().detail());
      send(client, 60, 70);
    }
  }

  private void assertFails(Path data, ReplayStart start, String expected) {
    CommandFailure refused =
        assertThrows(CommandFailure.class, () -> build(data, start, null, "refused"));
    assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    assertFalse(Files.exists(directory.resolve("refused")));
    assertFalse(Files.exists(directory.resolve("refused.replaying")));
  }

  private SecondView.Outcome build(Path data, ReplayStart start, @Nullable Path config, String into)
      throws Exception {
    return SecondView.build(data, start, config, directory.resolve(into), quiet);
  }

  /** 40 events, every tenth against the rule, and the first 20 of them twice. */
  private Path filled() throws Exception {
    Path data = directory.resolve("data");
    try (House house = open(data, strict);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      send(client, 0, 20);
      send(client, 20, 40);
    }
    try (House house = open(data, strict);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      send(client, 1, 10);
      send(client, 11, 20);
      send(client, 21, 23);
    }
    return data;
  }

  private static House open(Path data, Path config) {
    return House.open(
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(data.toString()),
        config);
  }

  private static List<?> ask(Path data, Path config, String sql) throws Exception {
    try (House house = open(data, config);
        LeatClient client = new LeatClient(URI.create(house.url()))) {
      assertTrue(ServerState.awaitVisible(client, TIMEOUT));
      return ServerState.query(client, sql);
    }
  }

  private static void send(LeatClient client, long from, long to) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (long id = from; id < to; id++) {
      lines.append(
          "{\"specversion\":\"1.0\",\"source\":\"/t\",\"type\":\"order\",\"id\":\"%d\",\"data\":{\"total\":%d}}\n"
              .formatted(id, id % 10));
    }
    byte[] body = lines.toString().getBytes(UTF_8);
    LeatClient.Reply reply =
        client.post("/v1/events", "application/x-ndjson", body, body.length, Map.of(), TIMEOUT);
    assertEquals(202, reply.status(), reply.text());
    assertTrue(ServerState.awaitVisible(client, TIMEOUT));
  }
}
