package dev.leat.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryServiceTest {
  private final LoopbackServer server = new LoopbackServer();
  private final FakeStore store = server.store;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersRowsWithTheirTypesAndFreshness() throws Exception {
    store.visible = 43;
    store.rows(
        List.of(new ColumnInfo("a", "HUGEINT"), new ColumnInfo("j", "JSON")),
        new Object[] {new BigInteger("170141183460469231731687303715884105727"), "{\"x\": [1]}"},
        new Object[] {null, "broken {"});
    HttpResponse<String> answer = post("{\"sql\":\"select 1\",\"params\":[1,\"a\",null,2.50]}");
    assertEquals(
        "{\"columns\":[{\"name\":\"a\",\"type\":\"HUGEINT\"},{\"name\":\"j\",\"type\":\"JSON\"}],"
            + "\"rows\":[[170141183460469231731687303715884105727,{\"x\": [1]}],[null,\"broken {\"]],"
            + "\"asOf\":{\"position\":\"42\",\"commit\":5,\"time\":\"2026-01-02T03:04:05Z\"},"
            + "\"truncated\":false}\n",
        answer.body());
    assertEquals("42", answer.headers().firstValue("Leat-As-Of").orElseThrow());
    assertEquals(
        Arrays.asList(1L, "a", null, new BigDecimal("2.50")),
        store.questions.getFirst().parameters());
    assertEquals(Duration.ofSeconds(3), store.questions.getFirst().timeLimit());
  }

  @Test
  void writesEveryKindOfValue() throws Exception {
    store.rows(
        List.of(new ColumnInfo("v", "X")),
        one(Double.NaN),
        one(Double.NEGATIVE_INFINITY),
        one(1e300),
        one(Long.MIN_VALUE),
        one(new BigDecimal("1E+3")),
        one(new byte[] {0, (byte) 255}),
        one(Instant.parse("2001-01-01T00:00:00.000120Z")),
        one(LocalDateTime.parse("2001-01-01T00:00:01")),
        one(LocalDate.parse("2001-01-01")),
        one(List.of(true, "\"\\\n\u0001ü")),
        one(Map.of("k", 1L)));
    String body = post("{\"sql\":\"x\"}").body();
    assertTrue(
        body.contains(
            "[[\"NaN\"],[\"-Infinity\"],[1.0E300],[-9223372036854775808],[1000],[\"AP8=\"],"
                + "[\"2001-01-01T00:00:00.000120Z\"],[\"2001-01-01T00:00:01Z\"],[\"2001-01-01\"],"
                + "[[true,\"\\\"\\\\\\n\\u0001ü\"]],[{\"k\":1}]]"),
        body);
  }

  @Test
  void writesCsvAndNdjson() throws Exception {
    store.rows(
        List.of(new ColumnInfo("a", "VARCHAR"), new ColumnInfo("a", "BIGINT[]")),
        new Object[] {"x,\"y\"", List.of(1L, 2L)},
        new Object[] {null, null},
        new Object[] {"", List.of()});
    assertEquals(
        "a,a\r\n\"x,\"\"y\"\"\",\"[1,2]\"\r\n,\r\n\"\",[]\r\n",
        server.send(request("select 1", "text/plain").header("Accept", "text/csv")).body());
    assertEquals(
        "{\"a\":\"x,\\\"y\\\"\",\"a_2\":[1,2]}\n{\"a\":null,\"a_2\":null}\n{\"a\":\"\",\"a_2\":[]}\n",
        server
            .send(request("select 1", "application/sql").header("Accept", "application/x-ndjson"))
            .body());
  }

  @Test
  void refusalsAreProblemsThatSayWhy() throws Exception {
    Map<Reason, Integer> statuses =
        Map.of(
            Reason.INVALID, 400,
            Reason.FORBIDDEN, 403,
            Reason.MEMORY, 422,
            Reason.FAILED, 500,
            Reason.BUSY, 503,
            Reason.TIMEOUT, 504);
    for (Reason reason : Reason.values()) {
      store.script = (_, _) -> new Answer.Refused(reason, "because \"so\"");
      HttpResponse<String> answer = post("{\"sql\":\"x\"}");
      assertEquals(statuses.get(reason), answer.statusCode());
      assertEquals(
          "application/problem+json", answer.headers().firstValue("Content-Type").orElseThrow());
      assertTrue(answer.body().contains("\"code\":\"" + reason + "\""), answer.body());
      assertTrue(answer.body().contains("because \\\"so\\\""), answer.body());
      assertEquals(reason == Reason.BUSY, answer.headers().firstValue("Retry-After").isPresent());
    }
  }

  @Test
  void badRequestsSayWhatWasExpected() throws Exception {
    assertRefused("{\"sql\":1}", "'sql' must be a string");
    assertRefused("{\"sq\":\"x\"}", "Unknown field 'sq'; known are sql");
    assertRefused("{}", "The field 'sql' is missing or empty");
    assertRefused("select 1", "must be a JSON object");
    assertRefused("{\"sql\":\"x\",\"params\":[{}]}", "A value in 'params' must be");
    assertRefused("{\"sql\":\"x\",\"maxRows\":1000001}", "maxRows may be at most 1000000");
    assertRefused("{\"sql\":\"x\",\"timeoutMs\":9001}", "timeoutMs must be from 1 to 9000");
    assertRefused("{\"sql\":\"x\",\"after\":\"ten\"}", "after must be a whole number, not 'ten'");
    assertEquals(413, post(" ".repeat(1_001)).statusCode());
    assertEquals(0, store.questions.size());
  }

  @Test
  void waitsForThePositionAndSaysWhereItStands() throws Exception {
    store.visible = 43;
    store.rows(List.of(new ColumnInfo("a", "BIGINT")), one(1L));
    assertEquals(
        200, server.send(request("x", "text/plain").header("Leat-After", "42")).statusCode());
    HttpResponse<String> late = server.send(request("x", "text/plain").header("Leat-After", "43"));
    assertEquals(503, late.statusCode());
    assertTrue(late.body().contains("rows show up to 42, the log reaches 49"), late.body());
    assertEquals("1", late.headers().firstValue("Retry-After").orElseThrow());
  }

  @Test
  void streamsManyRows() throws Exception {
    store.script =
        (_, receiver) -> {
          receiver.columns(List.of(new ColumnInfo("n", "BIGINT")));
          for (long i = 0; i < 300_000; i++) {
            receiver.row(one(i));
          }
          return new Answer.Rows(300_000, true, FakeStore.FRESH);
        };
    HttpResponse<String> answer = post("{\"sql\":\"x\"}");
    assertEquals(200, answer.statusCode());
    assertTrue(answer.body().contains(",[299999]]"));
    assertTrue(answer.body().endsWith("\"truncated\":true}\n"));
  }

  @Test
  void anAnswerThatFailsHalfwayIsSeenToBeCutOff() {
    store.script =
        (_, receiver) -> {
          receiver.columns(List.of(new ColumnInfo("n", "BIGINT")));
          for (long i = 0; i < 300_000; i++) {
            receiver.row(one(i));
          }
          return new Answer.Refused(Reason.TIMEOUT, "too slow");
        };
    assertThrows(IOException.class, () -> post("{\"sql\":\"x\"}"));
  }

  private void assertRefused(String body, String part) throws Exception {
    HttpResponse<String> answer = post(body);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(part), answer.body());
  }

  private static Object[] one(Object value) {
    return new Object[] {value};
  }

  private HttpResponse<String> post(String body) throws Exception {
    return server.post("/v1/sql", body);
  }

  private HttpRequest.Builder request(String body, String type) {
    return server.post("/v1/sql", body, type);
  }
}
