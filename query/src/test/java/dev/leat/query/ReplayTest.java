package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Replay;
import dev.leat.event.Replay.Answer;
import dev.leat.event.Replay.Outcome;
import dev.leat.event.Replay.State;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private static final String PATH = "/v1/dead-letters/replay";
  private static final Replay.Request ALL =
      new Replay.Request(Replay.Filter.ALL, false, null, 1_000, Long.MAX_VALUE);

  private final LoopbackServer server = new LoopbackServer();
  private final FakeProcessing processing = server.processing;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void readsEverythingThatCanBeAsked() throws Exception {
    processing.answer = new Answer.Dry(0, List.of());
    server.post(
        PATH,
        "{\"filter\":{\"stream\":\"orders\",\"stage\":\"validate\",\"reason\":\"schema\",\"rule\":\"r\","
            + "\"pointer\":\"\",\"source\":\"/s\",\"id\":\"i\",\"after\":\"-1d\","
            + "\"before\":\"2026-01-02T00:00:00.000001Z\",\"offset\":\"17\",\"maxAttempt\":3},"
            + "\"dryRun\":true,\"patch\":\"data\",\"perSecond\":0,\"limit\":\"5\"}");
    long day = Instant.parse("2026-01-02T00:00:00Z").getEpochSecond() * 1_000_000;
    Replay.Filter filter =
        new Replay.Filter(
            "orders",
            "validate",
            "schema",
            "r",
            "",
            "/s",
            "i",
            Instant.parse("2026-01-01T03:04:05Z").getEpochSecond() * 1_000_000,
            day + 1,
            17L,
            3L);
    assertEquals(new Replay.Request(filter, true, "data", 0, 5), processing.requests.getFirst());
    server.post(PATH, "{}");
    assertEquals(ALL, processing.requests.getLast());
  }

  @Test
  void aDryRunTellsWhatWouldHappen() throws Exception {
    processing.answer =
        new Answer.Dry(
            12,
            List.of(
                new Outcome("stored", "orders", null, 11, "17"),
                new Outcome("dead-letter", null, "schema", 1, "18")));
    HttpResponse<String> answer = server.post(PATH, "{\"dryRun\":true}");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"dryRun\":true,\"matched\":12,\"outcomes\":["
            + "{\"verdict\":\"stored\",\"stream\":\"orders\",\"reason\":null,\"count\":11,\"sample\":\"17\"},"
            + "{\"verdict\":\"dead-letter\",\"stream\":null,\"reason\":\"schema\",\"count\":1,\"sample\":\"18\"}]}\n",
        answer.body());
  }

  @Test
  void aJobIsStartedFollowedAndStopped() throws Exception {
    Replay.Filter filter =
        new Replay.Filter(
            null, null, null, null, "/a", null, null, 1_000_001L, 60_000_000L, 17L, 2L);
    Replay.Job job =
        FakeProcessing.job(7, State.RUNNING, new Replay.Request(filter, false, "data", 50, 5));
    String text =
        "{\"id\":\"7\",\"url\":\"/v1/dead-letters/replay/7\",\"state\":\"%s\",\"matched\":10,\"sent\":6,"
            + "\"stored\":3,\"failedAgain\":2,\"other\":1,\"detail\":\"\",\"request\":{\"filter\":"
            + "{\"pointer\":\"/a\",\"after\":\"1970-01-01T00:00:01.000001Z\","
            + "\"before\":\"1970-01-01T00:01:00Z\",\"offset\":\"17\",\"maxAttempt\":2},\"dryRun\":false,"
            + "\"patch\":\"data\",\"perSecond\":50,\"limit\":5}}";
    processing.answer = new Answer.Started(job);
    processing.jobs.add(job);
    HttpResponse<String> started = server.post(PATH, "{}");
    assertEquals(202, started.statusCode());
    assertEquals(PATH + "/7", started.headers().firstValue("Location").orElseThrow());
    assertEquals(text.formatted("running") + "\n", started.body());
    assertEquals(text.formatted("running") + "\n", server.get(PATH + "/7").body());
    assertEquals(text.formatted("stopped") + "\n", server.delete(PATH + "/7").body());
    HttpResponse<String> again = server.delete(PATH + "/7");
    assertEquals(409, again.statusCode());
    assertTrue(again.body().contains("Replay 7 does not run any more: it is stopped"));
    processing.jobs.add(FakeProcessing.job(6, State.DONE, ALL));
    assertEquals(
        "{\"jobs\":["
            + text.formatted("stopped")
            + ",{\"id\":\"6\",\"url\":\"/v1/dead-letters/replay/6\",\"state\":\"done\",\"matched\":10,"
            + "\"sent\":6,\"stored\":3,\"failedAgain\":2,\"other\":1,\"detail\":\"\","
            + "\"request\":{\"filter\":{},\"dryRun\":false,\"perSecond\":1000}}]}\n",
        server.get(PATH).body());
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    for (HttpResponse<String> answer :
        List.of(server.get(PATH + "/8"), server.delete(PATH + "/8"))) {
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("There is no replay 8"), answer.body());
    }
    HttpResponse<String> word = server.get(PATH + "/latest");
    assertEquals(400, word.statusCode());
    assertTrue(word.body().contains("must be a whole number, not 'latest'"), word.body());
  }

  @Test
  void refusalsAreProblems() throws Exception {
    processing.answer = new Answer.Busy(FakeProcessing.job(7, State.RUNNING, ALL));
    HttpResponse<String> busy = server.post(PATH, "{}");
    assertEquals(409, busy.statusCode());
    assertTrue(busy.body().contains("running, /v1/dead-letters/replay/7;"), busy.body());
    processing.answer = new Answer.Refused("patch: no such field 'dat'");
    HttpResponse<String> refused = server.post(PATH, "{\"patch\":\"dat\"}");
    assertEquals(422, refused.statusCode());
    assertTrue(refused.body().contains("patch: no such field 'dat'"), refused.body());
    assertTrue(refused.body().contains("\"code\":\"REFUSED\""), refused.body());
  }

  @Test
  void badBodiesSayWhatAndWhere() throws Exception {
    assertRefused("", "must be a JSON object like {\\\"filter\\\":");
    assertRefused("[]", "must be a JSON object");
    assertRefused("{} {}", "expected the end, found '{' at byte 3");
    assertRefused("{\"filter\":{}", "at byte 12");
    assertRefused("{\"dryrun\":true}", "Unknown field 'dryrun'; known are filter, dryRun");
    assertRefused(
        "{\"filter\":{\"strem\":\"x\"}}", "Unknown field 'filter.strem'; known are stream");
    assertRefused("{\"filter\":{\"id\":\"a\",\"id\":\"b\"}}", "'filter.id' is there twice");
    assertRefused("{\"filter\":\"all\"}", "'filter' must be an object");
    assertRefused("{\"filter\":null}", "'filter' must be an object");
    assertRefused("{\"filter\":{\"stream\":1}}", "'filter.stream' must be a string");
    assertRefused("{\"filter\":{\"stream\":\"\"}}", "filter.stream must not be empty");
    assertRefused("{\"filter\":{\"after\":\"soon\"}}", "filter.after must be a time like");
    assertRefused(
        "{\"filter\":{\"after\":\"-1h\",\"before\":\"-1h\"}}",
        "filter.after must be earlier than filter.before");
    assertRefused("{\"filter\":{\"offset\":1.5}}", "'filter.offset' must be a whole number");
    assertRefused("{\"filter\":{\"maxAttempt\":-1}}", "filter.maxAttempt must not be negative");
    assertRefused("{\"dryRun\":\"yes\"}", "'dryRun' must be true or false");
    assertRefused("{\"patch\":\" \"}", "patch must be an expression");
    assertRefused("{\"perSecond\":-1}", "perSecond must not be negative");
    assertRefused("{\"perSecond\":2147483648}", "perSecond may be at most 2147483647");
    assertRefused("{\"limit\":0}", "limit must be at least 1");
    assertRefused("{\"limit\":9223372036854775808}", "limit must be a whole number");
    assertEquals(413, server.post(PATH, " ".repeat(1_001)).statusCode());
    assertEquals(400, server.post(PATH + "?dryRun=true", "{}").statusCode());
    assertEquals(List.of(), processing.requests);
  }

  private void assertRefused(String body, String part) throws Exception {
    HttpResponse<String> answer = server.post(PATH, body);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(part), answer.body());
  }
}
