package dev.leat.log;

import java.util.Arrays;

/**
 * Where in a segment some of its frames begin: one every {@link #STEP_BYTES}. Safe for use by
 * several threads.
 */
final class SparseIndex {
  static final int STEP_BYTES = 256 << 10;

  private final long firstOffset;
  private long[] offsets = new long[16];
  private long[] positions = new long[16];
  private int size;

  SparseIndex(long firstOffset) {
    this.firstOffset = firstOffset;
  }

  /** Notes a frame, unless one near it or behind it is known already. */
  synchronized void add(long offset, long position) {
    long last = size == 0 ? SegmentLayout.HEADER_BYTES : positions[size - 1];
    if (position < last + STEP_BYTES) {
      return;
    }
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size * 2);
      positions = Arrays.copyOf(positions, size * 2);
    }
    offsets[size] = offset;
    positions[size++] = position;
  }

  /** The last known frame that begins at or below the offset. */
  synchronized Entry floor(long offset) {
    int found = Arrays.binarySearch(offsets, 0, size, offset);
    int at = found >= 0 ? found : -found - 2;
    return at < 0
        ? new Entry(firstOffset, SegmentLayout.HEADER_BYTES)
        : new Entry(offsets[at], positions[at]);
  }

  record Entry(long offset, long position) {}
}
