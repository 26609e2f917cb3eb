package dev.leat.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The entries of one bucket that no run holds yet: an open-addressing table over a list.
 *
 * <p>Entries stand in a list, in the order in which they came. A slot of the table is four bytes:
 * where in the list its entry is, and seven bits of its fingerprint, its tag. Nearly every id that
 * is looked up is new, so what counts is how much memory the answer no has to look at: the slots
 * are an eighth of the entries, which do not fit the caches.
 *
 * <p>An entry's home is given by the first bits of its fingerprint, which are random, and
 * collisions go to the next free slot without wrapping around. So the slots are sorted but for
 * neighbours that pushed each other aside, and {@link #sorted} costs one walk through them.
 *
 * <p>One thread puts; others may look up ids meanwhile. An entry is written once, before its slot,
 * which is set with release; who reads a slot other than zero with acquire therefore sees the entry
 * that belongs to it. A table that grew is published through a volatile field, and the old one is
 * not changed any more: who still reads it misses only what was added since it began to look. When
 * an entity's entry is overwritten in place, only the putting thread may read.
 */
final class MemTable {
  private static final int STRIDE = 4;
  private static final int LOW = 1;
  private static final int POSITION = 2;
  private static final int VERSION = 3;
  private static final int OVERFLOW_SLOTS = 128;
  private static final int FIRST_CAPACITY = 256;
  private static final int INDEX_BITS = 25;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(int[].class);

  /** The number of the cut that its first entries belong to. */
  final long firstCut;

  private volatile Memory memory;

  private int size;
  private long minPosition = Long.MAX_VALUE;
  private long maxPosition;

  /** The cut it was closed at; guarded by the lock of the index. */
  long frozenAt = Long.MAX_VALUE;

  /**
   * What a table is made of.
   *
   * @param slots tag, and index of the entry + 1; 0 while the slot is free
   * @param entries fingerprint, position, version; beyond the table's size they mean nothing
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Memory(int[] slots, long[] entries) {
    /** Room for so many entries. */
    static Memory of(int expected) {
      int capacity = FIRST_CAPACITY;
      while (most(capacity) < expected) {
        capacity *= 2;
      }
      return new Memory(new int[capacity + OVERFLOW_SLOTS], new long[most(capacity) * STRIDE]);
    }

    /** How many entries keep a table of this capacity quick. */
    private static int most(int capacity) {
      return capacity / 3 * 2;
    }

    /** The slot from which on an entry is looked for. */
    private int home(long high) {
      int capacity = slots.length - OVERFLOW_SLOTS;
      return (int) (high >>> (Long.SIZE - Integer.numberOfTrailingZeros(capacity)));
    }

    /** How many entries there is room for. */
    int room() {
      return entries.length / STRIDE;
    }

    /** Makes all slots free. */
    void clear() {
      Arrays.fill(slots, 0);
    }

    private boolean isAt(int at, long high, long low) {
      return entries[at] == high && entries[at + LOW] == low;
    }
  }

  private MemTable(long firstCut, Memory memory) {
    this.firstCut = firstCut;
    this.memory = memory;
  }

  /** A table in memory that a pool gave. */
  static MemTable in(Memory memory, long firstCut) {
    return new MemTable(firstCut, memory);
  }

  /** Its memory, when nobody uses the table any more. */
  Memory memory() {
    return memory;
  }

  /** A table that will soon hold about so many entries. */
  static MemTable expecting(int entries, long firstCut) {
    return new MemTable(firstCut, Memory.of(entries));
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
    Memory table = memory;
    int at = find(table, high, low);
    return at < 0 ? -1 : table.entries[at + POSITION];
  }

  /** Where an entry is, or -1; for {@link #versionAt}. */
  int find(long high, long low) {
    return find(memory, high, low);
  }

  long versionAt(int at) {
    return memory.entries[at + VERSION];
  }

  private static int find(Memory table, long high, long low) {
    int[] slots = table.slots;
    int tag = tag(low);
    for (int slot = table.home(high); slot < slots.length; slot++) {
      int found = (int) SLOTS.getAcquire(slots, slot);
      if (found == 0) {
        return -1;
      }
      if ((found & ~INDEX_MASK) == tag) {
        int at = at(found);
        if (table.isAt(at, high, low)) {
          return at;
        }
      }
    }
    return -1;
  }

  /** Bits of the fingerprint that say nothing of the entry's home, where a slot has them. */
  private static int tag(long low) {
    return (int) low & ~INDEX_MASK;
  }

  private static int at(int slot) {
    return ((slot & INDEX_MASK) - 1) * STRIDE;
  }

  /** Adds an entry, or replaces the one with its fingerprint. */
  void put(long high, long low, long position, long version) {
    minPosition = Math.min(minPosition, position);
    maxPosition = Math.max(maxPosition, position);
    while (!put(memory, high, low, position, version)) {
      grow();
    }
  }

  /** False if there is no room. */
  private boolean put(Memory table, long high, long low, long position, long version) {
    int[] slots = table.slots;
    int tag = tag(low);
    for (int slot = table.home(high); slot < slots.length; slot++) {
      int found = slots[slot];
      boolean free = found == 0;
      if (free && size == table.room()) {
        return false;
      }
      int at = free ? size * STRIDE : at(found);
      if (free || ((found & ~INDEX_MASK) == tag && table.isAt(at, high, low))) {
        long[] entries = table.entries;
        entries[at] = high;
        entries[at + LOW] = low;
        entries[at + POSITION] = position;
        entries[at + VERSION] = version;
        if (free) {
          size++;
          SLOTS.setRelease(slots, slot, tag | size);
        }
        return true;
      }
    }
    return false;
  }

  private void grow() {
    Memory old = memory;
    int entries = size;
    Memory bigger = old;
    do {
      bigger = Memory.of(bigger.room() + 1);
      size = 0;
    } while (!copy(old.entries, entries, bigger));
    memory = bigger;
  }

  private boolean copy(long[] from, int count, Memory to) {
    for (int at = 0; at < count * STRIDE; at += STRIDE) {
      if (!put(to, from[at], from[at + LOW], from[at + POSITION], from[at + VERSION])) {
        return false;
      }
    }
    return true;
  }

  /** All entries in order; only when nobody puts any more. */
  EntryCursor sorted() {
    Memory table = memory;
    long[] sorted = new long[size * STRIDE];
    int end = 0;
    for (int slot : table.slots) {
      if (slot != 0) {
        insert(sorted, end, table.entries, at(slot));
        end += STRIDE;
      }
    }
    return new Sorted(sorted);
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
      position = entries[at + POSITION];
      version = entries[at + VERSION];
      return true;
    }
  }
}
