package dev.leat.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The promise that decouples collecting from processing: events are kept in one total order, and an
 * append that was answered with {@link Append.Kept} survives the death of the process and of the
 * machine's power.
 *
 * <p>Every event has an offset; offsets begin at 0, grow by one from event to event and are never
 * given twice to events that were kept. Any number of threads may append and read at once.
 */
public interface EventLog extends AutoCloseable {
  /**
   * Keeps all events of the batch, or none, and returns when they are durable or when it is certain
   * that this log will not keep them. Blocks; call it from a virtual thread. The batch must not
   * change before it returns.
   *
   * @throws InterruptedException if the caller was interrupted while waiting; the events may or may
   *     not have been kept
   */
  Append append(EventBatch batch) throws InterruptedException;

  /**
   * A cursor whose first batch holds {@code offset}, or begins after it if the log does not reach
   * back so far ({@link #firstOffset}) or that stretch is damaged. Only durable events are seen.
   * One thread per cursor.
   */
  Cursor read(long offset);

  /** The oldest offset still kept; equal to {@link #nextOffset()} when the log is empty. */
  long firstOffset();

  /** The offset the next durable event will have: everything below is durable. */
  long nextOffset();

  /**
   * Says that nobody will need the events below {@code offset} to recover: retention may now remove
   * them. Until then they stay, whatever the retention says.
   */
  void release(long offset);

  /**
   * Like {@link #release(long)}, but the events from {@code wanted} on would be of use still: they
   * go only where there is no room for new ones otherwise, and not for their age. A log that can't
   * make the difference lets them go.
   */
  default void release(long offset, long wanted) {
    release(offset);
  }

  /** What operators need to know; cheap enough for every health check. */
  Status status();

  /**
   * Waits for the append under way, answers those still queued with {@link Append.Closed}, and
   * frees the directory.
   */
  @Override
  void close();

  /** Every way an append can end. */
  sealed interface Append {
    /** The events are durable. {@code lastOffset} belongs to the last of them. */
    record Kept(long firstOffset, long lastOffset) implements Append {}

    /** Too much is waiting to be written; nothing of this batch was kept. */
    record Overloaded(Duration retryAfter) implements Append {}

    /** The disk or the log's byte budget is full; nothing of this batch was kept. */
    record Full(String reason) implements Append {}

    /**
     * The batch is larger than a batch may be; nothing was kept and nothing would be on a retry.
     */
    record TooLarge(int bytes, int maximumBytes) implements Append {}

    /**
     * The log has stopped for good, after a failed write or because it was closed; the reason says
     * what to do.
     */
    record Closed(String reason) implements Append {}
  }

  /** A batch as it stands in the log. The bytes are the cursor's and change with its next step. */
  record LoggedBatch(EventBatch events, long firstOffset, long appendedMicros) {
    public long nextOffset() {
      return firstOffset + events.count();
    }
  }

  /** A place in the log that moves forward. Not safe for use by several threads. */
  interface Cursor extends AutoCloseable {
    /**
     * The next durable batch, waiting up to {@code patience} for one to come; null if none came.
     * Where a stretch of the log is damaged, the batch after it comes next and its {@code
     * firstOffset} shows the gap.
     */
    @Nullable LoggedBatch next(Duration patience) throws InterruptedException;

    /** Frees the cursor's buffers and file; closing twice is harmless. */
    @Override
    void close();
  }

  /**
   * How the log is.
   *
   * @param writable whether an append can succeed now
   * @param detail in words for the operator; empty if all is well
   * @param bytes what the log occupies on disk
   * @param damagedEvents events that were durable once and can't be read any more
   */
  record Status(boolean writable, String detail, long bytes, long damagedEvents) {}
}
