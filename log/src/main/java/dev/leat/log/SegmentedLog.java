package dev.leat.log;

import dev.leat.event.Disk;
import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.Threads;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link EventLog}: segments of fixed size in one directory, written by one thread,
 * each commit forced before it is answered. Safe for use by any number of threads.
 *
 * <p>The constraints everything else follows from: a frame is one commit under one checksum that
 * covers its offset, its epoch and its place; a frame is written only after the one before it is
 * durable; a sector that holds acknowledged events is never written again while the segment lives,
 * but for the same bytes; only the writer thread changes files, except that spare segments are
 * filled ahead in the background; a file is used again only when its old name is gone for good and
 * nobody reads it.
 *
 * <p>Cost of an append: one copy into the frame, one checksum, one write and one force shared by
 * all that came while the last force was under way.
 */
public final class SegmentedLog implements EventLog {
  private static final Logger LOGGER = System.getLogger(SegmentedLog.class.getName());

  /** How often an idle log looks whether something expired or room came back. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String CLOSED =
      "the log is closed because Leat is stopping: send again when it runs";

  private final Disk disk;
  private final LogOptions options;
  private final AutoCloseable lock;
  private final SegmentFiles files;
  private final SegmentList segments;
  private final Damage damage;
  private final Tail tail;
  private final AppendQueue queue;
  private final LogWriter writer;
  private final @Nullable Thread thread;

  /** The oldest offset in the log of a disk, by the names of its files; 0 if it has none. */
  public static long firstOffsetOf(Disk disk) throws IOException {
    return disk.list(SegmentFiles.DIRECTORY).stream()
        .filter(SegmentLayout::isName)
        .mapToLong(SegmentLayout::baseOffset)
        .min()
        .orElse(0);
  }

  /**
   * Opens the log in the directory {@code log} of the disk, creating it if needed, and recovers
   * what a crash left.
   *
   * @throws IOException if another process has it, or the disk can't be read or written
   */
  public static SegmentedLog open(Disk disk, LogOptions options, InstantSource clock)
      throws IOException {
    return open(disk, options, clock, 0);
  }

  /**
   * Like {@link #open(Disk, LogOptions, InstantSource)}, but never gives an offset below {@code
   * usedBelow} again, even if the log was lost: whoever stored events up to there would take new
   * ones for old.
   */
  public static SegmentedLog open(
      Disk disk, LogOptions options, InstantSource clock, long usedBelow) throws IOException {
    return open(disk, options, clock, usedBelow, new SecureRandom(), Threads.real());
  }

  /**
   * The same with chance and threads of the caller's choice.
   *
   * @param chance not to be guessed by those who send events
   */
  public static SegmentedLog open(
      Disk disk,
      LogOptions options,
      InstantSource clock,
      long usedBelow,
      RandomGenerator chance,
      Threads threads)
      throws IOException {
    return open(disk, options, clock, usedBelow, chance, threads, true);
  }

  /** Without threads: the writer works in {@link #cycle} alone. */
  static SegmentedLog openStill(
      Disk disk, LogOptions options, InstantSource clock, RandomGenerator chance)
      throws IOException {
    return open(disk, options, clock, 0, chance, Threads.real(), false);
  }

  private static SegmentedLog open(
      Disk disk,
      LogOptions options,
      InstantSource clock,
      long usedBelow,
      RandomGenerator chance,
      Threads threads,
      boolean ownWriter)
      throws IOException {
    disk.createDirectories(SegmentFiles.DIRECTORY);
    disk.forceDirectory("");
    AutoCloseable lock = disk.lock(SegmentFiles.LOCK);
    try {
      return new SegmentedLog(disk, options, clock, usedBelow, chance, threads, ownWriter, lock);
    } catch (IOException | RuntimeException failed) {
      unlock(lock);
      throw failed;
    }
  }

  private SegmentedLog(
      Disk disk,
      LogOptions options,
      InstantSource clock,
      long usedBelow,
      RandomGenerator chance,
      Threads threads,
      boolean ownWriter,
      AutoCloseable lock)
      throws IOException {
    this.disk = disk;
    this.options = options;
    this.lock = lock;
    files = new SegmentFiles(disk, options);
    damage = new Damage();
    Recovery recovery = new Recovery(disk, damage);
    List<Segment> found = recovery.run(files.scan());
    boolean fresh = found.isEmpty() || found.getLast().end().offset() < usedBelow;
    if (fresh) {
      found.add(begin(found, usedBelow, chance));
    }
    segments = new SegmentList(found);
    tail = new Tail(segments.active().end().offset(), threads);
    queue = new AppendQueue(options.queueBytes(), options.frameBytes(), threads);
    writer =
        new LogWriter(
            disk,
            options,
            clock,
            chance,
            ownWriter ? task -> threads.start("leat-log-spare", task) : Runnable::run,
            files,
            segments,
            queue,
            tail,
            fresh || recovery.lastIsWritable());
    thread = ownWriter ? threads.start("leat-log-writer", this::write) : null;
  }

  /** The first segment, or the one after a log that lost its end. */
  private Segment begin(List<Segment> found, long usedBelow, RandomGenerator chance)
      throws IOException {
    if (found.isEmpty()) {
      return files.activate(usedBelow, LogWriter.nextEpoch(0, chance), Long.MIN_VALUE);
    }
    Segment last = found.getLast();
    LOGGER.log(
        Level.WARNING,
        "the log ends at offset {0}, but events up to {1} were stored from it: its end was lost, and it goes on at {1}",
        last.end().offset(),
        usedBelow);
    last.endAt(usedBelow, last.end().position());
    return files.activate(usedBelow, LogWriter.nextEpoch(last.epoch, chance), last.lastMicros);
  }

  private void write() {
    try {
      while (writer.cycle(IDLE_NANOS)) {
        // The cycle does the work.
      }
    } catch (InterruptedException unexpected) {
      queue.close("the log's writer was interrupted, which nothing should do: start again");
    }
  }

  /** One cycle of the writer, for a log without a thread. */
  void cycle() {
    try {
      writer.cycle(0);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Append append(EventBatch batch) throws InterruptedException {
    return submit(batch).await();
  }

  /** For tests: the file that is written now. */
  String activePath() {
    return segments.active().path();
  }

  PendingAppend submit(EventBatch batch) {
    PendingAppend append = new PendingAppend(batch);
    if (batch.length() > options.maxBatchBytes()) {
      append.answer(new Append.TooLarge(batch.length(), options.maxBatchBytes()));
    } else {
      Records.check(batch);
      queue.offer(append);
    }
    return append;
  }

  @Override
  public Cursor read(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offsets begin at 0, not at " + offset);
    }
    return new SegmentCursor(disk, segments, tail, damage, offset);
  }

  @Override
  public long firstOffset() {
    return segments.first().baseOffset;
  }

  @Override
  public long nextOffset() {
    return tail.nextOffset();
  }

  @Override
  public void release(long offset) {
    release(offset, offset);
  }

  @Override
  public void release(long offset, long wanted) {
    if (offset > nextOffset()) {
      throw new IllegalArgumentException(
          "offset %d can't be released, the log ends at %d".formatted(offset, nextOffset()));
    }
    writer.release(offset, wanted);
    queue.wake();
  }

  @Override
  public Status status() {
    String stopped = queue.closedBecause();
    String full = writer.full();
    String refusal = stopped != null ? stopped : full != null ? full : "";
    String damaged = damage.detail();
    String detail =
        refusal.isEmpty() || damaged.isEmpty() ? refusal + damaged : refusal + "; " + damaged;
    return new Status(
        refusal.isEmpty(), detail, segments.bytes() + files.otherBytes(), damage.events());
  }

  @Override
  public void close() {
    queue.close(CLOSED);
    if (thread == null) {
      cycle();
    } else {
      join(thread);
    }
    tail.close();
    files.close();
    unlock(lock);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException wait) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unlock(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception failed) {
      LOGGER.log(
          Level.WARNING,
          "the log's lock could not be given back; it ends with the process",
          failed);
    }
  }
}
