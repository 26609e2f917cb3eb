package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Reason;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements that reach for more than the table, each refused with nothing shown; and some that
 * must still work.
 */
class SandboxTest {
  private static final String SECRET = "the-secret-in-the-file";

  @TempDir private static Path directory;
  private static DuckStore store;

  @BeforeAll
  static void openStore() throws Exception {
    Files.writeString(directory.resolve("secret.csv"), "a\n" + SECRET + "\n");
    store =
        DuckStore.open(
            directory.resolve("store"), StoreOptions.defaults(1), InstantSource.system());
    store.define(TableSpec.open("events"));
    SystemTable.defineIn(store);
    store.define(new TableSpec("orders", false, false, "data.id", null));
    TestRows rows = new TestRows(store, "events", 0);
    rows.add(0, Instant.EPOCH, Map.of("n", 1L, "tags", List.of(1, 2))).publish(1);
    store.commit(rows.intake().cut(), new byte[0]);
    rows.add(1, Instant.EPOCH, Map.of("n", 2L)).publish(2);
  }

  @AfterAll
  static void closeStore() {
    store.close();
  }

  static List<String> attempts() throws IOException {
    try (InputStream lines =
        Objects.requireNonNull(SandboxTest.class.getResourceAsStream("escapes.sql"))) {
      return new String(lines.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  /**
   * {@code DIR} in an attempt is a directory with a file to read in it, {@code STORE} that of the
   * store itself.
   */
  @ParameterizedTest
  @MethodSource("attempts")
  void isRefused(String attempt) throws Exception {
    String sql =
        attempt
            .replace("STORE", directory.resolve("store").toString())
            .replace("DIR", directory.toString());
    TestAnswer answer = TestAnswer.of(store, sql);
    Answer.Refused refused = answer.refused();
    assertTrue(
        refused.reason() == Reason.FORBIDDEN || refused.reason() == Reason.INVALID,
        refused::toString);
    assertEquals(List.of(), answer.rows());
    assertEquals(List.of(), answer.columns());
    assertFalse(refused.message().contains(SECRET), refused.message());
    assertFalse(refused.message().contains("read_parquet(["), refused.message());
    if (!sql.contains(directory.toString())) {
      assertFalse(refused.message().contains(directory.toString()), refused.message());
    }
  }

  @Test
  void nothingWasChangedOrWritten() throws Exception {
    assertEquals(2L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
    try (var files = Files.list(directory)) {
      assertEquals(
          List.of("secret.csv", "store"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  static List<String> harmless() {
    return List.of(
        "SELECT 1",
        "VALUES (1), (2)",
        "FROM events",
        "TABLE events",
        "SELECT * FROM EVENTS AS e WHERE e.DATA.N = 1",
        "WITH a AS (SELECT data.n AS n FROM events), b AS (SELECT n + 1 AS m FROM a) SELECT * FROM a JOIN b ON m = n",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
        "WITH RECURSIVE a AS (SELECT 1 AS n), T AS MATERIALIZED (SELECT n FROM a UNION SELECT n + 1 FROM t WHERE n < 5)"
            + " SELECT * FROM t",
        "SELECT * FROM range(3) t(i), LATERAL (SELECT i * 2)",
        "SELECT i, (SELECT max(data.n) FROM events WHERE log_offset <= i) FROM range(3) t(i)",
        "SELECT unnest([1, 2, 3])",
        "SELECT unnest(data.tags::INT[]) FROM events",
        "SELECT j.value FROM events, json_each(data.tags) j",
        "SELECT date_trunc('hour', time), count(*) FILTER (WHERE data.n > 1), sum(data.n) OVER (ORDER BY time) FROM events"
            + " GROUP BY time, data.n",
        "SELECT row_number() OVER (PARTITION BY type ORDER BY time DESC), lag(data.n) OVER (ORDER BY time) FROM events",
        "SELECT list_transform([1, 2], lambda x: x + 1), [x * 2 FOR x IN [1, 2] IF x > 1], {'a': 1}.a, MAP {'k': 1}['k']",
        "SELECT quantile_cont(data.n, 0.5), approx_count_distinct(id), arg_max(id, time), mode(type) FROM events",
        "SELECT id LIKE 'id%', regexp_matches(id, '.*'), id || 'x', id ILIKE 'A%', id SIMILAR TO 'x', id ~ 'x' FROM events",
        "SELECT time + INTERVAL 1 DAY, time AT TIME ZONE 'UTC', extract(hour FROM time), now(), current_date, strftime(time, '%Y')"
            + " FROM events",
        "SELECT cast(data.n AS VARCHAR), try_cast(id AS INT), coalesce(subject, 'x'), CASE WHEN data.n > 1 THEN 2 END FROM events",
        "SELECT DISTINCT ON (type) * FROM events ORDER BY type, time LIMIT 1 OFFSET 0",
        "SELECT type, count(*) FROM events GROUP BY ROLLUP (type) HAVING count(*) > 0 ORDER BY ALL",
        "SELECT * FROM events UNION ALL BY NAME SELECT * FROM events",
        "SELECT * FROM (SELECT type, data.n AS n FROM events) PIVOT (sum(n) FOR type IN ('test.happened'))",
        "SELECT attributes->>'x', data_rest->'$.a', json_extract_string(data.tags, '$[0]'), data_raw FROM events",
        "SELECT COLUMNS('i.*'), * EXCLUDE (id) REPLACE (upper(type) AS type) FROM events",
        "SELECT e FROM events e",
        "SELECT a.id FROM events a ASOF JOIN events b ON a.time >= b.time",
        "SELECT * FROM events USING SAMPLE 1 ROWS",
        "SELECT * FROM events_history",
        "SELECT count(*) FROM orders_current, dead_letters, dead_letters_history, superseded, discarded",
        "DESCRIBE events",
        "DESCRIBE dead_letters",
        "EXPLAIN SELECT * FROM orders_current",
        "DESCRIBE SELECT data.n FROM events",
        "SUMMARIZE events",
        "SHOW TABLES",
        "EXPLAIN SELECT * FROM events",
        "explain analyze SELECT data.n FROM events",
        "SELECT 1 -- done;",
        "SELECT 1; -- x ; SET threads = 1",
        "SELECT /* ; */ 1;",
        "SELECT ';', $$;$$");
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void runs(String sql) throws Exception {
    TestAnswer answer = TestAnswer.of(store, sql);
    assertTrue(answer.count() > 0, answer::toString);
    String all = answer.rows().toString();
    assertFalse(all.contains(directory.toString()), all);
    assertFalse(all.contains(RowTables.FUNCTION + "('"), all);
  }
}
