package dev.leat.bench;

import java.util.Arrays;

/** A count that grew, and when. Safe for any thread. */
final class Timeline {
  private static final long RESOLUTION_NANOS = 1_000_000;

  private long[] nanos = new long[1_024];
  private long[] counts = new long[1_024];
  private int size;

  /** Takes a reading, unless the last is less than a millisecond old or the count has not grown. */
  synchronized void add(long atNanos, long count) {
    if (size > 0 && (atNanos - nanos[size - 1] < RESOLUTION_NANOS || count <= counts[size - 1])) {
      return;
    }
    if (size == nanos.length) {
      nanos = Arrays.copyOf(nanos, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    nanos[size] = atNanos;
    counts[size++] = count;
  }

  synchronized int size() {
    return size;
  }

  synchronized long nanos(int at) {
    return nanos[at];
  }

  synchronized long count(int at) {
    return counts[at];
  }

  /** The first reading of at least this count; -1 if there is none. */
  synchronized long reached(long count) {
    int at = Arrays.binarySearch(counts, 0, size, count);
    int found = at < 0 ? -at - 1 : at;
    return found == size ? -1 : nanos[found];
  }
}
