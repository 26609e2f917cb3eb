package dev.leat.engine;

import java.util.Arrays;

/** A growing list of entries, in the order in which they came. For one thread at a time. */
final class Additions {
  private static final int STRIDE = 4;
  private static final int FIRST_ENTRIES = 64;

  private long[] values = new long[FIRST_ENTRIES * STRIDE];
  private int end;

  void add(long high, long low, long position, long version) {
    if (end == values.length) {
      values = Arrays.copyOf(values, 2 * end);
    }
    values[end] = high;
    values[end + 1] = low;
    values[end + 2] = position;
    values[end + 3] = version;
    end += STRIDE;
  }

  int size() {
    return end / STRIDE;
  }

  long high(int entry) {
    return values[entry * STRIDE];
  }

  long low(int entry) {
    return values[entry * STRIDE + 1];
  }

  long position(int entry) {
    return values[entry * STRIDE + 2];
  }

  long version(int entry) {
    return values[entry * STRIDE + 3];
  }
}
