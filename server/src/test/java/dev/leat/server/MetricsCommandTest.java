package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsCommandTest {
  private static final String LIST =
      """
      {"metrics":[{"name":"departures","stream":"flights","window":"{tumbling: 1h}","labels":["origin"],
       "measures":[{"name":"flights","text":"count()","bound":null}],
       "watermark":"2001-01-02T00:00:00Z","finalBefore":null,"series":7,
       "counts":{"counted":1000,"late":5,"tooLate":4,"ahead":3,"lateUpTo":{"1m":1,"1h":2,"1d":3,"more":3},
       "pending":2,"overflow":1},"detail":"2 stretches wait for their recomputation"}]}
      """;

  private static final String RESULTS =
      """
      {"metric":"departures","stream":"flights","window":"{tumbling: 1h}","labels":["origin"],
       "measures":[{"name":"flights","text":"count()","bound":null},
       {"name":"busiest","text":"topk(data.destination, 2)","bound":{"kind":"count","error":0.001,"confidence":1.0}}],
       "series":[{"labels":{"origin":"LAS"},"points":[
       {"start":"2001-01-01T00:00:00Z","end":"2001-01-01T01:00:00Z","flights":12,
       "busiest":[{"item":"PHX","count":9},{"item":"LAX","count":3}],"revision":2,"final":true,"exact":false},
       {"start":"2001-01-01T01:00:00Z","end":"2001-01-01T02:00:00Z","flights":1,"busiest":null,
       "revision":0,"final":false,"exact":true}]},
       {"labels":{"origin":null},"points":[
       {"start":"2001-01-01T01:00:00Z","end":"2001-01-01T02:00:00Z","flights":2,"busiest":[],
       "revision":1,"final":false,"exact":true}]}],
       "watermark":"2001-01-01T01:30:00Z",
       "approximate":[{"name":"busiest","text":"topk(data.destination, 2)","bound":null}],
       "resolution":[],"asOf":{"position":"42","time":"2026-01-02T03:04:05Z"}}
      """;

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsMetricsAndWhereEventsWent() {
    FakeServer.Run run = server.answer(200, LIST).run("metrics");
    assertEquals(
        """
        metric      stream   window          watermark             final before  series  counted  late  too late  ahead  pending  overflow
        ──────────  ───────  ──────────────  ────────────────────  ────────────  ──────  ───────  ────  ────────  ─────  ───────  ────────
        departures  flights  {tumbling: 1h}  2001-01-02T00:00:00Z                     7     1000     5         4      3        2         1
        departures: 2 stretches wait for their recomputation
        """,
        run.out());
    assertEquals(0, run.exit(), run.err());
    assertEquals(List.of("GET /v1/metrics"), server.requests);
    run = server.answer(200, "{\"metrics\":[]}").run("metrics");
    assertTrue(run.out().startsWith("The definition has no metrics"), run.out());
    run = server.answer(200, LIST).run("metrics", "-o", "json");
    assertEquals(LIST.replaceAll("\\n ?", "") + "\n", run.out());
  }

  @Test
  void showsResultsAsATable() {
    FakeServer.Run run = server.answer(200, RESULTS).run("metrics", "show", "departures");
    assertEquals(
        """
        origin  start                 end                   flights  busiest       revision  state
        ──────  ────────────────────  ────────────────────  ───────  ────────────  ────────  ──────
        LAS     2001-01-01T00:00:00Z  2001-01-01T01:00:00Z       12  PHX 9, LAX 3         2  final
        LAS     2001-01-01T01:00:00Z  2001-01-01T02:00:00Z        1  null                 0  open
        null    2001-01-01T01:00:00Z  2001-01-01T02:00:00Z        2                       1  closed
        """,
        run.out());
    assertEquals(
        "3 results in 2 series, watermark 2001-01-01T01:30:00Z, as of position 42;"
            + " nearly exact, within the bounds of -o json: busiest\n",
        run.err());
    assertEquals(0, run.exit());
  }

  @Test
  void everyOptionReachesTheServer() {
    server
        .answer(200, RESULTS)
        .run(
            "metrics",
            "show",
            "departures",
            "--from",
            "-1d",
            "--to=now",
            "--step",
            "6h",
            "--by",
            "",
            "--where",
            "origin=LAS",
            "--where",
            "carrier=a b",
            "--value",
            "PHX");
    assertEquals(
        List.of(
            "GET /v1/metrics/departures?from=-1d&to=now&step=6h&by="
                + "&where=origin%3DLAS&where=carrier%3Da%20b&value=PHX"),
        server.requests);
  }

  @Test
  void whatIsWrongIsOneSentence() {
    FakeServer.Run run =
        server
            .answer(404, "{\"detail\":\"There is no metric 'a b'; the definition has departures\"}")
            .run("metrics", "show", "a b");
    assertEquals(1, run.exit());
    assertEquals("leat: There is no metric 'a b'; the definition has departures\n", run.err());
    assertEquals(List.of("GET /v1/metrics/a%20b"), server.requests);
    run = server.run("metrics", "verify", "departures", "--from", "-1d");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("Missing required option: '--to=TIME'"), run.err());
    run = server.run("metrics", "shwo");
    assertEquals(2, run.exit());
    assertTrue(run.err().contains("Did you mean show?"), run.err());
  }

  @Test
  void verifyingEndsWithOneIfThereAreDifferences() {
    String same = done(0, "");
    FakeServer.Run run =
        server.answer(200, same).run("metrics", "verify", "m", "--from", "-1d", "--to", "now");
    assertEquals(0, run.exit(), run.err());
    assertEquals(
        "24 windows of m were compared with 1,000 rows in 17 ms; no result differs.\n", run.out());
    assertEquals(
        List.of("POST /v1/metrics/m/verify {\"from\":\"-1d\",\"to\":\"now\"}"), server.requests);
    String differ =
        done(
            3,
            "{\"labels\":{\"origin\":\"LAS\",\"carrier\":null},\"start\":\"2001-01-01T00:00:00Z\","
                + "\"measure\":\"flights\",\"served\":\"2\",\"recomputed\":\"3\"}");
    run = server.answer(200, differ).run("metrics", "verify", "m", "--from=-1d", "--to=now");
    assertEquals(1, run.exit());
    assertEquals(
        """
        24 windows of m were compared with 1,000 rows in 17 ms; 3 results differ, among them these:

        series                    start                 measure  served  from the rows
        ────────────────────────  ────────────────────  ───────  ──────  ─────────────
        origin=LAS, carrier=null  2001-01-01T00:00:00Z  flights  2       3
        """,
        run.out());
    run =
        server
            .answer(200, differ)
            .run("metrics", "verify", "m", "--from=-1d", "--to=now", "-o=json");
    assertEquals(1, run.exit());
    assertEquals(differ + "\n", run.out());
  }

  @Test
  void recomputingSaysWhatChanged() {
    FakeServer.Run run =
        server
            .answer(200, done(0, ""))
            .run("metrics", "recompute", "m", "--from", "-1d", "--to", "now");
    assertEquals(0, run.exit(), run.err());
    assertEquals(
        "24 windows of m were computed anew from 1,000 rows in 17 ms; no result differs.\n",
        run.out());
    run =
        server
            .answer(422, "{\"detail\":\"its rows are kept for 90d\"}")
            .run("metrics", "recompute", "m", "--from=-100d", "--to=now");
    assertEquals(1, run.exit());
    assertEquals("leat: its rows are kept for 90d\n", run.err());
  }

  private static String done(int different, String differences) {
    return "{\"metric\":\"m\",\"windows\":24,\"rows\":1000,\"different\":%d,\"differences\":[%s],\"millis\":17}"
        .formatted(different, differences);
  }
}
