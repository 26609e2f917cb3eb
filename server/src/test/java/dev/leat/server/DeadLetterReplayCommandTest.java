package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLetterReplayCommandTest {
  private static final String POST =
      "POST /v1/dead-letters/replay {\"filter\":{},\"dryRun\":false,\"perSecond\":1000}";
  private static final String GET = "GET /v1/dead-letters/replay/7";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aDryRunPrintsWhatWouldHappen() {
    String dry =
        "{\"dryRun\":true,\"matched\":12,\"outcomes\":["
            + "{\"verdict\":\"stored\",\"stream\":\"orders\",\"reason\":null,\"count\":11,\"sample\":\"17\"},"
            + "{\"verdict\":\"dead-letter\",\"stream\":null,\"reason\":\"schema\",\"count\":1,\"sample\":\"18\"}]}";
    FakeServer.Run run = server.answer(200, dry).run("dead-letters", "replay", "--dry-run");
    assertEquals(
        """
        verdict      stream  reason  count  sample
        ───────────  ──────  ──────  ─────  ──────
        stored       orders             11  17
        dead-letter          schema      1  18
        12 dead letters match; nothing was sent.
        """,
        run.out());
    assertEquals(0, run.exit());
    run = server.answer(200, dry).run("dead-letters", "replay", "--dry-run", "-o", "json");
    assertEquals(dry + "\n", run.out());
  }

  @Test
  void waitsForTheEnd() {
    server.answer(202, job("running", 0, 0, "")).answer(200, job("running", 6, 0, ""));
    FakeServer.Run run = server.answer(200, job("done", 10, 0, "")).run("dead-letters", "replay");
    assertEquals(
        "replay 7 is done: 12 matched, 10 sent, 3 stored, 0 failed again, 1 duplicates or filtered\n",
        run.out());
    assertEquals(0, run.exit());
    assertEquals(List.of(POST, GET, GET), server.requests);
  }

  @Test
  void whatFailedAgainEndsWithOne() {
    FakeServer.Run run =
        server
            .answer(202, job("running", 0, 0, ""))
            .answer(200, job("done", 10, 2, ""))
            .run("dead-letters", "replay", "--wait");
    assertEquals(1, run.exit());
    assertTrue(run.out().contains("2 failed again"), run.out());
    String failed = job("failed", 5, 0, "the disk is full");
    run = server.answer(202, failed).run("dead-letters", "replay");
    assertEquals(1, run.exit());
    assertTrue(run.out().endsWith("\nthe disk is full\n"), run.out());
    run = server.answer(202, failed).run("dead-letters", "replay", "-o", "json");
    assertEquals(1, run.exit());
    assertEquals(failed + "\n", run.out());
  }

  @Test
  void onlyBeginsIfAsked() {
    String running = job("running", 0, 0, "");
    FakeServer.Run run = server.answer(202, running).run("dead-letters", "replay", "--no-wait");
    assertEquals(
        "replay 7 has begun, 12 dead letters match: %s/v1/dead-letters/replay/7\n"
            .formatted(server.url()),
        run.out());
    assertEquals(0, run.exit());
    assertEquals(List.of(POST), server.requests);
    run = server.answer(202, running).run("dead-letters", "replay", "--no-wait", "-o", "json");
    assertEquals(running + "\n", run.out());
  }

  @Test
  void whatStandsInTheWayIsSaid() {
    FakeServer.Run busy =
        server
            .answer(409, "{\"detail\":\"Another replay is running\"}")
            .run("dead-letters", "replay");
    assertEquals(1, busy.exit());
    assertEquals("leat: Another replay is running\n", busy.err());
    FakeServer.Run lost =
        server.answer(202, job("running", 0, 0, "")).answer(0, "").run("dead-letters", "replay");
    assertEquals(1, lost.exit());
    assertTrue(lost.err().startsWith("leat: lost sight of the replay"), lost.err());
    assertEquals(2, server.run("dead-letters", "replay", "--rate", "fast").exit());
  }

  private static String job(String state, long sent, long failedAgain, String detail) {
    return "{\"id\":\"7\",\"url\":\"/v1/dead-letters/replay/7\",\"state\":\"%s\",\"matched\":12,\"sent\":%d,\"stored\":3,\"failedAgain\":%d,\"other\":1,\"detail\":\"%s\"}"
        .formatted(state, sent, failedAgain, detail);
  }
}
