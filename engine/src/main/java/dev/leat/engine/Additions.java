package dev.leat.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A growing list of entries, in the order in which they came. For one thread at a time. It grows by
 * chunks, so that nothing is copied and no chunk is too large for the young generation.
 */
final class Additions {
  private static final int STRIDE = 4;
  private static final int CHUNK_SHIFT = 11;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_SHIFT;
  private static final int FIRST_ENTRIES = 16;

  private final List<long[]> chunks = new ArrayList<>();
  private long[] last = {};

  /** Where in the last chunk the next entry goes. */
  private int end;

  private int size;

  void add(long high, long low, long position, long version) {
    if (end == last.length) {
      grow();
    }
    last[end] = high;
    last[end + 1] = low;
    last[end + 2] = position;
    last[end + 3] = version;
    end += STRIDE;
    size++;
  }

  private void grow() {
    if (size > 0 && end < CHUNK_ENTRIES * STRIDE) {
      // The only chunk is small as long as it suffices.
      last = Arrays.copyOf(last, Math.min(4 * end, CHUNK_ENTRIES * STRIDE));
      chunks.set(0, last);
    } else {
      last = new long[(size == 0 ? FIRST_ENTRIES : CHUNK_ENTRIES) * STRIDE];
      chunks.add(last);
      end = 0;
    }
  }

  int size() {
    return size;
  }

  long high(int entry) {
    return value(entry, 0);
  }

  long low(int entry) {
    return value(entry, 1);
  }

  long position(int entry) {
    return value(entry, 2);
  }

  long version(int entry) {
    return value(entry, 3);
  }

  private long value(int entry, int field) {
    return chunks.get(entry >>> CHUNK_SHIFT)[(entry & (CHUNK_ENTRIES - 1)) * STRIDE + field];
  }
}
