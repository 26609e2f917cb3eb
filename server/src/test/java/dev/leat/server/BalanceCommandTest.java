package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BalanceCommandTest {
  private static final String HOLDS =
      """
      {"accepted":1020,"stored":1010,"duplicates":4,"deadLettered":2,"filtered":3,"inFlight":1,
       "balanced":true,"lost":0,"gap":0,"detail":"","position":"18","streams":{
       "orders":{"accepted":7,"stored":2,"duplicates":0,"deadLettered":2,"filtered":3},
       "views":{"accepted":1012,"stored":1008,"duplicates":4,"deadLettered":0,"filtered":0}}}
      """;

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void everyColumnAddsUp() {
    FakeServer.Run run = server.answer(200, HOLDS).run("balance");
    assertEquals(
        """
        stream             accepted  stored  duplicates  dead letters  filtered  in flight
        ─────────────────  ────────  ──────  ──────────  ────────────  ────────  ─────────
        orders                    7       2           0             2         3          0
        views                  1012    1008           4             0         0          0
        (not decided yet)         1       0           0             0         0          1
        total                  1020    1010           4             2         3          1

        It holds: 1,020 accepted = 1,010 stored + 4 duplicates + 2 dead letters + 3 filtered + 1 in flight.
        """,
        run.out());
    assertEquals(0, run.exit(), run.err());
    assertEquals(List.of("GET /v1/balance"), server.requests);
  }

  @Test
  void whatDoesNotHoldIsSaidAndEndsWithOne() {
    String gap =
        "{\"accepted\":20,\"stored\":17,\"balanced\":false,\"lost\":2,\"gap\":3,\"detail\":\"segment 7 is gone\"}";
    FakeServer.Run run = server.answer(200, gap).run("balance");
    assertEquals(1, run.exit());
    assertTrue(
        run.out()
            .endsWith(
                "It does not hold. 3 accepted events are not where they should be."
                    + " 2 were durable and can't be read any more.\nsegment 7 is gone\n"),
        run.out());
    String surplus = "{\"accepted\":1,\"stored\":3,\"balanced\":false,\"gap\":-2}";
    run = server.answer(200, surplus).run("balance");
    assertEquals(1, run.exit());
    assertTrue(run.out().endsWith("There are 2 more than were accepted.\n"), run.out());
  }

  @Test
  void jsonIsWhatTheServerSaid() {
    FakeServer.Run run = server.answer(200, HOLDS).run("balance", "-o", "json");
    assertEquals(0, run.exit());
    assertEquals(HOLDS.replaceAll("\\n ?", "") + "\n", run.out());
    String gap = "{\"balanced\":false}";
    assertEquals(1, server.answer(200, gap).run("balance", "-o", "json").exit());
  }

  @Test
  void whatIsNoBalanceIsAFailure() {
    FakeServer.Run problem =
        server.answer(500, "{\"detail\":\"the log has stopped\"}").run("balance");
    assertEquals(1, problem.exit());
    assertEquals("leat: the log has stopped\n", problem.err());
    FakeServer.Run proxy = server.answer(502, "<html>").run("balance");
    assertEquals("leat: status 502: <html>\n", proxy.err());
    FakeServer.Run other = server.answer(200, "<html>").run("balance");
    assertEquals(1, other.exit());
    assertTrue(other.err().startsWith("leat: what answers there is no Leat: "), other.err());
    FakeServer.Run broken = server.answer(0, "").run("balance");
    assertEquals(1, broken.exit());
    assertTrue(broken.err().startsWith("leat: the answer broke off"), broken.err());
  }

  @Test
  void withoutAServerItSaysSo() {
    server.close();
    FakeServer.Run run = server.run("balance");
    assertEquals(1, run.exit());
    assertTrue(run.err().startsWith("leat: no server answers there"), run.err());
  }
}
