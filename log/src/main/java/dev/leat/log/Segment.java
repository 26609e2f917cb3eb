package dev.leat.log;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One live segment: where it lies, how far it may be read, and who is reading it now.
 *
 * <p>A reader pins the segment for the length of one read. A segment that retention took can be
 * retired only when nobody has it pinned, and can't be pinned afterwards; so no reader ever sees
 * the bytes of the file's next life.
 */
final class Segment {
  private static final int RETIRED = -1;

  final String name;
  final long baseOffset;
  final long epoch;
  final long fileBytes;
  final SparseIndex index;

  /** When its last frame was appended, as far as is known; only the writer changes it. */
  volatile long lastMicros;

  /** Some events in it can't be read: the file is kept for rescue instead of being used again. */
  volatile boolean damaged;

  private volatile End end;
  private final AtomicInteger readers = new AtomicInteger();

  /**
   * Everything before it is durable: an offset, and the position in the file that belongs to it.
   */
  record End(long offset, long position) {}

  Segment(long baseOffset, long epoch, long fileBytes) {
    this.name = SegmentLayout.name(baseOffset, epoch);
    this.baseOffset = baseOffset;
    this.epoch = epoch;
    this.fileBytes = fileBytes;
    this.index = new SparseIndex(baseOffset);
    this.end = new End(baseOffset, SegmentLayout.HEADER_BYTES);
  }

  String path() {
    return SegmentFiles.path(name);
  }

  End end() {
    return end;
  }

  void endAt(long offset, long position) {
    end = new End(offset, position);
  }

  /** False if the segment was retired; otherwise {@link #unpin} must follow. */
  boolean tryPin() {
    int now = readers.get();
    while (now != RETIRED) {
      if (readers.compareAndSet(now, now + 1)) {
        return true;
      }
      now = readers.get();
    }
    return false;
  }

  void unpin() {
    readers.decrementAndGet();
  }

  /** Takes the segment from all readers for good; false while one of them is reading. */
  boolean tryRetire() {
    return readers.compareAndSet(0, RETIRED);
  }
}
