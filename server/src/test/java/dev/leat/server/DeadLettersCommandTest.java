package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersCommandTest {
  private static final String LETTER =
      "{\"position\":\"17\",\"stream\":\"orders\",\"stage\":\"validate\",\"reason\":\"schema\","
          + "\"pointer\":\"/total\",\"rule\":null,\"expected\":\"a number\",\"found\":\"\\\"x\\\"\","
          + "\"schemaVersion\":\"3\",\"definitionVersion\":2,\"attempt\":1,\"envelope\":{\"id\":\"i\","
          + "\"source\":\"/s\",\"type\":\"order.placed\",\"subject\":null,\"partitionKey\":null,"
          + "\"time\":\"2026-01-01T10:00:00Z\",\"receivedAt\":\"2026-01-01T10:00:01Z\","
          + "\"attributes\":{\"tenant\":\"a\"}},%s}";
  private static final String PAGE = "{\"deadLetters\":[%s],\"cursor\":%s}";

  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void listsAPage() {
    String page = PAGE.formatted(LETTER.formatted("\"data\":\"{}\""), "\"17\"");
    FakeServer.Run run = server.answer(200, page).run("dead-letters", "list");
    assertEquals(
        """
        position  received              stream  stage     reason  pointer  rule  found  id
        ────────  ────────────────────  ──────  ────────  ──────  ───────  ────  ─────  ──
        17        2026-01-01T10:00:01Z  orders  validate  schema  /total         "x"    i
        """,
        run.out());
    assertEquals("1 dead letter; there are more: --cursor 17\n", run.err());
    assertEquals(0, run.exit());
    assertEquals(List.of("GET /v1/dead-letters?limit=20"), server.requests);
    assertEquals(
        page + "\n", server.answer(200, page).run("dead-letters", "list", "-o", "json").out());
  }

  @Test
  void everyFilterIsAnOption() {
    String[] filters = {
      "--stream",
      "orders",
      "--stage",
      "validate",
      "--reason",
      "schema",
      "--rule",
      "r",
      "--pointer",
      "/a b",
      "--source",
      "/s",
      "--id",
      "i",
      "--after",
      "-1h",
      "--before",
      "2026-01-01T00:00:00+01:00",
      "--position",
      "17",
      "--max-attempt",
      "3"
    };
    String query =
        "?stream=orders&stage=validate&reason=schema&rule=r&pointer=%2Fa%20b&source=%2Fs&id=i"
            + "&after=-1h&before=2026-01-01T00%3A00%3A00%2B01%3A00&offset=17&maxAttempt=3";
    server.answer(200, PAGE.formatted("", "null"));
    server.run(with(filters, "dead-letters", "list", "--all", "--limit", "5", "--cursor", "9"));
    assertEquals(
        "GET /v1/dead-letters" + query + "&all=true&limit=5&cursor=9", server.requests.getLast());
    server.answer(200, "{\"groups\":[],\"truncated\":false}");
    server.run(with(filters, "dead-letters", "groups"));
    assertEquals("GET /v1/dead-letters/groups" + query + "&limit=20", server.requests.getLast());
    server.answer(200, "{\"dryRun\":true,\"matched\":0,\"outcomes\":[]}");
    server.run(
        with(
            filters,
            "dead-letters",
            "replay",
            "--dry-run",
            "--patch",
            "data",
            "--rate",
            "0",
            "--limit",
            "5"));
    assertEquals(
        "POST /v1/dead-letters/replay {\"filter\":{\"stream\":\"orders\",\"stage\":\"validate\","
            + "\"reason\":\"schema\",\"rule\":\"r\",\"pointer\":\"/a b\",\"source\":\"/s\",\"id\":\"i\","
            + "\"after\":\"-1h\",\"before\":\"2026-01-01T00:00:00+01:00\",\"offset\":\"17\","
            + "\"maxAttempt\":\"3\"},\"dryRun\":true,\"perSecond\":0,\"patch\":\"data\",\"limit\":5}",
        server.requests.getLast());
  }

  @Test
  void groupsByCause() {
    String groups =
        "{\"groups\":[{\"stream\":\"orders\",\"stage\":\"validate\",\"reason\":\"schema\",\"rule\":null,"
            + "\"pointer\":\"/total\",\"count\":1200,\"firstSeen\":\"2026-01-01T10:00:00Z\","
            + "\"lastSeen\":\"2026-01-01T11:00:00Z\",\"sample\":{\"position\":\"40\",\"id\":\"i\","
            + "\"found\":\"nothing\",\"data\":\"{}\",\"dataTruncated\":false}}],\"truncated\":true}";
    FakeServer.Run run = server.answer(200, groups).run("dead-letters", "groups");
    assertEquals(
        """
        count  stream  stage     reason  rule  pointer  last seen             sample  found
        ─────  ──────  ────────  ──────  ────  ───────  ────────────────────  ──────  ───────
         1200  orders  validate  schema        /total   2026-01-01T11:00:00Z  40      nothing
        """,
        run.out());
    assertEquals("dead letters: 1,200, causes: 1; there are more (see --limit)\n", run.err());
    assertEquals(
        groups + "\n",
        server.answer(200, groups).run("dead-letters", "groups", "-o", "json").out());
  }

  @Test
  void showsAllAboutOne() {
    String letter = LETTER.formatted("\"data\":\"{\\n\\u001b[31m\\\"total\\\": \\\"ü\\\"}\"");
    FakeServer.Run run =
        server.answer(200, PAGE.formatted(letter, "null")).run("dead-letters", "show", "17");
    assertEquals(
        """
        position           17
        stream             orders
        stage              validate
        reason             schema
        pointer            /total
        expected           a number
        found              "x"
        schemaVersion      3
        definitionVersion  2
        attempt            1
        id                 i
        source             /s
        type               order.placed
        time               2026-01-01T10:00:00Z
        receivedAt         2026-01-01T10:00:01Z
        attributes         {"tenant":"a"}

        {
        \ufffd[31m"total": "ü"}
        """,
        run.out());
    assertEquals(List.of("GET /v1/dead-letters?offset=17&all=true"), server.requests);
    String json =
        server
            .answer(200, PAGE.formatted(letter, "null"))
            .run("dead-letters", "show", "17", "-o", "json")
            .out();
    assertEquals(letter + "\n", json);
    String binary = PAGE.formatted(LETTER.formatted("\"dataBase64\":\"/wA=\""), "null");
    run = server.answer(200, binary).run("dead-letters", "show", "17");
    assertTrue(run.out().endsWith("\n/wA=  (Base64: the data is no text)\n"), run.out());
    String none = PAGE.formatted(LETTER.formatted("\"data\":null"), "null");
    run = server.answer(200, none).run("dead-letters", "show", "17");
    assertTrue(run.out().endsWith("\n(no data)\n"), run.out());
  }

  @Test
  void whatIsNotThereIsSaid() {
    FakeServer.Run run =
        server.answer(200, PAGE.formatted("", "null")).run("dead-letters", "show", "17");
    assertEquals(1, run.exit());
    assertEquals("leat: there is no dead letter at position 17\n", run.err());
    assertEquals(2, server.run("dead-letters", "show", "-1").exit());
    assertEquals(2, server.run("dead-letters", "show", "first").exit());
    run =
        server
            .answer(400, "{\"detail\":\"after must be a time\"}")
            .run("dead-letters", "list", "--after", "soon");
    assertEquals(1, run.exit());
    assertEquals("leat: after must be a time\n", run.err());
  }

  private static String[] with(String[] filters, String... command) {
    String[] all = Arrays.copyOf(command, command.length + filters.length);
    System.arraycopy(filters, 0, all, command.length, filters.length);
    return all;
  }
}
