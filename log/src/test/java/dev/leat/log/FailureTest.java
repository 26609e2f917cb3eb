package dev.leat.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Disk;
import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.event.OsDisk;
import dev.leat.testkit.Events;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log answers when it can't keep. */
class FailureTest {
  private static final Logger QUIET = Logger.getLogger("dev.leat.log");

  private final RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
  private final Events events = new Events(chance);
  private final TestClock clock = new TestClock();
  private final SimDisk disk = new SimDisk();

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  @Test
  void afterAFailedForceNothingIsAnsweredKeptEverAgain() throws Exception {
    SegmentedLog log = open(TestLogs.SMALL);
    assertInstanceOf(Append.Kept.class, append(log));
    disk.failForce(0);
    Append.Closed first = assertInstanceOf(Append.Closed.class, append(log));
    assertTrue(first.reason().contains("check the disk"), first.reason());
    long changes = disk.changes();
    assertInstanceOf(Append.Closed.class, append(log));
    assertFalse(log.status().writable());
    assertEquals(first.reason(), log.status().detail());
    assertEquals(1, log.nextOffset());
    try (Cursor cursor = log.read(0)) {
      assertNotNull(cursor.next(Duration.ZERO));
    }
    log.close();
    assertEquals(changes, disk.changes(), "the disk was touched after it had failed");
  }

  @Test
  void aSegmentThatLostItsNameKeepsNothing() throws Exception {
    SegmentedLog log = open(TestLogs.SMALL);
    assertInstanceOf(Append.Kept.class, append(log));
    disk.rename(log.activePath(), "elsewhere");
    Append.Closed gone = assertInstanceOf(Append.Closed.class, append(log));
    assertTrue(gone.reason().contains("moved or removed"), gone.reason());
    log.close();
  }

  @Test
  void anIdleLogNoticesThatItsSegmentIsGone() throws Exception {
    SegmentedLog log = open(TestLogs.SMALL);
    disk.rename(log.activePath(), "elsewhere");
    log.cycle();
    assertFalse(log.status().writable());
    log.close();
  }

  @Test
  void aWriteThatFailsHalfwayLeavesNoFrame() throws Exception {
    SegmentedLog log = open(TestLogs.SMALL);
    append(log);
    disk.failWrite(0);
    assertInstanceOf(Append.Closed.class, append(log, events.batch(4, 4000)));
    log.close();
    try (SegmentedLog again = open(TestLogs.SMALL)) {
      assertEquals(1, again.nextOffset());
      assertEquals(0, again.status().damagedEvents());
      assertInstanceOf(Append.Kept.class, append(again));
    }
  }

  @Test
  void aFullDiskRefusesAndResumesWhenThereIsRoom() throws Exception {
    disk.capacity(3L * TestLogs.SMALL.segmentBytes() + 100);
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      Append.Full full = appendUntilFull(log);
      assertTrue(full.reason().contains("make room"), full.reason());
      assertFalse(log.status().writable());
      long kept = log.nextOffset();
      try (Cursor cursor = log.read(kept - 1)) {
        assertNotNull(cursor.next(Duration.ZERO));
      }
      disk.capacity(1 << 30);
      log.cycle();
      assertTrue(log.status().writable(), "an idle log notices");
      assertInstanceOf(Append.Kept.class, append(log, events.batch(1, 8000)));
    }
  }

  @Test
  void whatIsNotReleasedFillsTheBudgetAndReleasingEmptiesIt() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL.withRetentionBytes(3L * (32 << 10)))) {
      Append.Full full = appendUntilFull(log);
      assertTrue(full.reason().contains("released"), full.reason());
      assertEquals(0, log.firstOffset());
      log.release(log.nextOffset());
      log.cycle();
      assertTrue(log.status().writable());
      assertInstanceOf(Append.Kept.class, append(log, events.batch(1, 8000)));
      assertTrue(log.firstOffset() > 0);
      assertTrue(log.status().bytes() <= 5L * (32 << 10), log.status()::toString);
    }
  }

  @Test
  void anIdleLogForgetsInTimeButNothingUnreleased() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      append(log);
      append(log);
      clock.move(Duration.ofHours(5));
      log.cycle();
      assertEquals(0, log.firstOffset());
      log.release(1);
      log.cycle();
      assertEquals(0, log.firstOffset());
      log.release(2);
      log.cycle();
      assertEquals(2, log.firstOffset());
      assertEquals(2, log.nextOffset());
    }
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      assertEquals(2, log.nextOffset());
    }
  }

  /** What is still wanted outlives its time, but not the want of room. */
  @Test
  void whatIsWantedStillGoesForWantOfRoomOnly() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL.withRetentionBytes(3L * (32 << 10)))) {
      append(log);
      clock.move(Duration.ofHours(5));
      append(log);
      clock.move(Duration.ofHours(5));
      log.release(log.nextOffset(), 0);
      log.cycle();
      assertEquals(0, log.firstOffset());
      Append.Full _ = appendUntilFull(log);
      assertTrue(log.firstOffset() > 0, "no room was made");
    }
  }

  @Test
  void aSegmentOfANewerFormatIsRefusedAndLeftAsItIs() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      append(log);
    }
    String name = disk.list("log").stream().filter(SegmentLayout::isName).findFirst().orElseThrow();
    byte[] header = java.util.Arrays.copyOf(disk.bytes("log/" + name), SegmentLayout.HEADER_BYTES);
    java.nio.ByteBuffer view =
        java.nio.ByteBuffer.wrap(header).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    view.putInt(SegmentLayout.VERSION, 2);
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(header, SegmentLayout.VERSION, header.length - SegmentLayout.VERSION);
    view.putInt(SegmentLayout.CRC, (int) crc.getValue());
    disk.overwrite("log/" + name, header, 0);
    byte[] before = disk.bytes("log/" + name);
    java.io.IOException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            java.io.IOException.class, () -> open(TestLogs.SMALL));
    assertTrue(refused.getMessage().contains("has format 2"), refused.getMessage());
    assertTrue(refused.getMessage().contains("reads format 1"), refused.getMessage());
    org.junit.jupiter.api.Assertions.assertArrayEquals(before, disk.bytes("log/" + name));
  }

  @Test
  void aCursorThatFellBehindRetentionGoesOnWithTheOldestKept() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL);
        Cursor cursor = log.read(0)) {
      append(log);
      assertNotNull(cursor.next(Duration.ZERO));
      for (int i = 0; i < 10; i++) {
        append(log, events.batch(1, 16_000));
        log.release(log.nextOffset());
        clock.move(Duration.ofHours(2));
        log.cycle();
      }
      append(log);
      LoggedBatch next = cursor.next(Duration.ZERO);
      assertNotNull(next);
      assertEquals(log.firstOffset(), next.firstOffset());
    }
  }

  @Test
  void readersRacingRetentionSeeOnlyWhatWasWritten() throws Exception {
    LogOptions tiny = TestLogs.SMALL.withRetentionBytes(3L * (32 << 10));
    AtomicBoolean ended = new AtomicBoolean();
    try (SegmentedLog log = SegmentedLog.open(disk, tiny, InstantSource.system());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?>[] readers = new Future<?>[3];
      for (int i = 0; i < readers.length; i++) {
        readers[i] = threads.submit(() -> readUntil(log, ended));
      }
      for (int i = 0; i < 1000; i++) {
        EventBatch batch = numbered(log.nextOffset());
        assertInstanceOf(Append.Kept.class, log.append(batch));
        log.release(log.nextOffset());
      }
      ended.set(true);
      for (Future<?> reader : readers) {
        reader.get();
      }
      assertEquals(0, log.status().damagedEvents());
    }
  }

  private static Void readUntil(SegmentedLog log, AtomicBoolean ended) throws InterruptedException {
    long at = 0;
    try (Cursor cursor = log.read(0)) {
      while (!ended.get()) {
        LoggedBatch batch = cursor.next(Duration.ofMillis(1));
        if (batch != null) {
          assertTrue(batch.firstOffset() >= at);
          at = batch.nextOffset();
          assertEquals(
              Events.records(numbered(batch.firstOffset())).size(), batch.events().count());
          assertEquals(
              new String(Events.records(numbered(batch.firstOffset())).getFirst(), ISO_8859_1),
              new String(Events.records(batch.events()).getFirst(), ISO_8859_1));
        }
      }
    }
    return null;
  }

  /** A batch that follows from its offset. */
  private static EventBatch numbered(long offset) {
    return new Events(RandomGeneratorFactory.of("L64X128MixRandom").create(offset)).batch(1, 3000);
  }

  @Test
  void oneDirectoryHasOneLog(@TempDir Path directory) throws Exception {
    for (Disk each : new Disk[] {disk, new OsDisk(directory)}) {
      SegmentedLog log = SegmentedLog.open(each, TestLogs.SMALL, clock);
      IOException held =
          assertThrows(IOException.class, () -> SegmentedLog.open(each, TestLogs.SMALL, clock));
      assertTrue(String.valueOf(held.getMessage()).contains("in use"), held::toString);
      log.close();
      SegmentedLog.open(each, TestLogs.SMALL, clock).close();
    }
  }

  @Test
  void theQueueIsBoundedByBytesAndTheBatchToo() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL.withQueueBytes(16 << 10))) {
      PendingAppend last = log.submit(events.batch(1, 8000));
      for (int i = 0; i < 10; i++) {
        last = log.submit(batchOf(4000));
      }
      assertInstanceOf(Append.Overloaded.class, last.await());
      assertInstanceOf(Append.TooLarge.class, log.submit(batchOf(20_000)).await());
      log.cycle();
      assertInstanceOf(Append.Kept.class, append(log));
    }
  }

  @Test
  void anInterruptedAppenderWithdrawsWhatWasNotTakenYet() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      PendingAppend waiting = log.submit(events.batch(1, 10));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, waiting::await);
      assertEquals(
          0,
          append(log, events.batch(1, 10)) instanceof Append.Kept kept ? kept.firstOffset() : -1);
      assertEquals(1, log.nextOffset());
    }
  }

  @Test
  void anInterruptedAppenderLearnsWhatBecameOfABatchThatWasTaken() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      PendingAppend taken = log.submit(events.batch(1, 10));
      log.cycle();
      Thread.currentThread().interrupt();
      assertInstanceOf(Append.Kept.class, taken.await());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void anInterruptedReaderCanGoOn() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL);
        Cursor cursor = log.read(0)) {
      append(log);
      assertNotNull(cursor.next(Duration.ZERO));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> cursor.next(Duration.ofSeconds(20)));
      append(log);
      assertNotNull(cursor.next(Duration.ZERO));
    }
  }

  @Test
  void aBatchThatMiscountsItsEventsIsADefectOfTheCaller() throws Exception {
    try (SegmentedLog log = open(TestLogs.SMALL)) {
      EventBatch batch = events.batch(2, 10);
      EventBatch wrong = new EventBatch(batch.bytes(), batch.from(), batch.length(), 3);
      assertThrows(IllegalArgumentException.class, () -> log.append(wrong));
      assertThrows(
          IllegalArgumentException.class, () -> log.append(new EventBatch(new byte[0], 0, 0, 0)));
      assertThrows(IllegalArgumentException.class, () -> log.release(1));
      assertThrows(IllegalArgumentException.class, () -> log.read(-1));
    }
  }

  private EventBatch batchOf(int atLeastBytes) {
    EventBatch batch = events.batch(1, 2 * atLeastBytes);
    while (batch.length() < atLeastBytes) {
      batch = events.batch(1, 2 * atLeastBytes);
    }
    return batch;
  }

  private Append.Full appendUntilFull(SegmentedLog log) throws Exception {
    for (int i = 0; i < 1000; i++) {
      Append answer = append(log, events.batch(1, 4000));
      if (answer instanceof Append.Full full) {
        return full;
      }
      assertInstanceOf(Append.Kept.class, answer);
    }
    throw new AssertionError("never full");
  }

  private Append append(SegmentedLog log) throws Exception {
    return append(log, events.batch(1, 100));
  }

  private static Append append(SegmentedLog log, EventBatch batch) throws Exception {
    PendingAppend pending = log.submit(batch);
    for (int i = 0; i < 20 && !pending.isAnswered(); i++) {
      log.cycle();
    }
    return pending.await();
  }

  private SegmentedLog open(LogOptions options) throws Exception {
    return SegmentedLog.openStill(disk, options, clock, chance);
  }
}
