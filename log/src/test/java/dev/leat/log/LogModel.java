package dev.leat.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.testkit.Events;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** A log on a simulated disk beside a list of what it must have. */
final class LogModel {
  private static final LogOptions OPTIONS =
      new LogOptions(8 << 10, 4 << 10, 2 << 10, 16 << 10, Duration.ofHours(1), 6 * (8 << 10), 0, 2);

  private final RandomGenerator chance;
  private final Events events;
  private final SimDisk disk = new SimDisk();
  private final TestClock clock = new TestClock();

  /** Every event that was answered, or was found after a crash, by its offset. */
  private final List<byte[]> kept = new ArrayList<>();

  /** Batches that were under way when the log failed: they may be there, in this order, or not. */
  private final List<EventBatch> uncertain = new ArrayList<>();

  private long released;
  private SegmentedLog log;
  private Cursor follower;
  private long followed;

  LogModel(RandomGenerator chance) {
    this.chance = chance;
    this.events = new Events(chance);
  }

  void run(int steps) throws Exception {
    reopen();
    for (int i = 0; i < steps; i++) {
      step();
      if (disk.isPowerCut() || isStopped()) {
        settle();
      }
    }
    disk.kill();
    reopen();
    log.close();
  }

  /**
   * After a history, breaks something that was durable: what is read then is right or reported
   * missing.
   */
  void runAndDamage(int steps) throws Exception {
    run(steps);
    disk.kill();
    long lastFrame =
        readLeniently(SegmentedLog.openStill(disk, OPTIONS, clock, chance), new BitSet());
    disk.kill();
    int wounds = 1 + chance.nextInt(3);
    for (int i = 0; i < wounds; i++) {
      wound();
    }
    for (int start = 0; start < 2; start++) {
      log = SegmentedLog.openStill(disk, OPTIONS, clock, chance);
      assertTrue(wounds > 1 || log.nextOffset() >= lastFrame, "more than one frame was cut");
      kept.subList((int) log.nextOffset(), kept.size()).clear();
      BitSet read = new BitSet();
      readLeniently(log, read);
      long missing = kept.size() - log.firstOffset() - read.cardinality();
      assertEquals(missing, log.status().damagedEvents());
      append();
      disk.kill();
    }
  }

  private void wound() throws IOException {
    List<String> files = disk.list("log").stream().filter(SegmentLayout::isName).toList();
    String file = SegmentFiles.path(files.get(chance.nextInt(files.size())));
    int sectors = OPTIONS.segmentBytes() / FrameLayout.ALIGNMENT;
    int at = chance.nextInt(sectors) * FrameLayout.ALIGNMENT;
    switch (chance.nextInt(4)) {
      case 0 -> disk.overwrite(file, new byte[FrameLayout.ALIGNMENT], at);
      case 1 -> {
        int from = chance.nextInt(sectors) * FrameLayout.ALIGNMENT;
        disk.overwrite(
            file, Arrays.copyOfRange(disk.bytes(file), from, from + FrameLayout.ALIGNMENT), at);
      }
      default ->
          disk.corrupt(file, (at + chance.nextInt(FrameLayout.ALIGNMENT)) * 8L + chance.nextInt(8));
    }
  }

  /** Reads all there is, notes it, and returns where the last frame begins. */
  private long readLeniently(SegmentedLog from, BitSet read) throws Exception {
    long last = 0;
    try (Cursor cursor = from.read(0)) {
      for (LoggedBatch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        assertTrue(batch.firstOffset() >= last);
        checkBytes(batch);
        read.set((int) batch.firstOffset(), (int) batch.nextOffset());
        last = batch.firstOffset();
      }
    }
    return last;
  }

  private void step() throws Exception {
    switch (chance.nextInt(24)) {
      case 0 -> disk.cutPowerAfter(chance.nextInt(25));
      case 1 -> disk.failForce(chance.nextInt(6));
      case 2 -> disk.failWrite(chance.nextInt(6));
      case 3 -> disk.capacity(chance.nextInt(3) == 0 ? chance.nextInt(80 << 10) : 1 << 30);
      case 4, 5 -> clock.move(Duration.ofMinutes(chance.nextInt(40)));
      case 6, 7 -> release();
      case 8 -> restartCleanly();
      case 9 -> settle();
      case 10, 11, 12 -> readFrom(chance.nextLong(kept.size() + 1L));
      case 13, 14 -> follow();
      default -> append();
    }
  }

  private boolean isStopped() {
    return log.status().detail().contains("start again");
  }

  private void append() {
    List<PendingAppend> pending = new ArrayList<>();
    for (int i = chance.nextInt(5); i >= 0; i--) {
      pending.add(log.submit(events.batch(1 + chance.nextInt(3), 1 << chance.nextInt(11))));
    }
    do {
      log.cycle();
    } while (!pending.stream().allMatch(PendingAppend::isAnswered));
    for (PendingAppend each : pending) {
      switch (answer(each)) {
        case Append.Kept is -> {
          assertEquals(kept.size(), is.firstOffset());
          kept.addAll(Events.records(each.batch));
          assertEquals(kept.size() - 1, is.lastOffset());
        }
        case Append.Closed is -> uncertain.add(each.batch);
        case Append.Full is -> assertTrue(is.reason().length() > 10);
        case Append.Overloaded is -> assertTrue(is.retryAfter().isPositive());
        case Append.TooLarge is -> assertTrue(is.bytes() > OPTIONS.maxBatchBytes());
      }
    }
    assertEquals(kept.size(), log.nextOffset());
  }

  private static Append answer(PendingAppend pending) {
    try {
      return pending.await();
    } catch (InterruptedException unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  private void release() {
    released = Math.max(released, chance.nextLong(kept.size() + 1L));
    log.release(released);
    log.cycle();
  }

  private void restartCleanly() throws Exception {
    log.close();
    disk.kill();
    reopen();
  }

  /** What comes after a failure: sometimes only the process dies, sometimes the power goes. */
  private void settle() throws Exception {
    if (chance.nextInt(3) == 0) {
      log.close();
    }
    end();
    reopen();
  }

  private void end() {
    if (chance.nextInt(3) == 0) {
      disk.kill();
    } else {
      disk.crash(chance);
    }
  }

  private void reopen() throws Exception {
    disk.capacity(1 << 30);
    while (true) {
      if (chance.nextInt(4) == 0) {
        disk.cutPowerAfter(chance.nextInt(12));
      } else if (chance.nextInt(8) == 0) {
        disk.failForce(chance.nextInt(3));
      }
      try {
        log = SegmentedLog.openStill(disk, OPTIONS, clock, chance);
        if (!disk.isPowerCut()) {
          break;
        }
      } catch (IOException failed) {
        // Injected just above; what was kept must be there the next time.
      }
      end();
    }
    // Until here a failure may have been left pending; the check needs a disk that works.
    disk.failForce(-1);
    disk.cutPowerAfter(1 << 30);
    checkAll();
  }

  private void checkAll() throws Exception {
    assertTrue(
        log.firstOffset() <= released, () -> "lost what was not released: " + log.firstOffset());
    acceptUncertain();
    assertEquals(0, log.status().damagedEvents());
    assertEquals("", log.status().detail());
    readFrom(log.firstOffset());
    followed = log.firstOffset();
    follower = log.read(followed);
  }

  private void acceptUncertain() {
    long end = log.nextOffset();
    for (EventBatch batch : uncertain) {
      if (kept.size() < end) {
        kept.addAll(Events.records(batch));
      }
    }
    uncertain.clear();
    assertEquals(kept.size(), end, "an answered event is missing, or a batch is there in part");
  }

  private void readFrom(long offset) throws Exception {
    try (Cursor cursor = log.read(offset)) {
      long next = Math.max(offset, log.firstOffset());
      boolean first = true;
      while (next < kept.size()) {
        LoggedBatch batch = cursor.next(Duration.ZERO);
        assertNotNull(batch, "nothing at " + next);
        assertTrue(first ? batch.firstOffset() <= next : batch.firstOffset() == next);
        checkBytes(batch);
        next = batch.nextOffset();
        first = false;
      }
      assertNull(cursor.next(Duration.ZERO));
    }
  }

  /** One more step of a cursor that lives through rolls and retention. */
  private void follow() throws Exception {
    // Retention may have taken what would have come next.
    followed = Math.max(followed, log.firstOffset());
    LoggedBatch batch = follower.next(Duration.ZERO);
    if (batch == null) {
      assertEquals(kept.size(), followed);
      return;
    }
    assertEquals(followed, batch.firstOffset());
    checkBytes(batch);
    followed = batch.nextOffset();
  }

  private void checkBytes(LoggedBatch batch) {
    List<byte[]> records = Events.records(batch.events());
    assertEquals(batch.events().count(), records.size());
    for (int i = 0; i < records.size(); i++) {
      assertArrayEquals(kept.get((int) batch.firstOffset() + i), records.get(i));
    }
  }
}
