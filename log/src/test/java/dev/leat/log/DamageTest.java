package dev.leat.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.testkit.Events;
import dev.leat.testkit.SimDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every bit and every length: what is broken is either cut because nobody was promised it, or
 * reported.
 */
class DamageTest {
  private static final Logger QUIET = Logger.getLogger("dev.leat.log");

  private final RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
  private final Events events = new Events(chance);
  private final TestClock clock = new TestClock();
  private final List<byte[]> written = new ArrayList<>();

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  @Test
  void aFileThatEndsAnywhereInTheLastFrameKeepsTheFramesBefore() throws Exception {
    SimDisk disk = diskWithFrames(3);
    String file = segments(disk).getLast();
    int end = endOfFrames(disk.bytes(file));
    int begin = end - FrameLayout.ALIGNMENT;
    for (int length = begin; length < end; length++) {
      SimDisk cut = disk.copy();
      cut.truncate(file, length);
      try (SegmentedLog log = open(cut)) {
        // Padding is not missed, as long as the sector is there at all.
        assertTrue(log.nextOffset() == 2 || length > begin + FrameLayout.HEADER_BYTES);
        assertReads(log, 2);
        assertEquals(0, log.status().damagedEvents());
        assertTrue(log.status().detail().contains(file + " was cut short"), log.status().detail());
      }
    }
  }

  /** However much is cut off the last segment, it is said. */
  @Test
  void aSegmentThatWasCutShortIsReported() throws Exception {
    SimDisk disk = diskWithFrames(3);
    String file = segments(disk).getLast();
    int size = disk.bytes(file).length;
    for (int length = 0; length <= size; length += length < 2_500 ? 1 : 499) {
      SimDisk cut = disk.copy();
      cut.truncate(file, length);
      try (SegmentedLog log = open(cut)) {
        assertEquals(length < size, log.status().detail().contains("cut short"));
        assertTrue(log.status().writable());
        append(log, events.batch(1, 50), log.nextOffset());
      }
      // One without events is over at once, and then is kept beside the log.
      assertTrue(cut.exists(file) || cut.exists(file + ".damaged"));
    }
  }

  @Test
  void anyFlippedBitOfTheLastFrameCutsItAlone() throws Exception {
    SimDisk disk = diskWithFrames(3);
    String file = segments(disk).getLast();
    int begin = endOfFrames(disk.bytes(file)) - FrameLayout.ALIGNMENT;
    int bytes =
        FrameLayout.HEADER_BYTES
            + FrameLayout.integer(disk.bytes(file), begin + FrameLayout.PAYLOAD_BYTES);
    for (long bit = begin * 8L; bit < (begin + bytes) * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(file, bit);
      try (SegmentedLog log = open(flipped)) {
        assertEquals(2, log.nextOffset());
        assertReads(log, 2);
        append(log, events.batch(1, 50), 2);
      }
    }
  }

  @Test
  void anyFlippedBitBeforeTheLastFrameIsDamageAndNothingElseIsLost() throws Exception {
    SimDisk disk = diskWithFrames(4);
    String file = segments(disk).getLast();
    int begin = endOfFrames(disk.bytes(file)) - 2 * FrameLayout.ALIGNMENT;
    int bytes =
        FrameLayout.HEADER_BYTES
            + FrameLayout.integer(disk.bytes(file), begin + FrameLayout.PAYLOAD_BYTES);
    for (long bit = begin * 8L; bit < (begin + bytes) * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(file, bit);
      for (int start = 0; start < 2; start++) {
        try (SegmentedLog log = open(flipped)) {
          assertEquals(4 + start, log.nextOffset());
          assertGap(log, 2, 3, 4 + start);
          assertEquals(1, log.status().damagedEvents());
          assertTrue(log.status().writable());
          assertTrue(log.status().detail().contains(file), log.status().detail());
          append(log, events.batch(1, 50), 4 + start);
        }
        flipped.kill();
      }
      assertTrue(flipped.exists(file));
    }
  }

  @Test
  void anyFlippedBitOfTheSegmentHeaderCostsNothing() throws Exception {
    SimDisk disk = diskWithFrames(3);
    String file = segments(disk).getLast();
    for (long bit = 0; bit < SegmentLayout.HEADER_BYTES * 8L; bit++) {
      SimDisk flipped = disk.copy();
      flipped.corrupt(file, bit);
      try (SegmentedLog log = open(flipped)) {
        assertReads(log, 3);
        append(log, events.batch(1, 50), 3);
      }
    }
  }

  @Test
  void afterACleanEndALostLastFrameIsDamage() throws Exception {
    SimDisk disk = new SimDisk();
    String file;
    int end;
    try (SegmentedLog log = open(disk)) {
      appendAll(log, 3);
      file = segments(disk).getLast();
      end = endOfFrames(disk.bytes(file));
    }
    disk.corrupt(file, (end - FrameLayout.ALIGNMENT + 70) * 8L);
    try (SegmentedLog log = open(disk)) {
      assertEquals(3, log.nextOffset());
      assertEquals(1, log.status().damagedEvents());
    }
  }

  @Test
  void aBrokenCleanEndCostsNoEventBehindIt() throws Exception {
    SimDisk disk = new SimDisk();
    try (SegmentedLog log = open(disk)) {
      appendAll(log, 2);
    }
    String file = segments(disk).getLast();
    int cleanEnd = endOfFrames(disk.bytes(file)) - FrameLayout.ALIGNMENT;
    appendAll(open(disk), 1);
    disk.kill();
    disk.corrupt(file, (cleanEnd + FrameLayout.CRC) * 8L);
    try (SegmentedLog log = open(disk)) {
      assertEquals(3, log.nextOffset());
      assertReads(log, 3);
      assertEquals(0, log.status().damagedEvents());
    }
  }

  @Test
  void damageInASealedSegmentIsFoundByTheReader() throws Exception {
    SimDisk disk = diskWithFrames(200);
    List<String> files = segments(disk);
    assertTrue(files.size() > 2);
    disk.corrupt(files.get(1), (SegmentLayout.HEADER_BYTES + 5 * FrameLayout.ALIGNMENT + 80) * 8L);
    try (SegmentedLog log = open(disk)) {
      long broken = SegmentLayout.baseOffset(files.get(1).substring(4)) + 5;
      assertGap(log, broken, broken + 1, 200);
      assertGap(log, broken, broken + 1, 200);
      assertEquals(1, log.status().damagedEvents());
      log.release(200);
      clock.move(Duration.ofDays(1));
      log.cycle();
      assertTrue(disk.exists(files.get(1) + ".damaged"));
      assertFalse(disk.exists(files.get(1)));
    }
  }

  @Test
  void aMissingOrEmptiedSealedSegmentIsAGap() throws Exception {
    for (boolean missing : new boolean[] {true, false}) {
      written.clear();
      SimDisk disk = diskWithFrames(200);
      List<String> files = segments(disk);
      long from = SegmentLayout.baseOffset(files.get(1).substring(4));
      long to = SegmentLayout.baseOffset(files.get(2).substring(4));
      if (missing) {
        disk.delete(files.get(1));
      } else {
        disk.truncate(files.get(1), 0);
      }
      try (SegmentedLog log = open(disk)) {
        assertGap(log, from, to, 200);
        assertEquals(to - from, log.status().damagedEvents());
      }
    }
  }

  @Test
  void aFrameInAnotherFramesPlaceIsNoFrame() throws Exception {
    SimDisk disk = diskWithFrames(6);
    String file = segments(disk).getLast();
    byte[] bytes = disk.bytes(file);
    int first = SegmentLayout.HEADER_BYTES;
    byte[] copied = Arrays.copyOfRange(bytes, first, first + FrameLayout.ALIGNMENT);
    disk.overwrite(file, copied, first + 3L * FrameLayout.ALIGNMENT);
    try (SegmentedLog log = open(disk)) {
      assertGap(log, 3, 4, 6);
    }
  }

  @Test
  void framesOfARecycledFilesFormerLifeAreNotSeen() throws Exception {
    SimDisk disk = new SimDisk();
    for (int round = 0; round < 6; round++) {
      try (SegmentedLog log = open(disk)) {
        appendAll(log, 60);
        log.release(log.nextOffset());
        clock.move(Duration.ofHours(2));
        log.cycle();
        log.cycle();
      }
      disk.kill();
    }
    String file = segments(disk).getLast();
    assertTrue(countMagic(disk.bytes(file)) > 1, "the file was used before");
    try (SegmentedLog log = open(disk)) {
      assertEquals(written.size(), log.nextOffset());
      append(log, events.batch(1, 50), written.size());
    }
  }

  @Test
  void aFrameImageInsideAnEventIsNotTakenForAFrame() throws Exception {
    SimDisk disk = diskWithFrames(2);
    String file = segments(disk).getLast();
    int end = endOfFrames(disk.bytes(file));
    try (SegmentedLog log = open(disk)) {
      EventBatch batch = events.batch(1, 10);
      // As if somebody who knows the format, but not the epoch, sent a log's own bytes.
      byte[] image = disk.bytes(file).clone();
      System.arraycopy(image, SegmentLayout.HEADER_BYTES, image, end + FrameLayout.ALIGNMENT, 512);
      disk.overwrite(file, Arrays.copyOfRange(image, end + 512, end + 1024), end + 512L);
      append(log, batch, 2);
    }
    disk.kill();
    try (SegmentedLog log = open(disk)) {
      assertEquals(3, log.nextOffset());
      assertEquals(0, log.status().damagedEvents());
    }
  }

  private SimDisk diskWithFrames(int frames) throws Exception {
    SimDisk disk = new SimDisk();
    SegmentedLog log = open(disk);
    appendAll(log, frames);
    // As kill -9 would leave it: no clean end.
    disk.kill();
    return disk;
  }

  private SegmentedLog open(SimDisk disk) throws Exception {
    return SegmentedLog.openStill(disk, TestLogs.SMALL, clock, chance);
  }

  private void appendAll(SegmentedLog log, int frames) throws Exception {
    for (int i = 0; i < frames; i++) {
      EventBatch batch = events.batch(1, 50);
      append(log, batch, written.size());
      written.addAll(Events.records(batch));
    }
  }

  private static void append(SegmentedLog log, EventBatch batch, long offset) throws Exception {
    PendingAppend pending = log.submit(batch);
    log.cycle();
    assertEquals(offset, assertInstanceOf(Append.Kept.class, pending.await()).firstOffset());
  }

  private static List<String> segments(SimDisk disk) throws Exception {
    return disk.list("log").stream().filter(SegmentLayout::isName).map(SegmentFiles::path).toList();
  }

  private static int endOfFrames(byte[] file) {
    int at = SegmentLayout.HEADER_BYTES;
    while (FrameLayout.integer(file, at) == FrameLayout.MAGIC_VALUE) {
      at += (int) FrameLayout.frameBytes(FrameLayout.integer(file, at + FrameLayout.PAYLOAD_BYTES));
    }
    return at;
  }

  private static int countMagic(byte[] file) {
    int count = 0;
    for (int at = 0; at < file.length; at += FrameLayout.ALIGNMENT) {
      count += FrameLayout.integer(file, at) == FrameLayout.MAGIC_VALUE ? 1 : 0;
    }
    return count;
  }

  private void assertReads(SegmentedLog log, int count) throws Exception {
    Map<Long, byte[]> read = readAll(log);
    for (int i = 0; i < count; i++) {
      assertArrayEquals(written.get(i), read.get((long) i));
    }
  }

  private void assertGap(SegmentedLog log, long from, long to, long end) throws Exception {
    Map<Long, byte[]> read = readAll(log);
    for (long offset = 0; offset < end; offset++) {
      assertEquals(offset < from || offset >= to, read.containsKey(offset), "offset " + offset);
      if (read.containsKey(offset) && offset < written.size()) {
        assertArrayEquals(written.get((int) offset), read.get(offset));
      }
    }
  }

  private static Map<Long, byte[]> readAll(SegmentedLog log) throws Exception {
    Map<Long, byte[]> read = new HashMap<>();
    try (Cursor cursor = log.read(0)) {
      for (LoggedBatch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        long offset = batch.firstOffset();
        for (byte[] record : Events.records(batch.events())) {
          read.put(offset++, record);
        }
      }
    }
    return read;
  }
}
