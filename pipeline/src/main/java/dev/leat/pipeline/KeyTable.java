package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys of bytes, each with a slot: a small number that stays its own until it is removed. An open
 * hash of slots with linear probing, at most half full, over keys that stand end to end in one
 * array. The hash of a key stands beside its slot, so that the way past other keys reads nothing
 * else. Who chooses the keys must not be able to choose them so that they collide: the hash depends
 * on a secret, and no order that anybody sees depends on the hash. For one thread.
 *
 * <p>A key may have a {@link KeyNumbers number} as a second name. Copies forget them.
 */
final class KeyTable {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
  private static final int FIRST_SLOTS = 8;
  private static final int BYTES_PER_KEY = 16;
  private static final int FREE = -1;

  private final long secret;
  private final long factor;

  /** Hashes in the upper halves, slots plus one in the lower ones; 0 is free. */
  private long[] table;

  private int[] from;

  /** {@link #FREE} for a slot without a key. */
  private int[] lengths;

  private byte[] bytes;
  private int used;
  private int garbage;
  private int slots;
  private int[] released = new int[0];
  private int releasedCount;
  private @Nullable KeyNumbers numbers;

  /**
   * @param secret what keys are hashed with; it shows in nothing but time
   */
  KeyTable(long secret) {
    this(secret, FIRST_SLOTS);
  }

  /**
   * @param expected how many keys it has room for from the beginning
   */
  KeyTable(long secret, int expected) {
    this.secret = secret;
    factor = factor(secret);
    int room = Math.max(FIRST_SLOTS, expected);
    table = new long[Integer.highestOneBit(2 * room - 1) * 2];
    from = new int[room];
    lengths = new int[room];
    bytes = new byte[room * BYTES_PER_KEY];
  }

  private KeyTable(KeyTable original) {
    secret = original.secret;
    factor = original.factor;
    table = original.table.clone();
    from = original.from.clone();
    lengths = original.lengths.clone();
    bytes = original.bytes.clone();
    used = original.used;
    garbage = original.garbage;
    slots = original.slots;
    released = original.released.clone();
    releasedCount = original.releasedCount;
  }

  /** An odd number whose bits are as good as any. */
  private static long factor(long secret) {
    return Hash64.of(secret) | 1;
  }

  KeyTable copy() {
    return new KeyTable(this);
  }

  /** How many keys there are. */
  int size() {
    return slots - releasedCount;
  }

  /** Every slot is below this. */
  int slots() {
    return slots;
  }

  /** Whether a slot below {@link #slots} has a key. */
  boolean isTaken(int slot) {
    return lengths[slot] != FREE;
  }

  /** The slot of a key, or -1. */
  int find(byte[] key, int at, int length) {
    return find(hash(key, at, length), key, at, length);
  }

  private int find(int hash, byte[] key, int at, int length) {
    long[] entries = table;
    int mask = entries.length - 1;
    for (int i = hash & mask; entries[i] != 0; i = (i + 1) & mask) {
      int slot = (int) entries[i] - 1;
      if ((int) (entries[i] >>> Integer.SIZE) == hash && equals(slot, key, at, length)) {
        return slot;
      }
    }
    return FREE;
  }

  /** The slot of the key that a number is a name of, or -1 if no such name is known. */
  int find(long number) {
    KeyNumbers known = numbers;
    return known == null ? FREE : known.find(number);
  }

  /** Names the key of a slot, which was not known by that name, and by no other. */
  void name(int slot, long number) {
    KeyNumbers known = numbers;
    if (known == null) {
      known = new KeyNumbers(factor);
      numbers = known;
    }
    known.add(number, slot);
  }

  /** The slot of a key, which is given one if it has none. */
  int slot(byte[] key, int at, int length) {
    int hash = hash(key, at, length);
    int slot = find(hash, key, at, length);
    return slot < 0 ? add(hash, key, at, length) : slot;
  }

  /** Gives a slot to a key that has none. */
  int add(byte[] key, int at, int length) {
    return add(hash(key, at, length), key, at, length);
  }

  private int add(int hash, byte[] key, int at, int length) {
    if (2 * (size() + 1) > table.length) {
      rehash(table.length * 2);
    }
    int slot = releasedCount > 0 ? released[--releasedCount] : slots++;
    if (slot == lengths.length) {
      from = Arrays.copyOf(from, slot * 2);
      lengths = Arrays.copyOf(lengths, slot * 2);
    }
    reserve(length);
    System.arraycopy(key, at, bytes, used, length);
    from[slot] = used;
    lengths[slot] = length;
    used += length;
    enter(entry(hash, slot));
    return slot;
  }

  /** Takes the slot from its key; another key may get it. */
  void remove(int slot) {
    int mask = table.length - 1;
    long entry = entry(hash(bytes, from[slot], lengths[slot]), slot);
    int hole = home(entry, mask);
    while (table[hole] != entry) {
      hole = (hole + 1) & mask;
    }
    table[hole] = 0;
    // Whoever stands behind the hole and would be looked for before it moves into it.
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      if (((i - home(table[i], mask)) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        table[i] = 0;
        hole = i;
      }
    }
    if (numbers != null) {
      numbers.remove(slot);
    }
    garbage += lengths[slot];
    lengths[slot] = FREE;
    if (releasedCount == released.length) {
      released = Arrays.copyOf(released, Math.max(FIRST_SLOTS, releasedCount * 2));
    }
    released[releasedCount++] = slot;
  }

  byte[] key(int slot) {
    return Arrays.copyOfRange(bytes, from[slot], from[slot] + lengths[slot]);
  }

  /** The array that the key of a slot stands in. */
  byte[] bytes() {
    return bytes;
  }

  int from(int slot) {
    return from[slot];
  }

  int length(int slot) {
    return lengths[slot];
  }

  /** The slots in the order of their keys, bytes unsigned. */
  int[] sorted() {
    return sorted(_ -> true);
  }

  /** The same of the slots that the condition holds for. */
  int[] sorted(IntPredicate condition) {
    int[] sorted = new int[size()];
    int count = 0;
    for (int slot = 0; slot < slots; slot++) {
      if (isTaken(slot) && condition.test(slot)) {
        sorted[count++] = slot;
      }
    }
    sorted = count == sorted.length ? sorted : Arrays.copyOf(sorted, count);
    KeyOrder.sort(this, sorted);
    return sorted;
  }

  /** How the keys of two slots stand to each other, bytes unsigned. */
  int compare(int a, int b) {
    return Arrays.compareUnsigned(
        bytes, from[a], from[a] + lengths[a], bytes, from[b], from[b] + lengths[b]);
  }

  /** The first eight bytes of a key from an index on as a number, zeros for those it lacks. */
  long prefix(int slot, int index) {
    int begin = from[slot] + index;
    int rest = lengths[slot] - index;
    if (bytes.length - begin >= Long.BYTES) {
      long prefix = (long) LONGS.get(bytes, begin);
      return rest >= Long.BYTES
          ? prefix
          : rest <= 0 ? 0 : prefix & (-1L << (Long.SIZE - Byte.SIZE * rest));
    }
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      prefix = prefix << Byte.SIZE | (i < rest ? bytes[begin + i] & 0xff : 0);
    }
    return prefix;
  }

  /** Heap bytes held. */
  long heapBytes() {
    return bytes.length
        + (long) Long.BYTES * table.length
        + Integer.BYTES * (2L * lengths.length + released.length)
        + (numbers == null ? 0 : numbers.heapBytes());
  }

  /** Most keys are too short for what {@code Arrays.equals} begins with. */
  private boolean equals(int slot, byte[] key, int at, int length) {
    if (lengths[slot] != length) {
      return false;
    }
    byte[] own = bytes;
    int begin = from[slot];
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      if ((long) LONGS.get(own, begin + i) != (long) LONGS.get(key, at + i)) {
        return false;
      }
    }
    if (i <= length - Integer.BYTES) {
      if ((int) INTS.get(own, begin + i) != (int) INTS.get(key, at + i)) {
        return false;
      }
      i += Integer.BYTES;
    }
    for (; i < length; i++) {
      if (own[begin + i] != key[at + i]) {
        return false;
      }
    }
    return true;
  }

  private static long entry(int hash, int slot) {
    return (long) hash << Integer.SIZE | (slot + 1);
  }

  private static int home(long entry, int mask) {
    return (int) (entry >>> Integer.SIZE) & mask;
  }

  private void enter(long entry) {
    int mask = table.length - 1;
    int i = home(entry, mask);
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = entry;
  }

  private void rehash(int length) {
    long[] before = table;
    table = new long[length];
    for (long entry : before) {
      if (entry != 0) {
        enter(entry);
      }
    }
  }

  private void reserve(int length) {
    if (length <= bytes.length - used) {
      return;
    }
    int live = used - garbage;
    byte[] wider = new byte[Math.max(Math.addExact(live, length), Math.max(live, FIRST_SLOTS) * 2)];
    int at = 0;
    for (int slot = 0; slot < slots; slot++) {
      if (isTaken(slot)) {
        System.arraycopy(bytes, from[slot], wider, at, lengths[slot]);
        from[slot] = at;
        at += lengths[slot];
      }
    }
    bytes = wider;
    used = at;
    garbage = 0;
  }

  /** Eight bytes at a time; the last ones overlap. Lives in memory only. */
  private int hash(byte[] key, int at, int length) {
    long hash = secret + length * MULTIPLIER;
    int end = at + length;
    if (length >= Long.BYTES) {
      for (int i = at; i < end - Long.BYTES; i += Long.BYTES) {
        hash = mix(hash ^ (long) LONGS.get(key, i));
      }
      hash = mix(hash ^ (long) LONGS.get(key, end - Long.BYTES));
    } else {
      hash = mix(hash ^ word(key, at, length));
    }
    return (int) (hash >>> 32);
  }

  /** Fewer than eight bytes as a number, different for different bytes. */
  private static long word(byte[] key, int at, int length) {
    if (length >= Integer.BYTES) {
      long first = (int) INTS.get(key, at);
      long last = (int) INTS.get(key, at + length - Integer.BYTES);
      return first << Integer.SIZE ^ last;
    }
    long word = 0;
    for (int i = at; i < at + length; i++) {
      word = word << 8 | (key[i] & 0xff);
    }
    return word;
  }

  /** Both halves of the product with a number that nobody outside knows. */
  private long mix(long value) {
    return value * factor ^ Math.unsignedMultiplyHigh(value, factor);
  }
}
