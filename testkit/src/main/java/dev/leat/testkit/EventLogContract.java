package dev.leat.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link EventLog} promises. A version of it passes this before anything is built on it.
 */
public abstract class EventLogContract {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
  private final Events events = new Events(chance);
  private EventLog log;

  /** Opens the log that this test instance works on, with what it kept before. */
  protected abstract EventLog open() throws Exception;

  @BeforeEach
  void openLog() throws Exception {
    log = open();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void offsetsBeginAtZeroAndGrowByOne() throws Exception {
    assertEquals(0, log.nextOffset());
    assertEquals(new Append.Kept(0, 2), log.append(events.batch(3, 100)));
    assertEquals(new Append.Kept(3, 3), log.append(events.batch(1, 100)));
    assertEquals(4, log.nextOffset());
    assertEquals(0, log.firstOffset());
  }

  @Test
  void whatIsKeptIsReadAsItWasWritten() throws Exception {
    List<byte[]> written = append(20);
    assertRecords(written, 0, read(log, 0, written.size()));
  }

  @Test
  void aReopenedLogHasEverythingAndGoesOn() throws Exception {
    List<byte[]> written = append(20);
    log.close();
    log = open();
    assertEquals(written.size(), log.nextOffset());
    written.addAll(append(5));
    assertRecords(written, 0, read(log, 0, written.size()));
  }

  @Test
  void readingBeginsWithTheBatchThatHoldsTheOffset() throws Exception {
    List<byte[]> written = append(30);
    for (int offset = 0; offset < written.size(); offset++) {
      try (Cursor cursor = log.read(offset)) {
        LoggedBatch first = next(cursor);
        assertTrue(first.firstOffset() <= offset && offset < first.nextOffset(), first::toString);
        assertArrayEquals(
            written.get(offset),
            Events.records(first.events()).get((int) (offset - first.firstOffset())));
      }
    }
  }

  @Test
  void aCursorWaitsForWhatComes() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Cursor cursor = log.read(0)) {
      Future<Long> seen = threads.submit(() -> next(cursor).firstOffset());
      log.append(events.batch(1, 10));
      assertEquals(0, seen.get());
    }
  }

  @Test
  void patienceEnds() throws Exception {
    try (Cursor cursor = log.read(0)) {
      assertNull(cursor.next(Duration.ZERO));
      assertNull(cursor.next(Duration.ofMillis(5)));
    }
  }

  @Test
  void closingWakesAWaitingCursor() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Cursor cursor = log.read(0)) {
      Future<Boolean> ended = threads.submit(() -> endsWithoutBatch(cursor));
      log.close();
      assertTrue(ended.get());
    }
  }

  @Test
  void aClosedLogSaysSo() throws Exception {
    log.close();
    Append.Closed closed = assertInstanceOf(Append.Closed.class, log.append(events.batch(1, 10)));
    assertTrue(closed.reason().length() > 10, closed.reason());
    assertTrue(!log.status().writable());
  }

  @Test
  void closingTwiceIsHarmless() {
    log.close();
    log.close();
  }

  @Test
  void aSoundLogIsWritableAndHasNothingToTell() throws Exception {
    append(3);
    EventLog.Status status = log.status();
    assertTrue(status.writable());
    assertEquals("", status.detail());
    assertEquals(0, status.damagedEvents());
    assertTrue(status.bytes() > 0);
  }

  @Test
  void everyAppenderGetsItsOwnContiguousOffsets() throws Exception {
    int appenders = 16;
    int rounds = 20;
    List<Callable<List<byte[]>>> tasks = new ArrayList<>();
    byte[][] byOffset = new byte[appenders * rounds * 3][];
    for (int i = 0; i < appenders; i++) {
      Events own = new Events(RandomGeneratorFactory.of("L64X128MixRandom").create(i));
      tasks.add(
          () -> {
            for (int round = 0; round < rounds; round++) {
              EventBatch batch = own.batch(3, 300);
              Append.Kept kept = assertInstanceOf(Append.Kept.class, log.append(batch));
              assertEquals(kept.firstOffset() + 2, kept.lastOffset());
              List<byte[]> records = Events.records(batch);
              for (int k = 0; k < 3; k++) {
                byOffset[(int) kept.firstOffset() + k] = records.get(k);
              }
            }
            return List.of();
          });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<byte[]>> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
    assertRecords(List.of(byOffset), 0, read(log, 0, byOffset.length));
  }

  @Test
  void releasingChangesNothingThatIsStillInTime() throws Exception {
    List<byte[]> written = append(10);
    log.release(written.size());
    assertRecords(written, 0, read(log, 0, written.size()));
  }

  private static boolean endsWithoutBatch(Cursor cursor) throws InterruptedException {
    try {
      return cursor.next(LONG) == null;
    } catch (IllegalStateException closedBefore) {
      return true;
    }
  }

  private List<byte[]> append(int batches) throws InterruptedException {
    List<byte[]> written = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      EventBatch batch = events.batch(1 + chance.nextInt(4), 1 << chance.nextInt(12));
      assertInstanceOf(Append.Kept.class, log.append(batch));
      written.addAll(Events.records(batch));
    }
    return written;
  }

  private static LoggedBatch next(Cursor cursor) throws InterruptedException {
    LoggedBatch batch = cursor.next(LONG);
    assertNotNull(batch);
    return batch;
  }

  private static List<byte[]> read(EventLog log, long offset, int count)
      throws InterruptedException {
    List<byte[]> records = new ArrayList<>();
    try (Cursor cursor = log.read(offset)) {
      while (records.size() < count) {
        LoggedBatch batch = next(cursor);
        assertEquals(offset + records.size(), batch.firstOffset());
        List<byte[]> more = Events.records(batch.events());
        assertEquals(batch.events().count(), more.size());
        records.addAll(more);
      }
    }
    return records;
  }

  private static void assertRecords(List<byte[]> expected, int from, List<byte[]> actual) {
    assertEquals(expected.size() - from, actual.size());
    for (int i = 0; i < actual.size(); i++) {
      assertArrayEquals(expected.get(from + i), actual.get(i), "event " + (from + i));
    }
  }
}
