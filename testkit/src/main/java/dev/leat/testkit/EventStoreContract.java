package dev.leat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Question;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link EventStore} keeps. A store's test extends this and says how to open one. */
public abstract class EventStoreContract {
  private static final Instant NOON = Instant.parse("2001-01-01T12:00:00Z");
  private static final int PARTITIONS = 2;

  @TempDir protected Path directory;

  /** Opens the store in a directory that may hold what an earlier one left. */
  protected abstract EventStore open(Path directory, int partitions) throws IOException;

  private EventStore open() throws IOException {
    return open(directory, PARTITIONS);
  }

  private static Commit commit(EventStore store, int... shards) throws InterruptedException {
    List<Cut> cuts = Arrays.stream(shards).mapToObj(shard -> store.sink(shard).cut()).toList();
    return store.commit(cuts);
  }

  private static Commit.Done done(Commit commit) {
    return assertInstanceOf(Commit.Done.class, commit, commit::toString);
  }

  private static void writeTen(EventStore store, long firstOffset) {
    TestRows rows = new TestRows(store, 0);
    for (long offset = firstOffset; offset < firstOffset + 10; offset++) {
      rows.add(offset, NOON.plusSeconds(offset), Map.of("n", offset, "name", "row " + offset));
    }
    rows.sink().publish(firstOffset + 10);
  }

  @Test
  void anEmptyStoreAnswers() throws Exception {
    try (EventStore store = open()) {
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      assertEquals(14, TestAnswer.of(store, "SELECT * FROM events").columns().size());
      assertEquals(List.of(0L, 0L), store.committed());
      assertEquals(0, store.visibleOffset());
      assertTrue(store.status().healthy());
    }
  }

  @Test
  void rowsShowWhenPublishedAndNotBefore() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = new TestRows(store, 0);
      rows.add(0, NOON, Map.of("n", 7L));
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      rows.sink().publish(1);
      assertEquals(7L, TestAnswer.of(store, "SELECT data.n FROM events").value());
      assertEquals(1, store.status().hotRows());
    }
  }

  @Test
  void everyColumnComesBack() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = new TestRows(store, 1);
      RowChunk chunk = rows.chunk();
      TestRows.text(chunk.partitionKey, 0, "key");
      TestRows.text(chunk.attributes, 0, "{\"traceparent\":\"00\"}");
      rows.add(5, NOON, Map.of("geo", Map.of("lat", 1.5), "ok", true, "tags", List.of(1, 2)));
      rows.sink().publish(6);
      checkColumns(store);
      done(commit(store, 1));
      checkColumns(store);
    }
  }

  private static void checkColumns(EventStore store) throws InterruptedException {
    TestAnswer answer =
        TestAnswer.of(
            store,
            """
            SELECT id, source, type, subject, time, received_at, partition_key, sampled_rate, shard, log_offset,
              data.geo.lat, data.ok, data.tags, data_rest, attributes, data_raw, data.geo
            FROM events
            """);
    List<@Nullable Object> row = answer.rows().getFirst();
    assertEquals(
        Arrays.asList(
            "id-5",
            "/test",
            "test.happened",
            "subject-5",
            NOON,
            NOON.plusMillis(1),
            "key",
            1L,
            1L,
            5L,
            1.5,
            true,
            "[1, 2]",
            null,
            "{\"traceparent\":\"00\"}"),
        row.subList(0, 15));
    assertInstanceOf(byte[].class, row.get(15));
    assertEquals(Map.of("lat", 1.5), row.get(16));
    assertEquals("TIMESTAMP WITH TIME ZONE", answer.columns().get(4).type());
    assertEquals("JSON", answer.columns().get(12).type());
  }

  @Test
  void whatIsCommittedSurvives() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      assertEquals(10, done(commit(store, 0)).rows());
      assertEquals(List.of(10L, 0L), store.committed());
      assertEquals(0, store.sink(0).uncommittedBytes());
    }
    try (EventStore store = open()) {
      assertEquals(List.of(10L, 0L), store.committed());
      assertEquals(45.0, sum(store));
      assertEquals(10, store.status().sealedRows());
      writeTen(store, 10);
      assertEquals(190.0, sum(store));
    }
  }

  private static double sum(EventStore store) throws InterruptedException {
    Object sum = TestAnswer.of(store, "SELECT sum(data.n)::DOUBLE FROM events").value();
    return assertInstanceOf(Double.class, sum);
  }

  @Test
  void whatIsNotCommittedIsReadFromTheLogAgain() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      done(commit(store, 0, 1));
      writeTen(store, 10);
      assertEquals(190.0, sum(store));
      assertEquals(10 * TestRows.RECORD_BYTES, store.sink(0).uncommittedBytes());
    }
    try (EventStore store = open()) {
      assertEquals(List.of(10L, 0L), store.committed());
      assertEquals(45.0, sum(store));
      writeTen(store, 10);
      assertEquals(190.0, sum(store));
    }
  }

  @Test
  void aCommitWithoutRowsMovesTheOffsets() throws Exception {
    try (EventStore store = open()) {
      store.sink(1).publish(42);
      assertEquals(0, done(commit(store, 1)).rows());
    }
    try (EventStore store = open()) {
      assertEquals(List.of(0L, 42L), store.committed());
    }
  }

  @Test
  void rowsAreCommittedOnce() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      Cut cut = store.sink(0).cut();
      done(store.commit(List.of(cut)));
      assertThrows(IllegalArgumentException.class, () -> store.commit(List.of(cut)));
      assertEquals(45.0, sum(store));
    }
  }

  @Test
  void visibleIsWhatAllShardsHavePublished() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      assertEquals(0, store.visibleOffset());
      assertFalse(store.awaitVisible(10, Duration.ofMillis(5)));
      store.sink(1).publish(10);
      assertTrue(store.awaitVisible(10, Duration.ZERO));
      assertFalse(store.awaitVisible(11, Duration.ofMillis(5)));
    }
  }

  @Test
  void aWaiterIsWoken() throws Exception {
    try (EventStore store = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> seen = threads.submit(() -> store.awaitVisible(10, Duration.ofSeconds(30)));
      store.sink(1).publish(20);
      writeTen(store, 0);
      assertTrue(seen.get());
    }
  }

  @Test
  void fieldsGrowAndWidenOverCommits() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = new TestRows(store, 0);
      rows.add(0, NOON, Map.of("n", 1L)).sink().publish(1);
      done(commit(store, 0));
      rows.add(1, NOON, Map.of("n", 2L, "geo", Map.of("lat", 1L))).sink().publish(2);
      done(commit(store, 0));
      rows.add(2, NOON, Map.of("n", 2.5, "geo", Map.of("lat", 1L, "at", Map.of("city", "Oslo"))))
          .sink()
          .publish(3);
      rows.add(3, NOON, Map.of("extra", "x")).sink().publish(4);
      checkGrown(store);
      done(commit(store, 0));
      checkGrown(store);
    }
    try (EventStore store = open()) {
      checkGrown(store);
      assertEquals("DOUBLE", store.schema().entries().getFirst().kind().name());
    }
  }

  private static void checkGrown(EventStore store) throws InterruptedException {
    List<List<@Nullable Object>> rows =
        TestAnswer.of(
                store,
                """
                SELECT data.n, data.geo.lat, data.geo.at.city, data.extra, data.geo IS NULL, data.geo.at IS NULL
                FROM events ORDER BY log_offset
                """)
            .rows();
    assertEquals(Arrays.asList(1.0, null, null, null, true, true), rows.get(0));
    assertEquals(Arrays.asList(2.0, 1L, null, null, false, true), rows.get(1));
    assertEquals(Arrays.asList(2.5, 1L, "Oslo", null, false, false), rows.get(2));
    assertEquals(Arrays.asList(null, null, null, "x", true, true), rows.get(3));
  }

  @Test
  void wholeRowsAreEqualBeforeAndAfterCommits() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = new TestRows(store, 0);
      rows.add(0, NOON, Map.of());
      rows.add(1, NOON, Map.of("a", 1L)).sink().publish(2);
      done(commit(store, 0));
      rows.add(2, NOON, Map.of("b", Map.of("c", "x", "d", Map.of("e", true)))).sink().publish(3);
      String sql = "SELECT * EXCLUDE (data_raw) FROM events ORDER BY log_offset";
      List<List<@Nullable Object>> before = TestAnswer.of(store, sql).rows();
      assertEquals(3, before.size());
      done(commit(store, 0));
      assertEquals(before, TestAnswer.of(store, sql).rows());
    }
  }

  @Test
  void anAnswerSaysHowFreshAndWholeItIs() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      store.sink(1).publish(9);
      TestAnswer answer =
          TestAnswer.of(
              store, new Question("SELECT id FROM events", List.of(), Duration.ofSeconds(10), 3));
      Answer.Rows end = assertInstanceOf(Answer.Rows.class, answer.end());
      assertEquals(3, end.rows());
      assertTrue(end.truncated());
      assertEquals(9, end.freshness().visibleOffset());
      assertFalse(
          ((Answer.Rows)
                  TestAnswer.of(
                          store,
                          new Question(
                              "SELECT id FROM events", List.of(), Duration.ofSeconds(10), 10))
                      .end())
              .truncated());
    }
  }

  @Test
  void parametersAreValues() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      assertEquals(
          1L,
          TestAnswer.of(store, "SELECT count(*) FROM events WHERE data.name = ?", "row 3").value());
      assertEquals(
          3L,
          TestAnswer.of(store, "SELECT count(*) FROM events WHERE data.n < ? AND ?", 3L, true)
              .value());
      assertEquals(
          0L,
          TestAnswer.of(store, "SELECT count(*) FROM events WHERE data.n = ?", (Object) null)
              .value());
    }
  }

  @Test
  void aMistakeIsTold() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      Answer.Refused typo = TestAnswer.of(store, "SELECT data.nme FROM events").refused();
      assertEquals(EventStore.Reason.INVALID, typo.reason());
      assertTrue(typo.message().contains("name"), typo.message());
      assertEquals(EventStore.Reason.INVALID, TestAnswer.of(store, "SELEC 1").refused().reason());
    }
  }

  /**
   * Two shards write and commit as fast as they can; whoever reads sees each row below the visible
   * offset once.
   */
  @Test
  void queriesDuringCommitsSeeEachRowOnce() throws Exception {
    int rounds = 150;
    int rowsPerRound = 400;
    AtomicBoolean over = new AtomicBoolean();
    try (EventStore store = open();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> readers = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        readers.add(threads.submit(() -> readWhile(store, over)));
      }
      try {
        writeRounds(store, rounds, rowsPerRound);
      } finally {
        over.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertEquals(
          (long) rounds * rowsPerRound,
          TestAnswer.of(store, "SELECT count(*) FROM events").value());
    }
  }

  private static void writeRounds(EventStore store, int rounds, int rowsPerRound)
      throws InterruptedException {
    TestRows[] shards = {new TestRows(store, 0), new TestRows(store, 1)};
    long offset = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < rowsPerRound; i++, offset++) {
        shards[(int) (offset & 1)].add(
            offset, NOON.plusMillis(offset), Map.of("n", offset, "f" + round / 10, 1L));
      }
      shards[0].sink().publish(offset);
      shards[1].sink().publish(offset);
      if (round % 3 == 2) {
        done(commit(store, 0, 1));
      }
    }
  }

  private static Void readWhile(EventStore store, AtomicBoolean over) throws InterruptedException {
    long last = 0;
    while (!over.get()) {
      TestAnswer answer =
          TestAnswer.of(
              store,
              "SELECT count(*), count(DISTINCT log_offset), coalesce(max(data.n), -1) FROM events");
      Answer.Rows end = assertInstanceOf(Answer.Rows.class, answer.end(), answer.end()::toString);
      List<@Nullable Object> row = answer.rows().getFirst();
      long count = assertInstanceOf(Long.class, row.get(0));
      assertEquals(count, row.get(1), "a row is there twice");
      long visible = end.freshness().visibleOffset();
      assertTrue(
          count >= visible, () -> "%d rows, though %d are visible".formatted(count, visible));
      assertTrue(visible >= last, "visibility went back");
      last = visible;
    }
    return null;
  }
}
