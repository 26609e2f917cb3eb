package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Tally;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random rows of several tables, some of which supersede others, publishes, commits, merges and
 * restarts, against a list in memory that is added up by hand.
 */
class StoreModelTest {
  private static final int PARTITIONS = 2;
  private static final int STEPS = 50;
  private static final List<String> TABLES = List.of("events", "orders");
  private static final String SUPERSEDED = SystemTable.SUPERSEDED.tableName();
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(PARTITIONS).withLayout(20, 1 << 20, Duration.ZERO, 1);

  @TempDir private Path directory;

  private record Row(String table, long offset, Instant time, Map<String, Object> data) {
    String key() {
      return (String) data.get("k");
    }

    double x() {
      return data.get("x") instanceof Number number ? number.doubleValue() : 0;
    }
  }

  /** What is published, and what of it is committed. */
  private static final class Model {
    private List<Row> published = new ArrayList<>();
    private long next;
    private int committedRows;
    private long committedNext;
    private byte[] state = new byte[0];

    void restart() {
      published = new ArrayList<>(published.subList(0, committedRows));
      next = committedNext;
    }

    List<Row> history(String table) {
      return published.stream().filter(row -> row.table().equals(table)).toList();
    }

    List<Row> plain(String table) {
      Set<Object> hidden = new HashSet<>();
      for (Row row : history(SUPERSEDED)) {
        if (table.equals(row.data().get("of_table"))) {
          hidden.add(row.data().get("of_offset"));
        }
      }
      return history(table).stream().filter(row -> !hidden.contains(row.offset())).toList();
    }

    List<Row> current(String table) {
      Map<String, Row> newest = new TreeMap<>();
      for (Row row : plain(table)) {
        newest.merge(row.key(), row, (a, b) -> a.offset() > b.offset() ? a : b);
      }
      return List.copyOf(newest.values());
    }
  }

  @Test
  void theStoreAgreesWithAList() {
    Seeds.run(8, this::run);
  }

  private void run(long seed, RandomGenerator chance) throws Exception {
    Path at = directory.resolve("seed-" + seed);
    Model model = new Model();
    DuckStore store = open(at);
    try {
      for (int step = 0; step < STEPS; step++) {
        switch (chance.nextInt(8)) {
          case 0, 1, 2 -> write(store, model, chance);
          case 3, 4 -> commit(store, model, chance);
          case 5 -> store.mergeOnce();
          case 6 -> check(store, model);
          default -> {
            store.close();
            model.restart();
            store = open(at);
            assertEquals(model.committedNext, store.committed());
            assertArrayEquals(model.state, store.state());
          }
        }
      }
      check(store, model);
    } finally {
      store.close();
    }
  }

  private static DuckStore open(Path at) throws IOException {
    DuckStore store = DuckStore.open(at, OPTIONS, InstantSource.system());
    SystemTable.defineIn(store);
    for (String table : TABLES) {
      store.define(new TableSpec(table, false, false, "data.k", null));
    }
    return store;
  }

  private static void write(DuckStore store, Model model, RandomGenerator chance) {
    int rows = chance.nextInt(1, 150);
    for (int i = 0; i < rows; i++) {
      Instant time = Instant.EPOCH.plusSeconds(chance.nextLong(-5 * 86_400, 5 * 86_400));
      Row row =
          chance.nextInt(10) == 0 && model.next > 0
              ? new Row(SUPERSEDED, model.next, time, superseding(model, chance))
              : new Row(TABLES.get(chance.nextInt(2)), model.next, time, data(chance));
      model.next++;
      new TestRows(store, row.table(), chance.nextInt(PARTITIONS))
          .add(row.offset(), row.time(), row.data());
      model.published.add(row);
    }
    model.next += chance.nextInt(3);
    store.intake().publish(model.next);
  }

  private static Map<String, Object> superseding(Model model, RandomGenerator chance) {
    return Map.of(
        "of_table", TABLES.get(chance.nextInt(2)), "of_offset", chance.nextLong(model.next));
  }

  private static Map<String, Object> data(RandomGenerator chance) {
    Map<String, Object> data = new HashMap<>();
    data.put("k", "key-" + chance.nextInt(5));
    if (chance.nextInt(3) > 0) {
      data.put(
          "x",
          chance.nextInt(50) == 0
              ? (Object) (chance.nextInt(100) / 4.0)
              : (Object) (long) chance.nextInt(100));
    }
    if (chance.nextInt(4) == 0) {
      data.put("o", Map.of("p" + chance.nextInt(6), (long) chance.nextInt(10)));
    }
    return data;
  }

  private static void commit(DuckStore store, Model model, RandomGenerator chance)
      throws InterruptedException {
    model.state = new byte[chance.nextInt(1_000)];
    chance.nextBytes(model.state);
    assertInstanceOf(Commit.Done.class, store.commit(store.intake().cut(), model.state));
    model.committedRows = model.published.size();
    model.committedNext = model.next;
  }

  private static void check(DuckStore store, Model model) throws InterruptedException {
    Tally tally = store.tally();
    assertEquals(model.next, tally.nextOffset());
    assertEquals((long) model.history(SUPERSEDED).size(), tally.rows().get(SUPERSEDED));
    for (String table : TABLES) {
      assertEquals((long) model.history(table).size(), tally.rows().get(table));
      boolean anyX = model.history(table).stream().anyMatch(row -> row.data().containsKey("x"));
      String x = anyX ? "data.x" : "NULL::BIGINT";
      if (model.history(table).isEmpty()) {
        assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM " + table).value());
        continue;
      }
      check(store, table + "_history", x, model.history(table));
      check(store, table, x, model.plain(table));
      check(store, table + "_current", x, model.current(table));
    }
  }

  private static void check(DuckStore store, String table, String x, List<Row> rows)
      throws InterruptedException {
    Map<String, List<Object>> expected = new TreeMap<>();
    for (Row row : rows) {
      expected.merge(
          row.key(),
          List.of(1L, row.data().containsKey("x") ? 1L : 0L, row.x(), row.offset()),
          (a, b) ->
              List.of(
                  (Long) a.get(0) + (Long) b.get(0),
                  (Long) a.get(1) + (Long) b.get(1),
                  (Double) a.get(2) + (Double) b.get(2),
                  (Long) a.get(3) + (Long) b.get(3)));
    }
    Map<String, List<@Nullable Object>> found = new TreeMap<>();
    String sql =
        "SELECT data.k, count(*), count(%s), coalesce(sum(%s), 0)::DOUBLE, sum(log_offset)::BIGINT FROM %s GROUP BY 1"
            .formatted(x, x, table);
    for (List<@Nullable Object> row : TestAnswer.of(store, sql).rows()) {
      found.put((String) row.get(0), row.subList(1, 5));
    }
    assertEquals(expected, found, table);
    Instant noon = Instant.EPOCH.plus(Duration.ofHours(12));
    assertEquals(
        Arrays.asList(
            rows.stream().filter(row -> row.time().isBefore(noon)).count(), (long) rows.size()),
        TestAnswer.of(
                store,
                "SELECT count(*) FILTER (WHERE time < TIMESTAMPTZ '1970-01-01 12:00:00+00'), count(DISTINCT log_offset) FROM "
                    + table)
            .rows()
            .getFirst());
  }
}
