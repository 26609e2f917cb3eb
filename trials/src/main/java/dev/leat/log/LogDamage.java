package dev.leat.log;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog.Append;
import dev.leat.event.EventLog.Cursor;
import dev.leat.event.EventLog.LoggedBatch;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import dev.leat.trials.Damage;
import dev.leat.trials.DamageCase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a log: sealed segments, the one that is written to, in a file that had an earlier
 * life, and a spare one.
 */
public final class LogDamage implements DamageCase {
  private static final LogOptions OPTIONS =
      new LogOptions(6 << 10, 2 << 10, 1 << 10, 1 << 20, Duration.ofHours(1), 1 << 30, 0, 2);
  private static final Instant BEGIN = Instant.parse("2025-06-01T00:00:00Z");
  private static final int DATA_BYTES = 120;

  private final String type;
  private final SimDisk disk = new SimDisk();
  private final TreeMap<Long, byte[]> written = new TreeMap<>();
  private final TreeMap<String, Long> files = new TreeMap<>();
  private final long first;
  private final long lastFrame;
  private final boolean closed;

  /** As a killed process leaves them: what the last frame holds may be taken for unfinished. */
  public static LogDamage killed() throws IOException, InterruptedException {
    return new LogDamage("log", false);
  }

  /** As an orderly end leaves them. */
  public static LogDamage closed() throws IOException, InterruptedException {
    return new LogDamage("log-closed", true);
  }

  private LogDamage(String type, boolean closed) throws IOException, InterruptedException {
    this.type = type;
    this.closed = closed;
    Events events = new Events(Seeds.chance(7));
    Instant[] now = {BEGIN};
    SegmentedLog log = open(disk, () -> now[0]);
    fill(log, events, 18);
    // All segments so far become spares, and are used again.
    log.release(log.nextOffset());
    now[0] = now[0].plus(Duration.ofDays(1));
    log.cycle();
    log.cycle();
    long last = fill(log, events, 20);
    first = log.firstOffset();
    written.headMap(first).clear();
    if (closed) {
      log.close();
    }
    disk.kill();
    lastFrame = last;
    for (String name : disk.list(SegmentFiles.DIRECTORY)) {
      String path = SegmentFiles.path(name);
      long bytes = disk.bytes(path).length;
      if (bytes > 0) {
        files.put(path, bytes);
      }
    }
  }

  private static SegmentedLog open(SimDisk on, InstantSource clock) throws IOException {
    return SegmentedLog.openStill(on, OPTIONS, clock, Seeds.chance(5));
  }

  /** Returns the first offset of the last frame. */
  private long fill(SegmentedLog log, Events events, int frames) throws InterruptedException {
    long last = -1;
    for (int i = 0; i < frames; i++) {
      EventBatch batch = events.batch(1 + i % 3, DATA_BYTES);
      last = append(log, batch);
      long offset = last;
      for (byte[] record : Events.records(batch)) {
        written.put(offset++, record);
      }
    }
    return last;
  }

  private static long append(SegmentedLog log, EventBatch batch) throws InterruptedException {
    PendingAppend pending = log.submit(batch);
    log.cycle();
    if (pending.await() instanceof Append.Kept kept) {
      return kept.firstOffset();
    }
    throw new IllegalStateException("the log takes nothing: " + log.status());
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public SortedMap<String, Long> files() {
    return files;
  }

  @Override
  public Outcome open(Damage damage) throws Exception {
    SimDisk damaged = damage.on(disk);
    InstantSource clock = InstantSource.fixed(BEGIN.plus(Duration.ofDays(1)));
    Outcome outcome;
    EventBatch more = new Events(Seeds.chance(9)).batch(2, DATA_BYTES);
    long at;
    try (SegmentedLog log = open(damaged, clock)) {
      outcome = compare(log, log.nextOffset());
      if (outcome instanceof Outcome.Wrong) {
        return outcome;
      }
      // It goes on, with offsets that nothing readable has.
      at = append(log, more);
      if (at <= highest(read(log, first), at)) {
        return Outcome.wrong("offset %d was given again".formatted(at));
      }
    }
    damaged.kill();
    try (SegmentedLog log = open(damaged, clock)) {
      Map<Long, byte[]> read = read(log, first);
      if (!Arrays.equals(Events.records(more).getLast(), read.get(at + 1))) {
        return Outcome.wrong("what was appended after the damage at %d is gone".formatted(at));
      }
      Outcome again = compare(log, at);
      return again instanceof Outcome.Wrong ? again : outcome;
    }
  }

  private static long highest(Map<Long, byte[]> read, long below) {
    return read.keySet().stream().filter(offset -> offset < below).max(Long::compare).orElse(-1L);
  }

  /** What is read has to be right, and what is not has to be said, the last frame excepted. */
  private Outcome compare(SegmentedLog log, long end) {
    SortedMap<Long, byte[]> read = read(log, 0);
    long missing = 0;
    for (Map.Entry<Long, byte[]> event : written.entrySet()) {
      byte @Nullable [] found = event.getKey() < end ? read.get(event.getKey()) : null;
      if (found == null) {
        missing += event.getKey() < lastFrame || closed ? 1 : 0;
      } else if (!Arrays.equals(found, event.getValue())) {
        return Outcome.wrong("event %d is another".formatted(event.getKey()));
      }
    }
    for (long offset : read.headMap(end).keySet()) {
      if (!written.containsKey(offset)) {
        return Outcome.wrong("event %d was never there".formatted(offset));
      }
    }
    String detail = log.status().detail();
    boolean said = !detail.isEmpty();
    if (missing > 0 && !said) {
      return Outcome.wrong("%d events are gone and nobody says so".formatted(missing));
    }
    return said || read.headMap(end).size() < written.size() ? Outcome.DETECTED : Outcome.HARMLESS;
  }

  private static SortedMap<Long, byte[]> read(SegmentedLog log, long from) {
    TreeMap<Long, byte[]> read = new TreeMap<>();
    try (Cursor cursor = log.read(from)) {
      for (LoggedBatch batch = cursor.next(Duration.ZERO);
          batch != null;
          batch = cursor.next(Duration.ZERO)) {
        long offset = batch.firstOffset();
        for (byte[] each : Events.records(batch.events())) {
          read.put(offset++, each);
        }
      }
    } catch (InterruptedException nobodyDoesThat) {
      throw new IllegalStateException(nobodyDoesThat);
    }
    return read;
  }

  @Override
  public void close() {
    // All of it is in memory.
  }
}
