package dev.leat.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The entries of one bucket that no run holds yet: an open-addressing table.
 *
 * <p>An entry's home is given by the first bits of its fingerprint, which are random, and
 * collisions go to the next free slot without wrapping around. So the table is sorted but for
 * neighbours that pushed each other aside, and {@link #sorted} costs one walk through it.
 *
 * <p>One thread puts; others may look up ids meanwhile. A slot is filled once, its position last
 * and with release; who reads a position other than zero with acquire therefore sees the
 * fingerprint that belongs to it. A table that grew is published through a volatile field, and the
 * old one is not changed any more: who still reads it misses only what was added since it began to
 * look. When an entity's entry is overwritten in place, only the putting thread may read.
 */
final class MemTable {
  static final int STRIDE = 4;
  private static final int LOW = 1;
  private static final int POSITION = 2;
  private static final int VERSION = 3;
  private static final int OVERFLOW_SLOTS = 128;
  private static final int FIRST_CAPACITY = 256;
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

  /** The number of the cut that its first entries belong to. */
  final long firstCut;

  /** Fingerprint, position + 1 (0 if free), version. */
  private volatile long[] slots;

  private int shift;
  private int capacity;
  private int size;
  private long minPosition = Long.MAX_VALUE;
  private long maxPosition;

  /** The cut it was closed at; guarded by the lock of the index. */
  long frozenAt = Long.MAX_VALUE;

  /** Read by the lookup thread; set by the thread that puts. */
  private MemTable(long firstCut, long[] slots) {
    this.firstCut = firstCut;
    this.capacity = slots.length / STRIDE - OVERFLOW_SLOTS;
    this.shift = shift(capacity);
    this.slots = slots;
  }

  /** The length of the memory of a table that holds so many entries. */
  static int lengthFor(int entries) {
    int capacity = FIRST_CAPACITY;
    while (capacity / 3 * 2 < entries) {
      capacity *= 2;
    }
    return (capacity + OVERFLOW_SLOTS) * STRIDE;
  }

  /** A table in memory that a pool gave. */
  static MemTable in(long[] slots, long firstCut) {
    return new MemTable(firstCut, slots);
  }

  /** Its memory, when nobody uses the table any more. */
  long[] memory() {
    return slots;
  }

  /** A table that will soon hold about so many entries. */
  static MemTable expecting(int entries, long firstCut) {
    return new MemTable(firstCut, new long[lengthFor(entries)]);
  }

  private static int shift(int capacity) {
    return Long.SIZE - Integer.numberOfTrailingZeros(capacity);
  }

  int size() {
    return size;
  }

  long minPosition() {
    return minPosition;
  }

  long maxPosition() {
    return maxPosition;
  }

  /** The position of an entry, or -1. Any thread. */
  long position(long high, long low) {
    long[] table = slots;
    int at = find(table, high, low);
    return at < 0 ? -1 : table[at + POSITION] - 1;
  }

  /** The slot of an entry, or -1; for {@link #versionAt}. */
  int find(long high, long low) {
    return find(slots, high, low);
  }

  long versionAt(int slot) {
    return slots[slot + VERSION];
  }

  private static int find(long[] table, long high, long low) {
    int capacity = table.length / STRIDE - OVERFLOW_SLOTS;
    for (int at = (int) (high >>> shift(capacity)) * STRIDE; at < table.length; at += STRIDE) {
      if ((long) SLOTS.getAcquire(table, at + POSITION) == 0) {
        return -1;
      }
      if (table[at] == high && table[at + LOW] == low) {
        return at;
      }
    }
    return -1;
  }

  /** Adds an entry, or replaces the one with its fingerprint. */
  void put(long high, long low, long position, long version) {
    minPosition = Math.min(minPosition, position);
    maxPosition = Math.max(maxPosition, position);
    while (size >= capacity / 3 * 2 || !put(slots, high, low, position, version)) {
      grow();
    }
  }

  /** False if there is no room behind the entry's home. */
  private boolean put(long[] table, long high, long low, long position, long version) {
    for (int at = (int) (high >>> shift) * STRIDE; at < table.length; at += STRIDE) {
      boolean free = table[at + POSITION] == 0;
      if (free || (table[at] == high && table[at + LOW] == low)) {
        table[at] = high;
        table[at + LOW] = low;
        table[at + VERSION] = version;
        SLOTS.setRelease(table, at + POSITION, position + 1);
        size += free ? 1 : 0;
        return true;
      }
    }
    return false;
  }

  private void grow() {
    long[] old = slots;
    long[] bigger;
    do {
      capacity *= 2;
      shift = shift(capacity);
      size = 0;
      bigger = new long[(capacity + OVERFLOW_SLOTS) * STRIDE];
    } while (!copy(old, bigger));
    slots = bigger;
  }

  private boolean copy(long[] from, long[] to) {
    for (int at = 0; at < from.length; at += STRIDE) {
      if (from[at + POSITION] != 0
          && !put(to, from[at], from[at + LOW], from[at + POSITION] - 1, from[at + VERSION])) {
        return false;
      }
    }
    return true;
  }

  /** All entries in order; only when nobody puts any more. */
  EntryCursor sorted() {
    long[] table = slots;
    long[] entries = new long[size * STRIDE];
    int end = 0;
    for (int at = 0; at < table.length; at += STRIDE) {
      if (table[at + POSITION] != 0) {
        insert(entries, end, table, at);
        end += STRIDE;
      }
    }
    return new Sorted(entries);
  }

  private static void insert(long[] entries, int end, long[] from, int slot) {
    int at = end;
    while (at > 0 && isBefore(from, slot, entries, at - STRIDE)) {
      System.arraycopy(entries, at - STRIDE, entries, at, STRIDE);
      at -= STRIDE;
    }
    System.arraycopy(from, slot, entries, at, STRIDE);
  }

  private static boolean isBefore(long[] left, int i, long[] right, int j) {
    int order = Long.compareUnsigned(left[i], right[j]);
    return order < 0 || (order == 0 && Long.compareUnsigned(left[i + LOW], right[j + LOW]) < 0);
  }

  private static final class Sorted extends EntryCursor {
    private final long[] entries;
    private int at = -STRIDE;

    Sorted(long[] entries) {
      this.entries = entries;
    }

    @Override
    boolean next() {
      at += STRIDE;
      if (at >= entries.length) {
        return false;
      }
      high = entries[at];
      low = entries[at + LOW];
      position = entries[at + POSITION] - 1;
      version = entries[at + VERSION];
      return true;
    }
  }
}
