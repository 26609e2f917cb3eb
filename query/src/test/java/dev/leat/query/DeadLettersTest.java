package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final List<ColumnInfo> COLUMNS = List.of(new ColumnInfo("ignored", "ANY"));
  private static final Instant TIME = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant RECEIVED = Instant.parse("2026-01-01T10:00:01.000001Z");
  private static final String AS_OF =
      "\"asOf\":{\"position\":\"42\",\"commit\":5,\"time\":\"2026-01-02T03:04:05Z\"}}\n";

  private final LoopbackServer server = new LoopbackServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void tellsEverythingAboutADeadLetter() throws Exception {
    server.store.rows(
        COLUMNS,
        row(9_007_199_254_740_993L, "{\"total\": \"ü\"", "{\"tenant\":\"a\"}"),
        row(3, new byte[] {(byte) 0xFF, 0}, null),
        row(2, (byte[]) null, "broken {"));
    assertEquals(
        "{\"deadLetters\":["
            + letter("9007199254740993", "{\"tenant\":\"a\"}")
            + "\"data\":\"{\\\"total\\\": \\\"ü\\\"\"},"
            + letter("3", "{}")
            + "\"dataBase64\":\"/wA=\"},"
            + letter("2", "\"broken {\"")
            + "\"data\":null}],\"cursor\":null,"
            + AS_OF,
        server.get("/v1/dead-letters").body());
  }

  @Test
  void asksForWhatIsOpenUnlessAllIsWanted() throws Exception {
    server.store.rows(COLUMNS);
    server.get("/v1/dead-letters");
    assertTrue(
        asked().sql().endsWith(" FROM dead_letters ORDER BY log_offset DESC LIMIT 101"),
        asked().sql());
    assertEquals(101, asked().maxRows());
    assertEquals(LoopbackServer.LIMITS.defaultTime(), asked().timeLimit());
    server.get("/v1/dead-letters?all=true&limit=1000");
    assertTrue(
        asked().sql().endsWith(" FROM dead_letters_history ORDER BY log_offset DESC LIMIT 1001"),
        asked().sql());
    server.get("/v1/dead-letters/groups?all=true&limit=7");
    assertTrue(asked().sql().contains(" FROM dead_letters_history GROUP BY "), asked().sql());
    assertTrue(asked().sql().endsWith(" LIMIT 8"), asked().sql());
  }

  @Test
  void everyFilterIsAParameterOfTheStatement() throws Exception {
    server.store.rows(COLUMNS);
    String filters =
        "?stream=orders&stage=validate&reason=schema&rule=a%27b&pointer=%2Ftotal&source=%2Fs&id=i"
            + "&after=-1h&before=2026-01-02T04:04:05%2B01:00&offset=17&maxAttempt=3";
    String where =
        " WHERE stream = ? AND stage = ? AND reason = ? AND rule = ? AND pointer = ? AND source = ?"
            + " AND id = ? AND received_at >= make_timestamptz(?) AND received_at < make_timestamptz(?)"
            + " AND log_offset = ? AND attempt <= ?";
    List<Object> values =
        List.of(
            "orders",
            "validate",
            "schema",
            "a'b",
            "/total",
            "/s",
            "i",
            micros("2026-01-02T02:04:05Z"),
            micros("2026-01-02T03:04:05Z"),
            17L,
            3L);
    for (String path : List.of("/v1/dead-letters", "/v1/dead-letters/groups")) {
      assertEquals(200, server.get(path + filters).statusCode());
      assertTrue(asked().sql().contains(where), asked().sql());
      assertEquals(values, asked().parameters());
    }
    server.get("/v1/dead-letters?pointer=&cursor=12");
    assertTrue(
        asked().sql().contains(" WHERE coalesce(pointer, '') = ? AND log_offset < ? ORDER"),
        asked().sql());
    assertEquals(List.of("", 12L), asked().parameters());
  }

  @Test
  void aPageEndsWithTheCursorOfTheNext() throws Exception {
    server.store.rows(COLUMNS, row(9, "a", null), row(7, "b", null), row(4, "c", null));
    String page = server.get("/v1/dead-letters?limit=2").body();
    assertTrue(page.contains("\"position\":\"7\""), page);
    assertFalse(page.contains("\"position\":\"4\""), page);
    assertTrue(page.contains("\"cursor\":\"7\""), page);
    assertTrue(server.get("/v1/dead-letters?limit=3").body().contains("\"cursor\":null"));
  }

  @Test
  void aPageOfLargeEventsEndsEarly() throws Exception {
    String megabyte = "x".repeat(1 << 20);
    server.store.rows(
        COLUMNS,
        LongStream.rangeClosed(1, 10)
            .mapToObj(i -> row(100 - i, megabyte, null))
            .toArray(Object[][]::new));
    String page = server.get("/v1/dead-letters").body();
    assertTrue(page.contains("\"position\":\"92\""));
    assertFalse(page.contains("\"position\":\"91\""));
    assertTrue(page.contains("\"cursor\":\"92\""));
  }

  @Test
  void groupsHaveASample() throws Exception {
    String longText = "é".repeat(128) + "é";
    server.store.rows(
        COLUMNS,
        new Object[] {
          "orders",
          "validate",
          "schema",
          null,
          "/total",
          12L,
          TIME,
          RECEIVED,
          40L,
          "i",
          "\"x\"",
          "{}".getBytes(UTF_8)
        },
        new Object[] {
          null,
          "decode",
          "json",
          null,
          "",
          3L,
          TIME,
          RECEIVED,
          41L,
          "j",
          null,
          Arrays.copyOf(longText.getBytes(UTF_8), 257)
        });
    assertEquals(
        "{\"groups\":[{\"stream\":\"orders\",\"stage\":\"validate\",\"reason\":\"schema\",\"rule\":null,"
            + "\"pointer\":\"/total\",\"count\":12,\"firstSeen\":\"2026-01-01T10:00:00Z\","
            + "\"lastSeen\":\"2026-01-01T10:00:01.000001Z\",\"sample\":{\"position\":\"40\",\"id\":\"i\","
            + "\"found\":\"\\\"x\\\"\",\"data\":\"{}\",\"dataTruncated\":false}},"
            + "{\"stream\":null,\"stage\":\"decode\",\"reason\":\"json\",\"rule\":null,"
            + "\"pointer\":\"\",\"count\":3,\"firstSeen\":\"2026-01-01T10:00:00Z\","
            + "\"lastSeen\":\"2026-01-01T10:00:01.000001Z\",\"sample\":{\"position\":\"41\",\"id\":\"j\","
            + "\"found\":null,\"data\":\""
            + "é".repeat(128)
            + "\",\"dataTruncated\":true}}],\"truncated\":false,"
            + AS_OF,
        server.get("/v1/dead-letters/groups").body());
    String one = server.get("/v1/dead-letters/groups?limit=1").body();
    assertTrue(one.contains("\"truncated\":true"), one);
    assertFalse(one.contains("decode"), one);
  }

  @Test
  void aSampleIsCutBetweenCharacters() throws Exception {
    byte[] odd = ("a" + "é".repeat(128)).getBytes(UTF_8);
    Object[] row = {
      "s", "t", "r", null, null, 1L, TIME, TIME, 1L, "i", null, odd,
    };
    server.store.rows(COLUMNS, row);
    String body = server.get("/v1/dead-letters/groups").body();
    assertTrue(body.contains("\"data\":\"a" + "é".repeat(127) + "\",\"dataTruncated\":true"), body);
  }

  @Test
  void badParametersAreNamed() throws Exception {
    for (String path : List.of("/v1/dead-letters", "/v1/dead-letters/groups")) {
      assertRefused(path + "?strem=x", "Unknown parameter 'strem'; known are stream, stage");
      assertRefused(path + "?stream=a&stream=b", "'stream' is there 2 times");
      assertRefused(path + "?stream=", "stream must not be empty");
      assertRefused(path + "?all=yes", "all must be true or false, not 'yes'");
      assertRefused(path + "?limit=0", "limit must be from 1 to 1000, not 0");
      assertRefused(path + "?limit=1001", "limit must be from 1 to 1000, not 1001");
      assertRefused(path + "?limit=ten", "limit must be a whole number, not 'ten'");
      assertRefused(path + "?offset=-1", "offset must not be negative");
      assertRefused(path + "?after=yesterday", "after must be a time like 2026-01-31T12:00:00Z");
      assertRefused(path + "?after=-1w", "not '-1w'");
      assertRefused(path + "?before=%2B12026-01-01T00:00:00Z", "before must be a time");
      assertRefused(path + "?after=2026-01-01T00:00:00+01:00", "in a URL, + is written %2B");
      assertRefused(
          path + "?after=-1h&before=-2h",
          "after must be earlier than before: 2026-01-02T02:04:05Z is not earlier than");
    }
    assertRefused("/v1/dead-letters?cursor=x", "cursor must be a whole number");
    assertRefused("/v1/dead-letters/groups?cursor=1", "Unknown parameter 'cursor'");
    assertEquals(List.of(), server.store.questions);
  }

  @Test
  void whatTheStoreCannotAnswerIsAProblemButNotTheAskers() throws Exception {
    Map<Reason, Integer> statuses =
        Map.of(
            Reason.INVALID, 500,
            Reason.FORBIDDEN, 500,
            Reason.MEMORY, 422,
            Reason.FAILED, 500,
            Reason.BUSY, 503,
            Reason.TIMEOUT, 504);
    for (Reason reason : Reason.values()) {
      server.store.script =
          (_, receiver) -> {
            receiver.columns(COLUMNS);
            receiver.row(row(1, "x", null));
            return new Answer.Refused(reason, "because");
          };
      HttpResponse<String> answer = server.get("/v1/dead-letters");
      assertEquals(statuses.get(reason), answer.statusCode());
      assertTrue(answer.body().contains("\"detail\":\"because\""), answer.body());
      assertFalse(answer.body().contains("deadLetters"), answer.body());
    }
  }

  private Question asked() {
    return server.store.questions.getLast();
  }

  private void assertRefused(String path, String part) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains(part), answer.body());
  }

  private static Object[] row(long offset, String raw, String attributes) {
    return row(offset, raw.getBytes(UTF_8), attributes);
  }

  private static Object[] row(long offset, byte[] raw, String attributes) {
    return new Object[] {
      offset,
      "orders",
      "validate",
      "schema",
      "/total",
      null,
      "a number",
      "\"ü\"",
      "3",
      2L,
      1L,
      "i",
      "/s",
      "order.placed",
      null,
      "k",
      TIME,
      RECEIVED,
      attributes,
      raw
    };
  }

  private static String letter(String position, String attributes) {
    return "{\"position\":\""
        + position
        + "\",\"stream\":\"orders\",\"stage\":\"validate\",\"reason\":\"schema\",\"pointer\":\"/total\","
        + "\"rule\":null,\"expected\":\"a number\",\"found\":\"\\\"ü\\\"\",\"schemaVersion\":\"3\","
        + "\"definitionVersion\":2,\"attempt\":1,\"envelope\":{\"id\":\"i\",\"source\":\"/s\","
        + "\"type\":\"order.placed\",\"subject\":null,\"partitionKey\":\"k\","
        + "\"time\":\"2026-01-01T10:00:00Z\",\"receivedAt\":\"2026-01-01T10:00:01.000001Z\","
        + "\"attributes\":"
        + attributes
        + "},";
  }

  private static Object micros(String time) {
    return Instant.parse(time).getEpochSecond() * 1_000_000;
  }
}
