package dev.leat.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A log whose end, or all of it, was lost after others had stored what was in it. */
class LostEndTest {
  private final Events events = new Events(Seeds.chance(7));
  private final SimDisk disk = new SimDisk();
  private final TestClock clock = new TestClock();

  @Test
  void aNewLogBeginsBehindWhatWasUsed() throws Exception {
    try (SegmentedLog log = open(10)) {
      assertEquals(10, log.firstOffset());
      assertEquals(new Append.Kept(10, 11), log.append(events.batch(2, 20)));
    }
    try (SegmentedLog log = open(12)) {
      assertEquals(new Append.Kept(12, 12), log.append(events.batch(1, 20)));
    }
  }

  @Test
  void aShorterLogGoesOnBehindWhatWasUsedAndKeepsWhatItHas() throws Exception {
    try (SegmentedLog log = open(0)) {
      assertEquals(new Append.Kept(0, 4), log.append(events.batch(5, 20)));
    }
    for (int starts = 0; starts < 2; starts++) {
      try (SegmentedLog log = open(10)) {
        assertEquals(10 + starts, log.nextOffset());
        log.append(events.batch(1, 20));
      }
    }
    try (SegmentedLog log = open(0);
        Cursor cursor = log.read(0)) {
      assertEquals(0, firstOffset(cursor.next(Duration.ZERO)));
      assertEquals(10, firstOffset(cursor.next(Duration.ZERO)));
      assertEquals(11, firstOffset(cursor.next(Duration.ZERO)));
      assertNull(cursor.next(Duration.ZERO));
    }
  }

  @Test
  void anEndThatCantBeReadIsSaid() throws Exception {
    try (SegmentedLog log = open(0)) {
      for (int i = 0; i < 40; i++) {
        log.append(events.batch(1, 400));
      }
    }
    String segment =
        disk.files().stream().filter(name -> name.endsWith(".segment")).findFirst().orElseThrow();
    disk.makeBad(segment, 30); // In a frame, and all later frames lie in bad sectors too.
    for (int sector = 31; sector < disk.sectors(segment); sector++) {
      disk.makeBad(segment, sector);
    }
    try (SegmentedLog log = open(0)) {
      assertTrue(log.nextOffset() < 40);
      assertTrue(log.status().detail().contains("can't be read behind byte"));
      assertTrue(log.status().writable());
    }
  }

  private static long firstOffset(LoggedBatch batch) {
    assertNotNull(batch);
    return batch.firstOffset();
  }

  private SegmentedLog open(long usedBelow) throws Exception {
    return SegmentedLog.open(disk, TestLogs.SMALL, clock, usedBelow);
  }
}
