package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Cut;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random rows, publishes, commits, merges and restarts, against a list in memory that is added up
 * by hand.
 */
class StoreModelTest {
  private static final int PARTITIONS = 2;
  private static final int STEPS = 60;
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults(PARTITIONS).withLayout(20, 1 << 20, Duration.ZERO, 1);

  @TempDir private Path directory;

  private record Row(int shard, long offset, Instant time, Map<String, Object> data) {}

  /** What is published, what of it is committed, and where each shard is. */
  private static final class Model {
    private final List<List<Row>> published =
        new ArrayList<>(List.of(new ArrayList<>(), new ArrayList<>()));
    private final long[] next = new long[PARTITIONS];
    private final int[] committedRows = new int[PARTITIONS];
    private final long[] committedNext = new long[PARTITIONS];

    void commit(int shard) {
      committedRows[shard] = published.get(shard).size();
      committedNext[shard] = next[shard];
    }

    void restart() {
      for (int shard = 0; shard < PARTITIONS; shard++) {
        published.set(
            shard, new ArrayList<>(published.get(shard).subList(0, committedRows[shard])));
        next[shard] = committedNext[shard];
      }
    }

    List<Row> rows() {
      return published.stream().flatMap(List::stream).toList();
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
          case 0, 1, 2 -> write(store, model, chance.nextInt(PARTITIONS), chance);
          case 3, 4 -> commit(store, model, chance.nextInt(1, 1 << PARTITIONS));
          case 5 -> store.mergeOnce();
          case 6 -> check(store, model);
          default -> {
            store.close();
            model.restart();
            store = open(at);
            assertEquals(Arrays.stream(model.committedNext).boxed().toList(), store.committed());
          }
        }
      }
      check(store, model);
    } finally {
      store.close();
    }
  }

  private static DuckStore open(Path at) throws IOException {
    return DuckStore.open(at, OPTIONS, InstantSource.system());
  }

  private static void write(DuckStore store, Model model, int shard, RandomGenerator chance) {
    TestRows writer = new TestRows(store, shard);
    int rows = chance.nextInt(1, 120);
    for (int i = 0; i < rows; i++) {
      Instant time = Instant.EPOCH.plusSeconds(chance.nextLong(-5 * 86_400, 5 * 86_400));
      Row row = new Row(shard, model.next[shard]++ * PARTITIONS + shard, time, data(chance));
      writer.add(row.offset(), row.time(), row.data());
      model.published.get(shard).add(row);
    }
    writer.sink().publish(model.next[shard]);
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

  private static void commit(DuckStore store, Model model, int shards) throws InterruptedException {
    List<Cut> cuts = new ArrayList<>();
    for (int shard = 0; shard < PARTITIONS; shard++) {
      if ((shards & 1 << shard) != 0) {
        cuts.add(store.sink(shard).cut());
        model.commit(shard);
      }
    }
    assertInstanceOf(Commit.Done.class, store.commit(cuts));
  }

  private static void check(DuckStore store, Model model) throws InterruptedException {
    Map<String, List<Object>> expected = new TreeMap<>();
    for (Row row : model.rows()) {
      Object x = row.data().get("x");
      double value = x instanceof Number number ? number.doubleValue() : 0;
      expected.merge(
          (String) row.data().get("k"),
          List.of(1L, x == null ? 0L : 1L, value),
          (a, b) ->
              List.of(
                  (Long) a.get(0) + (Long) b.get(0),
                  (Long) a.get(1) + (Long) b.get(1),
                  (Double) a.get(2) + (Double) b.get(2)));
    }
    if (model.rows().isEmpty()) {
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      return;
    }
    boolean anyX = model.rows().stream().anyMatch(row -> row.data().containsKey("x"));
    String x = anyX ? "data.x" : "NULL::BIGINT";
    Map<String, List<Object>> found = new TreeMap<>();
    String sql =
        "SELECT data.k, count(*), count(%s), coalesce(sum(%s), 0)::DOUBLE FROM events GROUP BY 1"
            .formatted(x, x);
    for (List<Object> row : TestAnswer.of(store, sql).rows()) {
      found.put((String) row.get(0), row.subList(1, 4));
    }
    assertEquals(expected, found);
    Instant noon = Instant.EPOCH.plus(Duration.ofHours(12));
    assertEquals(
        model.rows().stream().filter(row -> row.time().isBefore(noon)).count(),
        TestAnswer.of(
                store,
                "SELECT count(*) FROM events WHERE time < TIMESTAMPTZ '1970-01-01 12:00:00+00'")
            .value());
    assertEquals(
        (long) model.rows().size(),
        TestAnswer.of(store, "SELECT count(DISTINCT log_offset) FROM events").value());
  }
}
