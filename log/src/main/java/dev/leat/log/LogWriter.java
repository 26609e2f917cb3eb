package dev.leat.log;

import dev.leat.event.Disk;
import dev.leat.event.EventLog.Append;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The only one who writes. Each cycle commits what queued up during the last one, then lets
 * retention work: group commit whose size follows the load and the speed of the disk. Only where
 * many wait for each commit is there a pause between two ({@link AppendQueue}).
 *
 * <p>Owned by one thread; others see what it has published in the segments and the tail.
 */
final class LogWriter {
  private static final Logger LOGGER = System.getLogger(LogWriter.class.getName());

  /**
   * Epochs grow by random steps, so that nobody who sends events can put an image of a valid frame
   * into one.
   */
  private static final long EPOCH_STEP = 1L << 36;

  private final Disk disk;
  private final LogOptions options;
  private final InstantSource clock;
  private final RandomGenerator chance;
  private final Executor background;
  private final SegmentFiles files;
  private final SegmentList segments;
  private final AppendQueue queue;
  private final Tail tail;
  private final Retention retention;

  private final List<PendingAppend> group = new ArrayList<>();
  private ByteBuffer staging = ByteBuffer.allocateDirect(0);
  private Segment active;
  private Disk.File file;
  private long position;
  private long offset;
  private long firstMicros = Long.MAX_VALUE;
  private boolean markedClean = true;
  private boolean ended;

  /** Why appends are refused now although the log is sound; null if they are not. */
  private volatile @Nullable String full;

  LogWriter(
      Disk disk,
      LogOptions options,
      InstantSource clock,
      RandomGenerator chance,
      Executor background,
      SegmentFiles files,
      SegmentList segments,
      AppendQueue queue,
      Tail tail,
      boolean activeIsWritable)
      throws IOException {
    this.disk = disk;
    this.options = options;
    this.clock = clock;
    this.chance = chance;
    this.background = background;
    this.files = files;
    this.segments = segments;
    this.queue = queue;
    this.tail = tail;
    this.retention = new Retention(options, segments, files);
    this.active = segments.active();
    this.file = disk.open(active.path());
    this.position = activeIsWritable ? active.end().position() : active.fileBytes;
    this.offset = active.end().offset();
    if (offset > active.baseOffset) {
      // The first append's time is not known any more; the last one's will do for a decision about
      // age.
      this.firstMicros = active.lastMicros;
    }
    prepareAhead();
  }

  static long nextEpoch(long epoch, RandomGenerator chance) {
    return epoch + 1 + chance.nextLong(EPOCH_STEP);
  }

  @Nullable String full() {
    return full;
  }

  void release(long released, long wanted) {
    retention.release(released, wanted);
  }

  /**
   * Commits what waits, waiting a while if nothing does; false when the log has come to its end.
   */
  boolean cycle(long patienceNanos) throws InterruptedException {
    if (ended) {
      return false;
    }
    queue.take(group, patienceNanos);
    try {
      long now = micros(clock.instant());
      commitGroup(now);
      if (queue.closedBecause() == null) {
        keepHouse(now);
        return true;
      }
      finish(now);
    } catch (IOException failed) {
      stop(
          "the log's disk failed (%s): nothing unanswered was kept; check the disk, then start again"
              .formatted(failed.getMessage()),
          failed);
    } catch (RuntimeException | Error defect) {
      stop(
          "the log's writer stopped by a defect (%s): start again and report it".formatted(defect),
          defect);
    } finally {
      group.clear();
    }
    return false;
  }

  private void stop(String reason, Throwable cause) {
    LOGGER.log(Level.ERROR, reason, cause);
    queue.close(reason);
    for (PendingAppend each : group) {
      // Answered ones keep their answer.
      each.answer(new Append.Closed(reason));
    }
    end();
  }

  /**
   * Leaves an empty frame as proof that all before it was durable: what breaks later is damage, not
   * a torn end.
   */
  private void finish(long now) throws IOException {
    if (!markedClean && FrameLayout.frameBytes(0) <= room()) {
      write(group, 0, 0, now);
    }
    end();
  }

  private void end() {
    // After a failure this is what keeps anything more from being written or forced.
    ended = true;
    closeFile();
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException failed) {
      LOGGER.log(
          Level.WARNING,
          "closing " + active.path() + " failed; all answered events are durable",
          failed);
    }
  }

  private void commitGroup(long now) throws IOException {
    String refusal = null;
    int from = 0;
    while (from < group.size()) {
      int to = fitting(from);
      if (to > from) {
        commit(from, to, now);
        from = to;
      } else if (refusal == null) {
        refusal = roll(now);
      } else {
        full = refusal;
        group.get(from++).answer(new Append.Full(refusal));
      }
    }
  }

  /** The end of the longest run of batches from here that fits the active segment. */
  private int fitting(int from) {
    long bytes = 0;
    int to = from;
    while (to < group.size()
        && FrameLayout.align(FrameLayout.HEADER_BYTES + bytes + group.get(to).batch.length())
            <= room()) {
      bytes += group.get(to++).batch.length();
    }
    return to;
  }

  private long room() {
    return active.fileBytes - position;
  }

  private void commit(int from, int to, long now) throws IOException {
    long first = offset;
    String refusal = write(group, from, to, now);
    full = refusal;
    for (PendingAppend each : group.subList(from, to)) {
      if (refusal != null) {
        each.answer(new Append.Full(refusal));
      } else {
        each.answer(new Append.Kept(first, first + each.batch.count() - 1));
        first += each.batch.count();
      }
    }
  }

  /**
   * Makes one frame of the batches durable and visible; or says why the disk has no room for it.
   */
  private @Nullable String write(List<PendingAppend> batches, int from, int to, long now)
      throws IOException {
    int events = stage(batches, from, to);
    FrameLayout.seal(staging, active.epoch, offset, now, position, events);
    int frameBytes = staging.remaining();
    try {
      file.write(staging, position);
    } catch (IOException failed) {
      if (disk.freeBytes() < options.segmentBytes()) {
        // Also reserved blocks can need room, where a file system copies on write. The next frame
        // goes over this one.
        return "the disk is full (%s): make room".formatted(failed.getMessage());
      }
      throw failed;
    }
    file.force();
    checkPlace();
    active.index.add(offset, position);
    active.lastMicros = now;
    position += frameBytes;
    offset += events;
    firstMicros = Math.min(firstMicros, now);
    markedClean = events == 0;
    active.endAt(offset, position);
    tail.moveTo(offset);
    return null;
  }

  /**
   * A file that lost its name can still be written and forced, but no start would find it: what is
   * in it was not kept.
   */
  private void checkPlace() throws IOException {
    if (!disk.exists(active.path())) {
      throw new IOException(
          active.path() + " is gone: the data directory was moved or removed, put it back");
    }
  }

  private int stage(List<PendingAppend> batches, int from, int to) {
    long bytes = FrameLayout.HEADER_BYTES;
    for (PendingAppend each : batches.subList(from, to)) {
      bytes += each.batch.length();
    }
    if (staging.capacity() < FrameLayout.align(bytes)) {
      long wanted = Math.max(bytes, FrameLayout.HEADER_BYTES + (long) options.frameBytes());
      staging =
          ByteBuffer.allocateDirect(Math.toIntExact(FrameLayout.align(wanted)))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    staging.clear().position(FrameLayout.HEADER_BYTES);
    int events = 0;
    for (PendingAppend each : batches.subList(from, to)) {
      staging.put(each.batch.bytes(), each.batch.from(), each.batch.length());
      events += each.batch.count();
    }
    return events;
  }

  /** Goes on in a new segment, or says why it can't. */
  private @Nullable String roll(long now) throws IOException {
    if (!retention.makeRoom(now)) {
      return "the log holds %d bytes, as many as it may, and processing has not released the oldest: let it catch up or raise the limit"
          .formatted(segments.bytes());
    }
    try {
      activateNext();
      return null;
    } catch (NoRoomException full) {
      LOGGER.log(Level.WARNING, full.getMessage());
      return String.valueOf(full.getMessage());
    }
  }

  private void activateNext() throws IOException {
    Segment next = files.activate(offset, nextEpoch(active.epoch, chance), active.lastMicros);
    Disk.File nextFile = disk.open(next.path());
    closeFile();
    file = nextFile;
    active = next;
    next.lastMicros = Long.MIN_VALUE;
    position = SegmentLayout.HEADER_BYTES;
    firstMicros = Long.MAX_VALUE;
    markedClean = true;
    segments.append(next);
    prepareAhead();
  }

  private void prepareAhead() {
    background.execute(
        () -> {
          try {
            files.prepare();
          } catch (NoRoomException full) {
            // No harm yet: the writer will ask again when it needs the segment, and then it refuses
            // appends.
            LOGGER.log(Level.DEBUG, full.getMessage());
          }
        });
  }

  private void keepHouse(long now) throws IOException {
    checkPlace();
    if (full != null && roomCameBack(now)) {
      full = null;
    }
    if (offset > active.baseOffset && retention.isTooOldToGrow(firstMicros, now)) {
      // If there is no room for a new segment the old one grows on; when to try again follows from
      // this.
      firstMicros = now;
      roll(now);
    }
    retention.expire(now);
  }

  private boolean roomCameBack(long now) throws IOException {
    try {
      files.prepare();
      return retention.makeRoom(now);
    } catch (NoRoomException stillFull) {
      LOGGER.log(Level.DEBUG, stillFull.getMessage());
      return false;
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
