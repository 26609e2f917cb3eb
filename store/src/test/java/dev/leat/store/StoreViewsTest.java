package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Reason;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kept results of views show what their SELECT yields, at less cost. */
class StoreViewsTest {
  private static final String SUPERSEDED = SystemTable.SUPERSEDED.tableName();
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(2).withLayout(20, 1 << 20, Duration.ZERO, 1);

  /** Each follows every event. */
  private static final List<String> FOLLOWING =
      List.of(
          "SELECT log_offset, data.k AS k, data.x * 2 AS twice FROM events WHERE data.x > 10",
          "SELECT * FROM events_history",
          "SELECT data.k, count(*), count(data.x) AS n, sum(data.x), min(data.x), max(time) AS latest,"
              + " sum(data.x) FILTER (WHERE data.x > 50) AS large FROM events GROUP BY data.k",
          "SELECT e.data.k AS k, sum(e.data.x) / count(*) AS share, avg(data.x)::FLOAT AS mean FROM events e"
              + " WHERE k <> 'key-0' GROUP BY k HAVING count(*) > 3",
          "SELECT count(*) AS n, sum(data.x::DECIMAL(10, 2)) AS total FROM events",
          "SELECT date_trunc('day', time) AS day, data.k, count(*) FROM events GROUP BY ALL",
          "SELECT data.k, max(data.x) FROM events GROUP BY 1; -- done");

  @TempDir private Path directory;

  private static DuckStore open(Path at) throws IOException {
    DuckStore store = DuckStore.open(at, OPTIONS, InstantSource.system());
    SystemTable.defineIn(store);
    store.define(TableSpec.open("events"));
    store.define(new TableSpec("orders", false, false, "data.k", null));
    return store;
  }

  private static ViewSpec follow(String name, String select) {
    return new ViewSpec(name, select, null);
  }

  private static ViewSpec hourly(String name, String select) {
    return new ViewSpec(name, select, Duration.ofHours(1));
  }

  private static List<ViewSpec> following() {
    List<ViewSpec> views = new ArrayList<>();
    for (String select : FOLLOWING) {
      views.add(follow("v" + views.size(), select));
    }
    return views;
  }

  private static List<String> sorted(TestAnswer answer) {
    answer.count();
    return answer.rows().stream().map(row -> Arrays.deepToString(row.toArray())).sorted().toList();
  }

  private static ViewSpec.Status status(DuckStore store, String view) {
    return store.views().stream().filter(one -> one.name().equals(view)).findFirst().orElseThrow();
  }

  private static void event(DuckStore store, long offset, String key, long x) {
    new TestRows(store, "events", 0)
        .add(offset, Instant.EPOCH.plusSeconds(offset), Map.of("k", key, "x", x))
        .publish(offset + 1);
  }

  private static void supersede(DuckStore store, long offset, long target) {
    new TestRows(store, SUPERSEDED, 0)
        .add(offset, Instant.EPOCH, Map.of("of_table", "events", "of_offset", target))
        .publish(offset + 1);
  }

  @Test
  void whatFollowsEventsIsWhatTheSelectYields() {
    Seeds.run(6, this::run);
  }

  private void run(long seed, RandomGenerator chance) throws Exception {
    Path at = directory.resolve("seed-" + seed);
    DuckStore store = open(at);
    try {
      event(store, 0, "key-0", 1); // So that all fields are known.
      assertInstanceOf(Commit.Done.class, store.commit(store.intake().cut(), new byte[0]));
      store.materialise(following());
      for (int step = 0; step < 30; step++) {
        switch (chance.nextInt(8)) {
          case 0, 1, 2 -> write(store, chance);
          case 3 -> supersede(store, store.visibleOffset(), chance.nextLong(store.visibleOffset()));
          case 4 -> store.commit(store.intake().cut(), new byte[0]);
          case 5 -> store.mergeOnce();
          case 6 -> check(store);
          default -> {
            store.close();
            store = open(at);
            store.materialise(following());
          }
        }
      }
      check(store);
    } finally {
      store.close();
    }
  }

  private static void write(DuckStore store, RandomGenerator chance) {
    int rows = chance.nextInt(1, 100);
    long offset = store.visibleOffset();
    for (int i = 0; i < rows; i++) {
      Map<String, Object> data = new HashMap<>();
      data.put("k", "key-" + chance.nextInt(4));
      if (chance.nextInt(4) > 0) {
        data.put("x", chance.nextLong(100));
      }
      if (chance.nextInt(200) == 0) {
        data.put("later", chance.nextBoolean()); // Changes what a star stands for.
      }
      new TestRows(store, "events", chance.nextInt(2))
          .add(offset++, Instant.EPOCH.plusSeconds(chance.nextLong(3 * 86_400)), data);
    }
    store.intake().publish(offset);
  }

  private static void check(DuckStore store) throws Exception {
    store.refreshViews();
    for (ViewSpec view : following()) {
      TestAnswer expected = TestAnswer.of(store, view.select());
      TestAnswer found = TestAnswer.of(store, "FROM " + view.name());
      assertEquals(sorted(expected), sorted(found), view.select());
      assertEquals(expected.columns(), found.columns(), view.select());
      ViewSpec.Status status = status(store, view.name());
      assertEquals("", status.problem());
      assertEquals(store.visibleOffset(), status.asOf());
      assertEquals(found.rows().size(), status.rows());
      assertTrue(status.incremental());
    }
  }

  @Test
  void aRestartShowsTheOldResultAtOnce() throws Exception {
    List<ViewSpec> views =
        List.of(
            hourly("n", "SELECT count(*) AS n FROM events"),
            follow("keys", "SELECT data.k, sum(data.x) AS s FROM events GROUP BY data.k"));
    long computed;
    try (DuckStore store = open(directory)) {
      event(store, 0, "a", 1);
      event(store, 1, "a", 2);
      store.materialise(views);
      store.refreshViews();
      computed = status(store, "n").asOfMicros();
      store.commit(store.intake().cut(), new byte[0]);
    }
    try (DuckStore store = open(directory)) {
      List<ViewSpec> changed = List.of(hourly("n", "SELECT 7 AS n"), views.get(1));
      store.materialise(changed);
      store.refreshViews();
      assertEquals(7L, TestAnswer.of(store, "FROM n").value());
      assertTrue(status(store, "n").asOfMicros() > computed);
    }
    try (DuckStore store = open(directory)) {
      store.materialise(List.of(views.get(1)));
      TestAnswer answer = TestAnswer.of(store, "SELECT k, s::BIGINT FROM keys");
      assertEquals(List.of(List.of("a", 3L)), answer.rows());
      assertEquals(2, ((Answer.Rows) answer.end()).freshness().views().get("keys").asOf());
      try (Stream<Path> files = Files.list(directory.resolve("views/n"))) {
        assertEquals(0, files.count());
      }
    }
  }

  @Test
  void resultsAreSwappedWhole() throws Exception {
    try (DuckStore store = open(directory)) {
      event(store, 0, "a", 0);
      store.materialise(
          List.of(
              follow("sums", "SELECT count(*) AS n, sum(data.x) AS s FROM events"),
              hourly("all_rows", "SELECT log_offset, data.x AS x FROM events")));
      store.refreshViews();
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (!Thread.currentThread().isInterrupted()) {
                        TestAnswer sums = TestAnswer.of(store, "SELECT n, s::BIGINT FROM sums");
                        long n = (Long) sums.rows().getFirst().get(0);
                        assertEquals(n * (n - 1) / 2, sums.rows().getFirst().get(1));
                        TestAnswer rows =
                            TestAnswer.of(store, "SELECT count(*) - 1 - max(x) FROM all_rows");
                        assertEquals(0L, rows.value());
                      }
                    } catch (InterruptedException over) {
                      Thread.currentThread().interrupt();
                    } catch (RuntimeException | AssertionError failed) {
                      failure.set(failed);
                    }
                  });
      for (int i = 1; i < 60; i++) {
        event(store, i, "a", i);
        store.refreshViews();
      }
      reader.interrupt();
      reader.join();
      assertNull(failure.get());
      assertEquals(60L, TestAnswer.of(store, "SELECT n FROM sums").value());
      assertTrue(store.awaitIdle(Duration.ofSeconds(5)));
      store.refreshViews();
      try (Stream<Path> files = Files.walk(directory.resolve("views"))) {
        List<Path> kept =
            files.filter(Files::isRegularFile).sorted(Comparator.naturalOrder()).toList();
        assertEquals(4, kept.size(), kept::toString);
      }
    }
  }

  @Test
  void followsEventsByItself() throws Exception {
    try (DuckStore store = open(directory)) {
      event(store, 0, "a", 1);
      store.materialise(
          List.of(
              follow("n", "SELECT count(*) AS n FROM events"),
              new ViewSpec("m", "SELECT n + 1 AS m FROM n", Duration.ofMillis(100))));
      for (int i = 1; i < 3; i++) {
        event(store, i, "a", 1);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while ((status(store, "n").asOf() <= i || status(store, "m").asOf() <= i)
            && System.nanoTime() < deadline) {
          Thread.sleep(20);
        }
        assertEquals(i + 1L, TestAnswer.of(store, "FROM n").value());
        assertEquals(i + 2L, TestAnswer.of(store, "FROM m").value());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT data.k FROM events ORDER BY 1 | ORDER BY
          SELECT data.k FROM events LIMIT 3 | LIMIT
          SELECT DISTINCT data.k FROM events | DISTINCT
          WITH a AS (SELECT 1) SELECT * FROM events | WITH
          SELECT 1 AS a FROM events UNION ALL SELECT 2 | a set operation
          SELECT * FROM events a JOIN events b USING (id) | a join
          SELECT * FROM (FROM events) | a subquery
          SELECT data.k FROM events WHERE data.x > (SELECT 1) | a subquery
          SELECT row_number() OVER () FROM events | a window function
          SELECT data.k FROM events QUALIFY row_number() OVER () = 1 | QUALIFY
          SELECT data.k FROM events USING SAMPLE 1 ROWS | a sample
          SELECT data.k FROM events WHERE time > now() | by the time or by chance
          SELECT current_date FROM events | by the time or by chance
          SELECT random() FROM events | by the time or by chance
          SELECT epoch(age(time::TIMESTAMP)) FROM events | by the time or by chance
          SELECT count(DISTINCT data.k) FROM events | count(DISTINCT)
          SELECT sum(data.f) FROM events | sum or mean of fractions
          SELECT avg(data.f) FROM events | sum or mean of fractions
          SELECT median(data.x) FROM events | median()
          SELECT geomean(data.x) FROM events | geomean()
          SELECT data.k, count(*) FROM events GROUP BY ROLLUP (data.k) | more than one way of grouping
          SELECT data.k COLLATE NOCASE AS c, count(*) FROM events GROUP BY 1 | groups and COLLATE
          SELECT max(data.x, 2) FROM events | max() of several values
          SELECT * FROM orders_current | the newest rows of entities
          SELECT * FROM earlier | another view in it
          SELECT 1 AS a | no stream
          SELECT * FROM range(3) | something else than a stream
          """)
  void whatCannotFollowIsRefusedWithTheReason(String select, String reason) throws Exception {
    List<ViewSpec> before = List.of(hourly("earlier", "SELECT data.k FROM events"));
    try (DuckStore store = open(directory)) {
      new TestRows(store, "events", 0)
          .add(0, Instant.EPOCH, Map.of("k", "a", "x", 1L, "f", 1.5))
          .publish(1);
      String refusal = store.refusal(follow("v", select), before);
      assertTrue(refusal.contains(reason), refusal);
      assertTrue(refusal.endsWith("give it refresh: 1m"), refusal);
      assertEquals("", store.refusal(hourly("v", select), before));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v | SELECT nope FROM events | nope
          v | SELECT data.nope FROM closed | nope
          v | SELECT upper(data.k, 1) FROM events | upper
          v | SELECT * FROM later | there is no table later
          v | SELECT * FROM v | there is no table v
          v | SELECT * FROM read_csv('x') | is not allowed
          v | SELECT * FROM events WHERE data.x = ? | parameters
          v | EXPLAIN SELECT 1 | is a SELECT
          v | DESCRIBE events | is a SELECT
          v | DELETE FROM events | only SELECT
          v | SELECT 1; SELECT 2 | expected one statement
          v | SELEC 1 | syntax error
          v | SELECT INTERVAL 1 HOUR AS i | INTERVAL
          events | SELECT 1 | table called events
          events_history | SELECT 1 | table called events_history
          orders_current | SELECT 1 | table called orders_current
          earlier | SELECT 1 | view called earlier
          metrics | SELECT 1 | Leat's own
          """)
  void whatIsWrongIsRefusedWithTheReason(String name, String select, String reason)
      throws Exception {
    try (DuckStore store = open(directory)) {
      store.define(new TableSpec("closed", true, false, null, null));
      DataSchema schema = store.schema("closed");
      schema.declare(schema.root(), "k", DataSchema.Kind.TEXT);
      event(store, 0, "a", 1);
      String refusal =
          store.refusal(hourly(name, select), List.of(hourly("earlier", "SELECT 1 AS one")));
      assertTrue(refusal.contains(reason), refusal);
    }
  }

  @Test
  void viewsMayNameThoseBeforeThemAndFieldsThatAreStillToCome() throws Exception {
    List<ViewSpec> before =
        List.of(
            follow("a", "SELECT data.k AS k, sum(data.x) AS s FROM events GROUP BY data.k"),
            hourly("b", "SELECT s + 1 AS t FROM a"));
    try (DuckStore store = open(directory)) {
      assertEquals("", store.refusal(before.get(0), List.of()));
      event(store, 0, "a", 1);
      assertEquals("", store.refusal(before.get(1), before.subList(0, 1)));
      assertEquals("", store.refusal(hourly("c", "SELECT * FROM b JOIN a ON t > s"), before));
      String refusal = store.refusal(hourly("c", "SELECT nope FROM b"), before);
      assertTrue(refusal.contains("nope"), refusal);
      assertEquals("", store.refusal(follow("d", "SELECT sum(data.y) FROM events"), before));
      store.materialise(List.of(follow("d", "SELECT sum(data.y) AS y FROM events")));
      store.refreshViews();
      assertEquals(-1, status(store, "d").asOf());
      assertTrue(status(store, "d").problem().contains("\"y\""), store.views()::toString);
      assertEquals(Reason.BUSY, TestAnswer.of(store, "FROM d").refused().reason());
      new TestRows(store, "events", 0).add(1, Instant.EPOCH, Map.of("y", 4L)).publish(2);
      store.refreshViews();
      assertEquals(4L, TestAnswer.of(store, "SELECT y::BIGINT FROM d").value());
      new TestRows(store, "events", 0).add(2, Instant.EPOCH, Map.of("y", 0.5)).publish(3);
      store.refreshViews();
      assertTrue(status(store, "d").problem().contains("fractions"), store.views()::toString);
      assertEquals(2, status(store, "d").asOf());
      assertEquals(4L, TestAnswer.of(store, "SELECT y::BIGINT FROM d").value());
      assertTrue(store.status().detail().contains("d is not up to date"));
    }
  }
}
