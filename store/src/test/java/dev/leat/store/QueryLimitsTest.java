package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import dev.leat.event.TableSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that want too much of time, memory or company end with a reason, and the store lives
 * on.
 */
class QueryLimitsTest {
  private static final long MEMORY_BYTES = 64L << 20;

  @TempDir private Path directory;
  private DuckStore store;

  @BeforeEach
  void openStore() throws Exception {
    StoreOptions options =
        StoreOptions.defaults(1)
            .withQueries(2, MEMORY_BYTES, 2)
            .withSpill(0)
            .withQueueWait(Duration.ofMillis(10));
    store = DuckStore.open(directory, options, InstantSource.system());
    store.define(TableSpec.open("events"));
    TestRows rows = new TestRows(store, "events", 0);
    for (int i = 0; i < 1_000; i++) {
      rows.add(i, Instant.EPOCH, Map.of("n", (long) i));
    }
    rows.publish(1_000);
  }

  @AfterEach
  void storeLivesOn() throws Exception {
    assertEquals(
        499_500L,
        ((Number) TestAnswer.of(store, "SELECT sum(data.n)::BIGINT FROM events").value())
            .longValue());
    store.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM range(1000000000000) a(i), range(1000) b(j) WHERE i * j = 7",
        "SELECT i FROM range(1000000000000) a(i) WHERE i = -1",
        "SELECT * FROM range(1000000000000) a(i) WHERE hash(i) = 1",
        "SELECT count(*) FROM events a, events b, events c, events d",
        "SELECT max(a.id || b.id || c.id) FROM events a, events b, events c, events d",
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        "SELECT sum(length(regexp_replace(a.id || b.id, '(.*)*x', 'y'))) FROM events a, events b, events c",
        "SELECT (SELECT count(*) FROM range(100000000) b(j) WHERE j % 7 = a.i % 7) FROM range(1000) a(i)"
      })
  void aRunawayRunsIntoItsTimeLimit(String sql) throws Exception {
    long start = System.nanoTime();
    TestAnswer answer =
        TestAnswer.of(store, new Question(sql, List.of(), Duration.ofMillis(300), 1_000));
    assertEquals(Reason.TIMEOUT, answer.refused().reason(), answer::toString);
    assertTrue(System.nanoTime() - start < 5_000_000_000L);
    // Its place is free again as soon as the engine has let go, or the next statements would find
    // it busy for good.
    assertTrue(store.awaitIdle(Duration.ofSeconds(20)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM (SELECT i, md5(i::VARCHAR) FROM range(100000000) t(i) GROUP BY ALL)",
        "SELECT list(i) FROM range(1000000000) t(i)",
        "SELECT i, md5(i::VARCHAR) AS m FROM range(100000000) t(i) ORDER BY m",
        "SELECT count(*) FROM range(100000000) a(i) JOIN (SELECT md5(i::VARCHAR) AS m, i FROM range(100000000) t(i)) b ON a.i = b.i",
        "SELECT string_agg(md5(i::VARCHAR)) FROM range(100000000) t(i)",
        "SELECT histogram(i) FROM range(100000000) t(i)",
        "WITH RECURSIVE t(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM t WHERE length(s) < 1000000000) SELECT max(length(s)) FROM t",
        "SELECT max(row_number) FROM (SELECT row_number() OVER (ORDER BY md5(i::VARCHAR)) AS row_number FROM range(100000000) t(i))"
      })
  void aMemoryBombIsDefused(String sql) throws Exception {
    TestAnswer answer =
        TestAnswer.of(store, new Question(sql, List.of(), Duration.ofSeconds(60), 1_000));
    assertEquals(Reason.MEMORY, answer.refused().reason(), answer::toString);
  }

  @Test
  void anEndlessResultIsCutOff() throws Exception {
    TestAnswer answer =
        TestAnswer.of(
            store,
            new Question(
                "SELECT * FROM range(1000000000000)", List.of(), Duration.ofSeconds(20), 5_000));
    assertEquals(5_000, answer.count());
    assertTrue(((EventStore.Answer.Rows) answer.end()).truncated());
  }

  @Test
  void tooManyAtATimeAreTold() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = threads.submit(() -> hold(started, release));
      Future<?> two = threads.submit(() -> hold(started, release));
      started.await();
      assertEquals(Reason.BUSY, TestAnswer.of(store, "SELECT 1").refused().reason());
      release.countDown();
      one.get();
      two.get();
    }
    assertTrue(store.awaitIdle(Duration.ofSeconds(20)));
  }

  /** Asks for more than the hand-over holds, and takes its time with the first row. */
  private Void hold(CountDownLatch started, CountDownLatch release) throws InterruptedException {
    store.query(
        new Question("SELECT * FROM range(100000)", List.of(), Duration.ofSeconds(30), 100_000),
        new EventStore.Receiver() {
          private boolean first = true;

          @Override
          public void columns(List<ColumnInfo> columns) {
            // Their number is of no interest here.
          }

          @Override
          public void row(Object[] values) {
            if (first) {
              first = false;
              started.countDown();
              awaitQuietly(release);
            }
          }
        });
    return null;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  @Test
  void aReceiverThatFailsStopsTheStatement() throws Exception {
    EventStore.Receiver failing =
        new EventStore.Receiver() {
          @Override
          public void columns(List<ColumnInfo> columns) {
            throw new IllegalStateException("gone");
          }

          @Override
          public void row(Object[] values) {
            throw new AssertionError("no row follows a failure");
          }
        };
    Question endless =
        new Question(
            "SELECT * FROM range(1000000000000)",
            List.of(),
            Duration.ofSeconds(30),
            Long.MAX_VALUE);
    assertThrows(IllegalStateException.class, () -> store.query(endless, failing));
    assertTrue(store.awaitIdle(Duration.ofSeconds(20)));
  }

  @Test
  void hostileTextIsAnswered() throws Exception {
    String deep = "SELECT " + "(".repeat(5_000) + "1" + ")".repeat(5_000);
    String sum = "SELECT 1" + " + 1".repeat(2_000);
    String nested = "(SELECT * FROM ".repeat(500) + "events" + ")".repeat(500);
    for (String sql : List.of(deep, sum, nested)) {
      EventStore.Answer end = TestAnswer.of(store, sql).end();
      assertTrue(
          end instanceof EventStore.Answer.Rows
              || (end instanceof EventStore.Answer.Refused refused
                  && refused.reason() == Reason.INVALID),
          end::toString);
    }
    assertEquals(
        Reason.INVALID,
        TestAnswer.of(store, "SELECT '" + "x".repeat(200_000) + "'").refused().reason());
    assertEquals(Reason.INVALID, TestAnswer.of(store, "").refused().reason());
    assertEquals(Reason.INVALID, TestAnswer.of(store, "SELECT \0 1").refused().reason());
  }
}
