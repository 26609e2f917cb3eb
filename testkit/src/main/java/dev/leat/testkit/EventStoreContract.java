package dev.leat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Question;
import dev.leat.event.RowChunk;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
    EventStore store = open(directory, PARTITIONS);
    store.define(TableSpec.open("events"));
    SystemTable.defineIn(store);
    return store;
  }

  private static Commit commit(EventStore store) throws InterruptedException {
    return store.commit(store.intake().cut(), new byte[0]);
  }

  private static Commit.Done done(Commit commit) {
    return assertInstanceOf(Commit.Done.class, commit, commit::toString);
  }

  private static TestRows events(EventStore store, int shard) {
    return new TestRows(store, "events", shard);
  }

  private static void writeTen(EventStore store, long firstOffset) {
    TestRows rows = events(store, 0);
    for (long offset = firstOffset; offset < firstOffset + 10; offset++) {
      rows.add(offset, NOON.plusSeconds(offset), Map.of("n", offset, "name", "row " + offset));
    }
    rows.publish(firstOffset + 10);
  }

  @Test
  void anEmptyStoreAnswers() throws Exception {
    try (EventStore store = open()) {
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      assertEquals(15, TestAnswer.of(store, "SELECT * FROM events").columns().size());
      assertEquals(0, store.committed());
      assertEquals(0, store.visibleOffset());
      assertTrue(store.status().healthy());
    }
  }

  @Test
  void rowsShowWhenPublishedAndNotBefore() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = events(store, 0);
      rows.add(0, NOON, Map.of("n", 7L));
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      rows.publish(1);
      assertEquals(7L, TestAnswer.of(store, "SELECT data.n FROM events").value());
      assertEquals(1, store.status().hotRows());
    }
  }

  @Test
  void everyColumnComesBack() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = events(store, 1);
      RowChunk chunk = rows.chunk();
      TestRows.text(chunk.partitionKey, 0, "key");
      TestRows.text(chunk.attributes, 0, "{\"traceparent\":\"00\"}");
      rows.add(5, NOON, Map.of("geo", Map.of("lat", 1.5), "ok", true, "tags", List.of(1, 2)));
      rows.publish(6);
      checkColumns(store);
      done(commit(store));
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
      assertEquals(10, done(commit(store)).rows());
      assertEquals(10, store.committed());
      assertEquals(0, store.intake().uncommittedBytes());
    }
    try (EventStore store = open()) {
      assertEquals(10, store.committed());
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
      done(commit(store));
      writeTen(store, 10);
      assertEquals(190.0, sum(store));
      assertEquals(10 * TestRows.RECORD_BYTES, store.intake().uncommittedBytes());
    }
    try (EventStore store = open()) {
      assertEquals(10, store.committed());
      assertEquals(45.0, sum(store));
      writeTen(store, 10);
      assertEquals(190.0, sum(store));
    }
  }

  @Test
  void aCommitWithoutRowsMovesTheOffsets() throws Exception {
    try (EventStore store = open()) {
      store.intake().publish(42);
      assertEquals(0, done(commit(store)).rows());
    }
    try (EventStore store = open()) {
      assertEquals(42, store.committed());
    }
  }

  @Test
  void rowsAreCommittedOnce() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      Cut cut = store.intake().cut();
      done(store.commit(cut, new byte[0]));
      assertThrows(IllegalArgumentException.class, () -> store.commit(cut, new byte[0]));
      assertEquals(45.0, sum(store));
    }
  }

  private static EventStore.Version version(EventStore store, long number) {
    return store.versions().stream()
        .filter(each -> each.version() == number)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no version " + number + " in " + store.versions()));
  }

  @Test
  void versionsAreListedWithWhatTheyHad() throws Exception {
    try (EventStore store = open()) {
      List<Long> numbers = new ArrayList<>();
      for (int round = 0; round < 4; round++) {
        writeTen(store, round * 10L);
        byte[] state = {(byte) round};
        numbers.add(done(store.commit(store.intake().cut(), state)).version());
      }
      List<EventStore.Version> versions = store.versions();
      assertTrue(versions.size() >= 3, versions::toString);
      for (int back = 0; back < 3; back++) {
        EventStore.Version version = versions.get(back);
        assertTrue(version.version() >= numbers.get(3 - back), version::toString);
        assertEquals(40 - back * 10L, version.nextOffset());
        assertEquals(40 - back * 10L, version.rows());
        assertArrayEquals(new byte[] {(byte) (3 - back)}, version.state());
      }
      assertArrayEquals(store.state(), versions.getFirst().state());
    }
  }

  /** Rows, fields, state and position go back together, durably, under a new number. */
  @Test
  void anOlderVersionBecomesThePresentOne() throws Exception {
    long wanted;
    long newest;
    try (EventStore store = open()) {
      writeTen(store, 0);
      wanted = done(store.commit(store.intake().cut(), new byte[] {1})).version();
      store.define(TableSpec.open("later"));
      new TestRows(store, "later", 0).add(10, NOON, Map.of("x", 1L));
      events(store, 0).add(11, NOON, Map.of("n", "text", "other", 1L)).publish(12);
      newest = done(store.commit(store.intake().cut(), new byte[] {2})).version();
      assertThrows(IllegalStateException.class, () -> store.rollback(wanted));
    }
    for (int life = 0; life < 2; life++) {
      try (EventStore store = open(directory, PARTITIONS)) {
        if (life == 0) {
          assertThrows(IllegalArgumentException.class, () -> store.rollback(newest + 1_000));
          Commit.Done back = done(store.rollback(version(store, wanted).version()));
          assertTrue(back.version() > newest, back::toString);
        }
        assertEquals(10, store.committed());
        assertEquals(10, store.visibleOffset());
        assertArrayEquals(new byte[] {1}, store.state());
        assertEquals(45.0, sum(store));
        assertEquals(2, store.schema("events").entries().size());
        assertEquals(10L, store.tally().rows().get("events"));
        assertFalse(store.tables().stream().anyMatch(table -> table.name().equals("later")));
        assertFalse(store.versions().stream().anyMatch(each -> each.version() == newest));
        if (life == 1) {
          writeTen(store, 10);
          done(store.commit(store.intake().cut(), new byte[] {3}));
          assertEquals(190.0, sum(store));
        }
      }
    }
    try (EventStore store = open(directory, PARTITIONS)) {
      assertEquals(190.0, sum(store));
      assertEquals(20, store.committed());
    }
  }

  @Test
  void theBeginningCanBeGoneBackTo() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      done(commit(store));
    }
    try (EventStore store = open(directory, PARTITIONS)) {
      done(store.rollback(0));
      assertEquals(0, store.committed());
      assertEquals(0, store.state().length);
      assertEquals(List.of(), store.tables());
    }
    try (EventStore store = open()) {
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events").value());
      writeTen(store, 0);
      done(commit(store));
      assertEquals(45.0, sum(store));
    }
  }

  @Test
  void visibleIsWhatIsPublished() throws Exception {
    try (EventStore store = open()) {
      assertEquals(0, store.visibleOffset());
      assertFalse(store.awaitVisible(10, Duration.ofMillis(5)));
      writeTen(store, 0);
      assertTrue(store.awaitVisible(10, Duration.ZERO));
      assertFalse(store.awaitVisible(11, Duration.ofMillis(5)));
      assertThrows(IllegalArgumentException.class, () -> store.intake().publish(9));
    }
  }

  @Test
  void aWaiterIsWoken() throws Exception {
    try (EventStore store = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> seen = threads.submit(() -> store.awaitVisible(10, Duration.ofSeconds(30)));
      writeTen(store, 0);
      assertTrue(seen.get());
    }
  }

  @Test
  void fieldsGrowAndWidenOverCommits() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = events(store, 0);
      rows.add(0, NOON, Map.of("n", 1L)).publish(1);
      done(commit(store));
      rows.add(1, NOON, Map.of("n", 2L, "geo", Map.of("lat", 1L))).publish(2);
      done(commit(store));
      rows.add(2, NOON, Map.of("n", 2.5, "geo", Map.of("lat", 1L, "at", Map.of("city", "Oslo"))))
          .publish(3);
      rows.add(3, NOON, Map.of("extra", "x")).publish(4);
      checkGrown(store);
      done(commit(store));
      checkGrown(store);
    }
    try (EventStore store = open()) {
      checkGrown(store);
      assertEquals("DOUBLE", store.schema("events").entries().getFirst().kind().name());
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
      TestRows rows = events(store, 0);
      rows.add(0, NOON, Map.of());
      rows.add(1, NOON, Map.of("a", 1L)).publish(2);
      done(commit(store));
      rows.add(2, NOON, Map.of("b", Map.of("c", "x", "d", Map.of("e", true)))).publish(3);
      String sql = "SELECT * EXCLUDE (data_raw) FROM events ORDER BY log_offset";
      List<List<@Nullable Object>> before = TestAnswer.of(store, sql).rows();
      assertEquals(3, before.size());
      done(commit(store));
      assertEquals(before, TestAnswer.of(store, sql).rows());
    }
  }

  @Test
  void anAnswerSaysHowFreshAndWholeItIs() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      TestAnswer answer =
          TestAnswer.of(
              store, new Question("SELECT id FROM events", List.of(), Duration.ofSeconds(10), 3));
      Answer.Rows end = assertInstanceOf(Answer.Rows.class, answer.end());
      assertEquals(3, end.rows());
      assertTrue(end.truncated());
      assertEquals(10, end.freshness().visibleOffset());
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
   * Rows of two shards are written and committed as fast as can be; whoever reads sees each row
   * below the visible offset once.
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
    TestRows[] shards = {events(store, 0), events(store, 1)};
    long offset = 0;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < rowsPerRound; i++, offset++) {
        shards[(int) (offset & 1)].add(
            offset, NOON.plusMillis(offset), Map.of("n", offset, "f" + round / 10, 1L));
      }
      shards[0].publish(offset);
      if (round % 3 == 2) {
        done(commit(store));
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

  @Test
  void stateIsKeptWithTheRows() throws Exception {
    byte[] large = new byte[200_000];
    new java.util.Random(7).nextBytes(large);
    try (EventStore store = open()) {
      assertEquals(0, store.state().length);
      for (int round = 0; round < 30; round++) {
        large[0] = (byte) round;
        writeTen(store, round * 10L);
        done(store.commit(store.intake().cut(), large.clone()));
        assertEquals(round, store.state()[0]);
      }
      writeTen(store, 300);
    }
    try (EventStore store = open()) {
      assertTrue(Arrays.equals(large, store.state()));
      assertEquals(300, store.committed());
      done(store.commit(store.intake().cut(), new byte[0]));
    }
    try (EventStore store = open()) {
      assertEquals(0, store.state().length);
    }
  }

  @Test
  void tablesHaveRowsAndFieldsOfTheirOwn() throws Exception {
    try (EventStore store = open()) {
      assertThrows(IllegalArgumentException.class, () -> store.intake().chunk("orders", 0));
      assertThrows(IllegalArgumentException.class, () -> store.schema("orders"));
      store.define(new TableSpec("orders", true, false, null, null));
      store.schema("orders").declare(store.schema("orders").root(), "id", Kind.LONG);
      new TestRows(store, "orders", 0).add(0, NOON, Map.of("id", 7L, "other", "x")).publish(1);
      events(store, 1).add(1, NOON, Map.of("id", "seven")).publish(2);
      checkOrders(store);
      done(commit(store));
      checkOrders(store);
      assertEquals(Map.of("events", 1L, "orders", 1L), counted(store));
    }
    try (EventStore store = open()) {
      assertTrue(store.tables().contains(new TableSpec("orders", true, false, null, null)));
      checkOrders(store);
      store.schema("orders").declare(store.schema("orders").root(), "id", Kind.DOUBLE);
      store.schema("orders").declare(store.schema("orders").root(), "late", Kind.TEXT);
      new TestRows(store, "orders", 0).add(2, NOON, Map.of("id", 1.5, "late", "y")).publish(3);
      assertEquals(
          List.of(Arrays.asList(7.0, null), Arrays.asList(1.5, "y")),
          TestAnswer.of(store, "SELECT data.id, data.late FROM orders ORDER BY log_offset").rows());
    }
  }

  private static void checkOrders(EventStore store) throws InterruptedException {
    assertEquals(
        List.of(List.of(7L, "seven", "{\"other\":\"x\"}")),
        TestAnswer.of(
                store,
                "SELECT o.data.id, e.data.id, o.data_rest FROM orders o, events e"
                    + " WHERE o.log_offset < e.log_offset")
            .rows());
    assertEquals(
        List.of(List.of(7L, 7L)),
        TestAnswer.of(
                store, "SELECT a.data.id, b.data.id FROM orders a JOIN orders b USING (log_offset)")
            .rows());
  }

  /** The tables that have rows. */
  private static Map<String, Long> counted(EventStore store) {
    Map<String, Long> rows = new HashMap<>(store.tally().rows());
    rows.values().removeIf(count -> count == 0);
    return rows;
  }

  @Test
  void systemTablesShowTheirFieldsAsColumns() throws Exception {
    try (EventStore store = open()) {
      for (SystemTable table : SystemTable.values()) {
        checkColumns(store, table);
      }
      new TestRows(store, "dead_letters", 0)
          .add(0, NOON, Map.of("stream", "orders", "attempt", 1L))
          .publish(1);
      String sql = "SELECT stream, attempt, reason, data_raw IS NULL FROM dead_letters";
      List<?> expected = List.of(Arrays.asList("orders", 1L, null, false));
      assertEquals(expected, TestAnswer.of(store, sql).rows());
      done(commit(store));
      assertEquals(expected, TestAnswer.of(store, sql).rows());
      checkColumns(store, SystemTable.DEAD_LETTERS);
    }
  }

  private static void checkColumns(EventStore store, SystemTable table)
      throws InterruptedException {
    List<String> columns =
        TestAnswer.of(store, "SELECT * FROM " + table.tableName()).columns().stream()
            .map(EventStore.ColumnInfo::name)
            .toList();
    table.fields().forEach(field -> assertTrue(columns.contains(field.name()), field.name()));
    assertEquals(13 + table.fields().size(), columns.size(), columns::toString);
    assertFalse(columns.contains("data") || columns.contains("data_rest"), columns::toString);
    assertTrue(columns.containsAll(List.of("data_raw", "attributes", "flags")));
  }

  @Test
  void flagsComeBack() throws Exception {
    try (EventStore store = open()) {
      TestRows rows = events(store, 0);
      TestRows.text(rows.chunk().flags, 0, "late,odd");
      rows.add(0, NOON, Map.of()).publish(1);
      assertEquals("late,odd", TestAnswer.of(store, "SELECT flags FROM events").value());
      done(commit(store));
      assertEquals("late,odd", TestAnswer.of(store, "SELECT flags FROM events").value());
    }
  }

  @Test
  void supersededRowsShowInTheHistoryOnly() throws Exception {
    try (EventStore store = open()) {
      writeTen(store, 0);
      new TestRows(store, "dead_letters", 1).add(10, NOON, Map.of()).publish(11);
      for (boolean committed : new boolean[] {false, true}) {
        assertEquals(10L + 1L, total(store, ""));
        assertEquals(11L, total(store, "_history"));
        if (!committed) {
          done(commit(store));
        }
      }
      TestRows superseded = new TestRows(store, "superseded", 0);
      superseded.add(11, NOON, Map.of("of_table", "events", "of_offset", 3L, "how", "retract"));
      superseded.add(
          12, NOON, Map.of("of_table", "dead_letters", "of_offset", 10L, "how", "replay"));
      superseded.add(13, NOON, Map.of("of_table", "other", "of_offset", 5L, "how", "retract"));
      superseded.publish(14);
      for (boolean committed : new boolean[] {false, true}) {
        assertEquals(9L, total(store, ""));
        assertEquals(11L, total(store, "_history"));
        assertEquals(42L, TestAnswer.of(store, "SELECT sum(data.n)::BIGINT FROM events").value());
        assertEquals(
            42L,
            TestAnswer.of(
                    store,
                    "WITH events_history AS (SELECT 1 AS log_offset), superseded AS (SELECT 2)"
                        + " SELECT sum(data.n)::BIGINT FROM events")
                .value());
        assertEquals(3L, TestAnswer.of(store, "SELECT count(*) FROM superseded").value());
        if (!committed) {
          done(commit(store));
        }
      }
    }
  }

  private static @Nullable Object total(EventStore store, String form) throws InterruptedException {
    return TestAnswer.of(
            store,
            "SELECT (SELECT count(*) FROM events%s) + (SELECT count(*) FROM dead_letters%s)"
                .formatted(form, form))
        .value();
  }

  @Test
  void currentIsTheNewestOfEachEntityThatCounts() throws Exception {
    try (EventStore store = open()) {
      String sql = "SELECT data.order.id, data.v FROM events_current ORDER BY 1";
      assertEquals(EventStore.Reason.FORBIDDEN, TestAnswer.of(store, sql).refused().reason());
      store.define(new TableSpec("events", false, false, "data.order.id", null));
      assertEquals(0L, TestAnswer.of(store, "SELECT count(*) FROM events_current").value());
      TestRows rows = events(store, 0);
      rows.add(0, NOON, Map.of("order", Map.of("id", "a"), "v", 1L));
      rows.add(1, NOON, Map.of("order", Map.of("id", "b"), "v", 2L));
      rows.add(2, NOON, Map.of("v", 3L)).publish(3);
      done(commit(store));
      rows.add(3, NOON, Map.of("order", Map.of("id", "a"), "v", 4L)).publish(4);
      assertEquals(List.of(List.of("a", 4L), List.of("b", 2L)), TestAnswer.of(store, sql).rows());
      assertEquals(
          6L, TestAnswer.of(store, "SELECT sum(data.v)::BIGINT FROM events_current").value());
      new TestRows(store, "superseded", 0)
          .add(4, NOON, Map.of("of_table", "events", "of_offset", 3L))
          .publish(5);
      assertEquals(List.of(List.of("a", 1L), List.of("b", 2L)), TestAnswer.of(store, sql).rows());
      store.define(new TableSpec("events", false, false, "subject", null));
      assertEquals(3L, TestAnswer.of(store, "SELECT count(*) FROM events_current").value());
    }
  }

  /** One thread publishes and commits; whoever counts finds exactly what lies below the offset. */
  @Test
  void aTallyIsExactDuringCommits() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (EventStore store = open();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      store.define(TableSpec.open("odd"));
      Future<Long> reader = threads.submit(() -> tallyWhile(store, over));
      try {
        for (int round = 0; round < 200; round++) {
          for (long offset = round * 100L; offset < round * 100L + 100; offset++) {
            new TestRows(store, offset % 2 == 0 ? "events" : "odd", (int) (offset % 3) / 2)
                .add(offset, NOON, Map.of("n", offset));
          }
          store.intake().publish(round * 100L + 100);
          if (round % 10 == 9) {
            done(commit(store));
          }
        }
      } finally {
        over.set(true);
      }
      assertTrue(reader.get() > 0);
      assertEquals(Map.of("events", 10_000L, "odd", 10_000L), counted(store));
    }
  }

  private static long tallyWhile(EventStore store, AtomicBoolean over) {
    long tallies = 0;
    while (!over.get() || tallies == 0) {
      EventStore.Tally tally = store.tally();
      assertEquals(tally.nextOffset() / 2, tally.rows().get("events"));
      assertEquals(tally.nextOffset() / 2, tally.rows().get("odd"));
      tallies++;
    }
    return tallies;
  }

  @Test
  void allNamesAreListed() throws Exception {
    try (EventStore store = open()) {
      store.define(new TableSpec("orders", false, false, "subject", null));
      List<?> names =
          TestAnswer.of(store, "SHOW TABLES").rows().stream().map(List::getFirst).toList();
      assertEquals(
          List.of(
              "dead_letters",
              "dead_letters_history",
              "discarded",
              "discarded_history",
              "events",
              "events_history",
              "orders",
              "orders_current",
              "orders_history",
              "superseded",
              "superseded_history"),
          names);
      assertEquals(
          List.of("dead_letters", "discarded", "events", "orders", "superseded"),
          store.status().tables().stream().map(EventStore.TableStatus::name).toList());
    }
  }
}
