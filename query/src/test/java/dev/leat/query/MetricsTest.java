package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Metrics.Answer;
import dev.leat.event.Metrics.Bound;
import dev.leat.event.Metrics.Difference;
import dev.leat.event.Metrics.MeasureInfo;
import dev.leat.event.Metrics.MetricInfo;
import dev.leat.event.Metrics.Part;
import dev.leat.event.Metrics.Point;
import dev.leat.event.Metrics.Query;
import dev.leat.event.Metrics.Recomputation;
import dev.leat.event.Metrics.Series;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final long HOUR = 3_600_000_000L;

  private final LoopbackServer server = new LoopbackServer();
  private final FakeMetrics metrics = server.metrics;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsMetricsAndHowTheyAre() throws Exception {
    metrics.infos = List.of(FakeMetrics.departures());
    HttpResponse<String> answer = server.get("/v1/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"metrics\":[{\"name\":\"departures\",\"stream\":\"flights\",\"window\":\"{tumbling: 1h}\","
            + "\"labels\":[\"origin\",\"carrier\"],\"measures\":["
            + "{\"name\":\"flights\",\"text\":\"count()\",\"bound\":null},"
            + "{\"name\":\"busiest\",\"text\":\"topk(data.destination, 2)\","
            + "\"bound\":{\"kind\":\"count\",\"error\":0.001,\"confidence\":1.0}}],"
            + "\"watermark\":\"1970-01-01T00:00:01Z\",\"finalBefore\":\"1969-12-31T23:59:59Z\","
            + "\"series\":7,\"counts\":{\"counted\":90,\"late\":5,\"tooLate\":4,\"ahead\":3,"
            + "\"lateUpTo\":{\"1m\":1,\"1h\":2,\"1d\":3,\"more\":3},\"pending\":2,\"overflow\":1},"
            + "\"detail\":\"\"}]}\n",
        answer.body());
    metrics.infos = List.of();
    assertEquals("{\"metrics\":[]}\n", server.get("/v1/metrics").body());
  }

  @Test
  void answersResultsBySeries() throws Exception {
    metrics.answer = results();
    HttpResponse<String> answer = server.get("/v1/metrics/departures");
    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("42", answer.headers().firstValue("Leat-As-Of").orElseThrow());
    assertEquals(
        "{\"metric\":\"departures\",\"stream\":\"flights\",\"window\":\"{tumbling: 1h}\","
            + "\"labels\":[\"origin\",\"carrier\"],\"measures\":["
            + "{\"name\":\"flights\",\"text\":\"count()\",\"bound\":null},"
            + "{\"name\":\"busiest\",\"text\":\"topk(data.destination, 2)\","
            + "\"bound\":{\"kind\":\"count\",\"error\":0.001,\"confidence\":1.0}}],\"series\":["
            + "{\"labels\":{\"origin\":\"LAS\",\"carrier\":null},\"points\":["
            + "{\"start\":\"1970-01-01T00:00:00Z\",\"end\":\"1970-01-01T01:00:00Z\",\"flights\":2,"
            + "\"busiest\":[{\"item\":\"JFK\",\"count\":2}],\"revision\":1,\"final\":true,\"exact\":true},"
            + "{\"start\":\"1970-01-01T01:00:00Z\",\"end\":\"1970-01-01T02:00:00Z\",\"flights\":1.50,"
            + "\"busiest\":null,\"revision\":0,\"final\":false,\"exact\":false}]}],"
            + "\"watermark\":\"1970-01-01T01:30:00Z\",\"approximate\":[{\"name\":\"busiest\","
            + "\"text\":\"topk(data.destination, 2)\","
            + "\"bound\":{\"kind\":\"count\",\"error\":0.001,\"confidence\":1.0}}],"
            + "\"resolution\":[{\"from\":\"1970-01-01T00:00:00Z\",\"to\":\"1970-01-01T02:00:00Z\","
            + "\"resolution\":\"window\"}],"
            + "\"asOf\":{\"position\":\"42\",\"time\":\"2026-01-02T03:04:05Z\"}}\n",
        answer.body());
    assertEquals(
        new Query("departures", null, null, null, null, Map.of(), null, MetricHandler.MAX_POINTS),
        metrics.queries.getFirst());
  }

  @Test
  void readsEveryParameter() throws Exception {
    metrics.answer = results();
    String path =
        "/v1/metrics/departures?from=-90d&to=now&step=1d12h&by=carrier,origin"
            + "&where=origin=LAS&where=carrier=a%3Db%20c&value=JFK";
    assertEquals(200, server.get(path).statusCode());
    assertEquals(
        new Query(
            "departures",
            micros(LoopbackServer.NOW.minus(Duration.ofDays(90))),
            micros(LoopbackServer.NOW),
            36 * HOUR,
            List.of("carrier", "origin"),
            Map.of("origin", "LAS", "carrier", "a=b c"),
            "JFK",
            MetricHandler.MAX_POINTS),
        metrics.queries.getFirst());
    server.get("/v1/metrics/departures?by=&where=origin=&from=2001-01-01T00:00:00%2B01:00");
    Query asked = metrics.queries.getLast();
    assertEquals(List.of(), asked.by());
    assertEquals(Map.of("origin", ""), asked.where());
    assertEquals(micros(Instant.parse("2000-12-31T23:00:00Z")), asked.from());
    assertNull(asked.step());
  }

  @Test
  void refusalsNameTheParameter() throws Exception {
    metrics.answer = results();
    assertRefused("?from=soon", "from must be a time like 2026-01-31T12:00:00Z");
    assertRefused("?to=1h", "to must be a time like");
    assertRefused("?from=now&to=-1h", "from must be earlier than to");
    assertRefused("?step=often", "step must be a duration such as 90s, 10m, 1h or 7d, not 'often'");
    assertRefused("?step=0h", "step must be a duration");
    assertRefused("?step=1h30", "step must be a duration");
    assertRefused("?step=999999999w", "step must be a duration");
    assertRefused("?by=a,,b", "by must be labels with commas between them");
    assertRefused("?by=a,a", "by must be labels with commas between them");
    assertRefused("?where=LAS", "where must be a label and its value, where=origin=LAS");
    assertRefused("?where=a=1&where=a=2", "where asks for two values of 'a'");
    assertRefused("?step=1h&step=1h", "'step' is there 2 times");
    assertRefused("?labels=a", "Unknown parameter 'labels'; known are from, to, step, by, where");
    assertTrue(metrics.queries.isEmpty());
    metrics.answer = new Answer.Wrong("by", "there is no label 'x'; there are origin, carrier");
    assertRefused("?by=x", "by: there is no label 'x'; there are origin, carrier");
  }

  @Test
  void whatIsNotThereIsSaidWithWhatIs() throws Exception {
    metrics.answer = new Answer.Unknown(List.of("arrivals", "departures"));
    HttpResponse<String> answer = server.get("/v1/metrics/depatures");
    assertEquals(404, answer.statusCode());
    assertTrue(
        answer
            .body()
            .contains("There is no metric 'depatures'; the definition has arrivals, departures"),
        answer.body());
    metrics.answer = new Answer.Unknown(List.of());
    assertTrue(server.get("/v1/metrics/x").body().contains("the definition has none"));
  }

  @Test
  void waitsForAnEventLikeSql() throws Exception {
    metrics.answer = results();
    server.store.visible = 43;
    HttpResponse<String> there =
        server.send(server.request("/v1/metrics/departures").header("Leat-After", "42"));
    assertEquals(200, there.statusCode());
    HttpResponse<String> notYet =
        server.send(server.request("/v1/metrics/departures").header("Leat-After", "43"));
    assertEquals(503, notYet.statusCode());
    assertTrue(notYet.body().contains("\"code\":\"NOT_VISIBLE\""), notYet.body());
    assertEquals(1, metrics.queries.size());
  }

  @Test
  void writesFlatRowsAsCsvAndNdjson() throws Exception {
    metrics.answer = results();
    HttpResponse<String> csv =
        server.send(server.request("/v1/metrics/departures").header("Accept", "text/csv"));
    assertTrue(csv.headers().firstValue("Content-Type").orElseThrow().startsWith("text/csv"));
    assertEquals(
        "origin,carrier,start,end,flights,busiest,revision,final,exact\r\n"
            + "LAS,,1970-01-01T00:00:00Z,1970-01-01T01:00:00Z,2,"
            + "\"[{\"\"item\"\":\"\"JFK\"\",\"\"count\"\":2}]\",1,true,true\r\n"
            + "LAS,,1970-01-01T01:00:00Z,1970-01-01T02:00:00Z,1.50,,0,false,false\r\n",
        csv.body());
    HttpResponse<String> lines =
        server.send(
            server.request("/v1/metrics/departures").header("Accept", "application/x-ndjson"));
    assertEquals(
        "{\"origin\":\"LAS\",\"carrier\":null,\"start\":\"1970-01-01T00:00:00Z\","
            + "\"end\":\"1970-01-01T01:00:00Z\",\"flights\":2,"
            + "\"busiest\":[{\"item\":\"JFK\",\"count\":2}],\"revision\":1,\"final\":true,\"exact\":true}",
        lines.body().lines().findFirst().orElseThrow());
    assertEquals(2, lines.body().lines().count());
  }

  @Test
  void aLargeAnswerComesWhole() throws Exception {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      points.add(new Point(i * HOUR, (i + 1) * HOUR, new Object[] {(long) i, null}, 1, true, true));
    }
    metrics.answer = results(new Series(Arrays.asList("LAS", null), points));
    HttpResponse<String> answer = server.get("/v1/metrics/departures");
    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().length() > 1 << 20);
    assertTrue(answer.body().endsWith("\"time\":\"2026-01-02T03:04:05Z\"}}\n"));
    assertTrue(answer.body().contains("\"flights\":19999,"));
  }

  @Test
  void recomputesAndVerifies() throws Exception {
    metrics.infos = List.of(FakeMetrics.departures());
    metrics.recomputation =
        new Recomputation.Done(
            24,
            1_000,
            1,
            List.of(new Difference(Arrays.asList("LAS", null), HOUR, "flights", "2", "3")),
            17);
    HttpResponse<String> answer =
        server.post(
            "/v1/metrics/departures/verify",
            "{\"from\":\"1970-01-01T00:00:00Z\",\"to\":\"1970-01-01T02:00:00Z\"}");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "{\"metric\":\"departures\",\"from\":\"1970-01-01T00:00:00Z\",\"to\":\"1970-01-01T02:00:00Z\","
            + "\"windows\":24,\"rows\":1000,\"different\":1,\"differences\":[{\"labels\":"
            + "{\"origin\":\"LAS\",\"carrier\":null},\"start\":\"1970-01-01T01:00:00Z\","
            + "\"measure\":\"flights\",\"served\":\"2\",\"recomputed\":\"3\"}],\"millis\":17}\n",
        answer.body());
    metrics.recomputation = new Recomputation.Done(0, 0, 0, List.of(), 0);
    HttpResponse<String> recomputed =
        server.post("/v1/metrics/departures/recompute", "{\"from\":\"-1h\",\"to\":\"now\"}");
    assertTrue(recomputed.body().contains("\"different\":0,\"differences\":[],"));
    long now = micros(LoopbackServer.NOW);
    assertEquals(
        List.of(
            "verify departures 0 " + 2 * HOUR,
            "recompute departures %d %d".formatted(now - HOUR, now)),
        metrics.recomputations);
  }

  @Test
  void whatCanNotBeRecomputedSaysWhy() throws Exception {
    String path = "/v1/metrics/departures/recompute";
    String stretch = "{\"from\":\"-1h\",\"to\":\"now\"}";
    metrics.recomputation = new Recomputation.Refused("its rows are kept for 90 days");
    HttpResponse<String> refused = server.post(path, stretch);
    assertEquals(422, refused.statusCode());
    assertTrue(refused.body().contains("\"code\":\"REFUSED\",\"detail\":\"its rows are kept"));
    metrics.recomputation = new Recomputation.Unknown(List.of("arrivals"));
    assertEquals(404, server.post(path, stretch).statusCode());
    for (Map.Entry<String, String> wrong :
        Map.of(
                "{\"from\":\"-1h\"}", "The field 'to' is missing",
                "{\"to\":\"-1h\"}", "The field 'from' is missing",
                "{\"from\":\"-1h\",\"to\":\"-2h\"}", "from must be earlier than to",
                "{\"from\":1,\"to\":\"-2h\"}", "'from' must be a string",
                "{\"form\":\"-1h\"}", "Unknown field 'form'")
            .entrySet()) {
      HttpResponse<String> answer = server.post(path, wrong.getKey());
      assertEquals(400, answer.statusCode(), wrong.getKey());
      assertTrue(answer.body().contains(wrong.getValue()), answer.body());
    }
  }

  private void assertRefused(String query, String detail) throws Exception {
    HttpResponse<String> answer = server.get("/v1/metrics/departures" + query);
    assertEquals(400, answer.statusCode(), query);
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(answer.body().contains(detail), answer.body());
  }

  private static Answer.Results results() {
    Object busiest = List.of(item("JFK", 2));
    return results(
        new Series(
            Arrays.asList("LAS", null),
            List.of(
                new Point(0, HOUR, new Object[] {2L, busiest}, 1, true, true),
                new Point(
                    HOUR,
                    2 * HOUR,
                    new Object[] {new BigDecimal("1.50"), null},
                    0,
                    false,
                    false))));
  }

  private static Answer.Results results(Series series) {
    MetricInfo metric = FakeMetrics.departures();
    return new Answer.Results(
        metric,
        metric.labels(),
        List.of(series),
        HOUR + HOUR / 2,
        43,
        List.of(
            new MeasureInfo(
                "busiest", "topk(data.destination, 2)", new Bound("count", 0.001, 1.0))),
        List.of(new Part(0, 2 * HOUR, "window")));
  }

  private static Map<String, Object> item(String item, long count) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("item", item);
    map.put("count", count);
    return map;
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
