package dev.leat.log;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;

/**
 * Removes the oldest segments when they are released and too old, or too many. For the writer's
 * thread.
 */
final class Retention {
  private final LogOptions options;
  private final SegmentList segments;
  private final SegmentFiles files;
  private final long retentionMicros;

  /** No longer in the log, but somebody was reading them when they left. */
  private final ArrayDeque<Segment> leaving = new ArrayDeque<>();

  private volatile long released;

  /** From here on events go for want of room only; at most {@link #released}. */
  private volatile long wanted;

  Retention(LogOptions options, SegmentList segments, SegmentFiles files) {
    this.options = options;
    this.segments = segments;
    this.files = files;
    this.retentionMicros =
        ChronoUnit.MICROS.between(
            java.time.Instant.EPOCH, java.time.Instant.EPOCH.plus(options.retention()));
  }

  /** Callable by anybody. */
  synchronized void release(long offset, long wantedFrom) {
    released = Math.max(released, offset);
    wanted = Math.max(wanted, Math.min(wantedFrom, offset));
  }

  /**
   * Whether a segment that began then should end now, lest its oldest events outlive their time by
   * much.
   */
  boolean isTooOldToGrow(long firstMicros, long now) {
    return firstMicros < now - retentionMicros / 4;
  }

  /** Removes what has expired. */
  void expire(long now) throws IOException {
    retireLeaving();
    while (mayDropFirst(wanted) && segments.first().lastMicros < now - retentionMicros) {
      dropFirst();
    }
  }

  /** Removes as much as one more segment needs; false if too little is released. */
  boolean makeRoom(long now) throws IOException {
    expire(now);
    while (isOverBudget() && mayDropFirst(released)) {
      dropFirst();
    }
    return !isOverBudget();
  }

  private boolean isOverBudget() {
    return segments.bytes() + options.segmentBytes() > options.retentionBytes();
  }

  private boolean mayDropFirst(long below) {
    return segments.size() > 1 && segments.get(1).baseOffset <= below;
  }

  private void dropFirst() throws IOException {
    leaving.add(segments.first());
    segments.removeFirst();
    retireLeaving();
  }

  private void retireLeaving() throws IOException {
    while (!leaving.isEmpty() && leaving.getFirst().tryRetire()) {
      files.retire(leaving.removeFirst());
    }
  }
}
