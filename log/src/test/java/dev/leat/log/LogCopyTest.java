package dev.leat.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Disk;
import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.event.OsDisk;
import dev.leat.event.ReadOnlyDisk;
import dev.leat.log.LogCopy.Outcome.Copied;
import dev.leat.log.LogCopy.Outcome.Gone;
import dev.leat.log.LogCopy.Stretch;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy has what the log has from a position on: no event less, none more, none else. */
class LogCopyTest {
  private static final Logger QUIET = Logger.getLogger("dev.leat.log");
  private static final LogCopy.Visitor LOOKS_ON = (_, _) -> false;

  private final RandomGenerator chance = Seeds.chance(41);
  private final Events events = new Events(chance);
  private final TestClock clock = new TestClock();
  private final List<byte[]> written = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  @Test
  void fromEveryPositionItHoldsAllThatFollows() throws Exception {
    SimDisk disk = filled(60);
    assertTrue(segments(disk).size() > 3, "a log of several segments");
    for (int position = 0; position <= written.size(); position++) {
      SimDisk copy = new SimDisk();
      Copied copied = copied(LogCopy.copy(disk, position, copy, LOOKS_ON));
      assertEquals(written.size(), copied.end());
      assertEquals(List.of(), copied.lost());
      assertHolds(copy, position);
    }
  }

  @Test
  void aCopyIsGoneOnWithLikeTheLogItself() throws Exception {
    SimDisk disk = filled(40);
    SimDisk copy = new SimDisk();
    LogCopy.copy(disk, 17, copy, LOOKS_ON);
    try (SegmentedLog log = open(copy, 17)) {
      EventBatch more = events.batch(3, 100);
      long next = written.size();
      assertEquals(new Append.Kept(next, next + 2), log.append(more));
      written.addAll(Events.records(more));
    }
    assertHolds(copy, 17);
  }

  @Test
  void whatTheVisitorChangesIsChangedInTheCopyAlone() throws Exception {
    SimDisk disk = filled(20);
    SimDisk copy = new SimDisk();
    LogCopy.copy(
        disk,
        0,
        copy,
        (batch, first) -> {
          boolean hit = first <= 7 && 7 < first + batch.count();
          if (hit) {
            int at = batch.from();
            for (long skip = first; skip < 7; skip++) {
              at +=
                  Events.records(
                          new EventBatch(batch.bytes(), at, batch.from() + batch.length() - at, 1))
                      .getFirst()
                      .length;
            }
            batch.bytes()[at + 48] ^= 1; // the first byte of its id
          }
          return hit;
        });
    assertHolds(disk, 0);
    written.get(7)[48] ^= 1;
    assertHolds(copy, 0);
  }

  @Test
  void anEndTornAnywhereIsCutAsARestartWould() throws Exception {
    SimDisk disk = filled(12);
    String last = segments(disk).getLast();
    int end = endOfFrames(disk.bytes(last));
    for (int length = SegmentLayout.HEADER_BYTES; length <= end; length += 64) {
      SimDisk cut = disk.copy();
      cut.truncate(last, length);
      SimDisk copy = new SimDisk();
      Copied copied = copied(LogCopy.copy(cut, 0, copy, LOOKS_ON));
      try (SegmentedLog log = open(cut, 0)) {
        assertEquals(log.nextOffset(), copied.end());
        assertEquals(0, copied.lostEvents());
      }
    }
  }

  @Test
  void whatIsDamagedIsReportedAndMissingInTheCopyToo() throws Exception {
    SimDisk disk = filled(60);
    List<String> segments = segments(disk);
    for (String segment : segments.subList(0, segments.size() - 1)) {
      SimDisk broken = disk.copy();
      broken.corrupt(segment, (SegmentLayout.HEADER_BYTES + 80) * 8L);
      SimDisk copy = new SimDisk();
      Copied copied = copied(LogCopy.copy(broken, 0, copy, LOOKS_ON));
      assertEquals(written.size(), copied.end());
      assertEquals(1, copied.lost().size());
      Stretch lost = copied.lost().getFirst();
      assertEquals(SegmentLayout.baseOffset(segment.substring(4)), lost.from());
      SortedMap<Long, byte[]> there = read(copy, 0);
      assertEquals(written.size() - copied.lostEvents(), there.size());
      for (var each : there.entrySet()) {
        long offset = each.getKey();
        assertTrue(offset < lost.from() || offset >= lost.to());
        assertArrayEquals(written.get((int) offset), each.getValue());
      }
      try (SegmentedLog log = open(copy, 0);
          Cursor cursor = log.read(0)) {
        while (cursor.next(Duration.ZERO) != null) {}
        assertEquals(copied.lostEvents(), log.status().damagedEvents());
      }
    }
  }

  @Test
  void aPositionThatTheLogDoesNotReachBackToIsGone() throws Exception {
    SimDisk disk = new SimDisk();
    long first;
    try (SegmentedLog log = open(disk, 0)) {
      for (int i = 0; i < 60; i++) {
        append(log);
      }
      log.release(written.size());
      clock.move(Duration.ofHours(3));
      append(log);
      append(log);
      log.cycle();
      first = log.firstOffset();
    }
    assertTrue(first > 0, "nothing was recycled");
    assertEquals(new Gone(first), LogCopy.copy(disk, first - 1, new SimDisk(), LOOKS_ON));
    copied(LogCopy.copy(disk, first, new SimDisk(), LOOKS_ON));
    assertEquals(first, LogCopy.firstOffset(disk).orElseThrow());
  }

  @Test
  void aTimeLeadsToTheFirstCommitAtOrAfterIt() throws Exception {
    SimDisk disk = new SimDisk();
    assertNull(LogCopy.moment(disk, 0));
    TreeMap<Long, Long> commits = new TreeMap<>();
    try (SegmentedLog log = open(disk, 0)) {
      for (int i = 0; i < 60; i++) {
        clock.move(Duration.ofSeconds(1));
        commits.put(
            ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()), (long) written.size());
        append(log);
      }
    }
    for (var commit : commits.entrySet()) {
      long at = commit.getKey();
      assertEquals(new LogCopy.Moment(commit.getValue(), at), LogCopy.moment(disk, at));
      assertEquals(new LogCopy.Moment(commit.getValue(), at), LogCopy.moment(disk, at - 999_999));
    }
    LogCopy.Moment behind = LogCopy.moment(disk, commits.lastKey() + 1);
    assertNotNull(behind);
    assertEquals(written.size(), behind.offset());
  }

  /**
   * A writer that rolls and recycles as fast as it can, and copies from wherever it has released.
   */
  @Test
  void whileALogIsWrittenACopyHasEverythingAnsweredBeforeItBegan() throws Exception {
    OsDisk disk = new OsDisk(directory.resolve("live"));
    LogOptions options = TestLogs.SMALL.withRetention(Duration.ofMillis(1));
    AtomicLong answered = new AtomicLong();
    AtomicLong released = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    int copies = 0;
    int gone = 0;
    try (SegmentedLog log = SegmentedLog.open(disk, options, InstantSource.system())) {
      Thread producer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (!enough.get()) {
                        Append append = log.append(events.batch(1 + chance.nextInt(20), 200));
                        answered.set(assertInstanceOf(Append.Kept.class, append).lastOffset() + 1);
                        long behind = answered.get() - 200;
                        if (behind > 0) {
                          log.release(behind);
                          released.set(behind);
                        }
                      }
                    } catch (InterruptedException unexpected) {
                      Thread.currentThread().interrupt();
                    }
                  });
      while (copies < 60 && producer.isAlive()) {
        OsDisk copy = new OsDisk(directory.resolve("copy-" + copies + "-" + gone));
        long before = answered.get();
        long position = released.get();
        switch (LogCopy.copy(new ReadOnlyDisk(disk.root()), position, copy, LOOKS_ON)) {
          case Gone _ -> gone++;
          case Copied copied -> {
            copies++;
            assertEquals(List.of(), copied.lost(), "copy " + copies);
            assertTrue(copied.end() >= before, "copy " + copies);
            SortedMap<Long, byte[]> there = read(copy, position);
            assertEquals(copied.end() - position, there.size());
          }
        }
      }
      enough.set(true);
      producer.join();
      assertTrue(log.firstOffset() > 0, "nothing was recycled");
    }
    assertEquals(60, copies, gone + " were gone");
  }

  private SimDisk filled(int batches) throws Exception {
    SimDisk disk = new SimDisk();
    try (SegmentedLog log = open(disk, 0)) {
      for (int i = 0; i < batches; i++) {
        append(log);
      }
    }
    return disk;
  }

  private void append(SegmentedLog log) throws Exception {
    EventBatch batch = events.batch(1 + chance.nextInt(8), 700);
    written.addAll(Events.records(batch));
    assertInstanceOf(Append.Kept.class, log.append(batch));
  }

  private SegmentedLog open(Disk disk, long usedBelow) throws Exception {
    return SegmentedLog.open(disk, TestLogs.SMALL, clock, usedBelow);
  }

  private static Copied copied(LogCopy.Outcome outcome) {
    return assertInstanceOf(Copied.class, outcome);
  }

  private void assertHolds(Disk disk, int position) throws Exception {
    SortedMap<Long, byte[]> there = read(disk, position);
    assertEquals(written.size() - position, there.size());
    for (int i = position; i < written.size(); i++) {
      assertArrayEquals(written.get(i), there.get((long) i), "event " + i);
    }
  }

  /** The records of a log from an offset on, by offset. */
  private SortedMap<Long, byte[]> read(Disk disk, long from) throws Exception {
    TreeMap<Long, byte[]> found = new TreeMap<>();
    try (SegmentedLog log = open(disk, from);
        Cursor cursor = log.read(from)) {
      for (LoggedBatch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        long offset = batch.firstOffset();
        for (byte[] record : Events.records(batch.events())) {
          if (offset >= from) {
            found.put(offset, record);
          }
          offset++;
        }
      }
    }
    return found;
  }

  private static List<String> segments(Disk disk) throws Exception {
    return disk.list("log").stream()
        .filter(SegmentLayout::isName)
        .map(name -> "log/" + name)
        .toList();
  }

  private static int endOfFrames(byte[] segment) {
    int at = SegmentLayout.HEADER_BYTES;
    while (at < segment.length
        && FrameLayout.integer(segment, at + FrameLayout.MAGIC) == FrameLayout.MAGIC_VALUE) {
      at +=
          (int)
              FrameLayout.frameBytes(FrameLayout.integer(segment, at + FrameLayout.PAYLOAD_BYTES));
    }
    return at;
  }
}
