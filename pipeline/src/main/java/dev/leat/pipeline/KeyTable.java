package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Keys of bytes, each with a slot: a small number that stays its own until it is removed. An open
 * hash of slots with linear probing, at most half full, over keys that stand end to end in one
 * array. For one thread.
 */
final class KeyTable {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;
  private static final int FIRST_SLOTS = 8;
  private static final int BYTES_PER_KEY = 16;
  private static final int FREE = -1;

  /** Slots plus one; 0 is free. */
  private int[] table;

  private int[] hashes;
  private int[] from;

  /** {@link #FREE} for a slot without a key. */
  private int[] lengths;

  private byte[] bytes;
  private int used;
  private int garbage;
  private int slots;
  private int[] released = new int[0];
  private int releasedCount;

  KeyTable() {
    table = new int[2 * FIRST_SLOTS];
    hashes = new int[FIRST_SLOTS];
    from = new int[FIRST_SLOTS];
    lengths = new int[FIRST_SLOTS];
    bytes = new byte[FIRST_SLOTS * BYTES_PER_KEY];
  }

  private KeyTable(KeyTable original) {
    table = original.table.clone();
    hashes = original.hashes.clone();
    from = original.from.clone();
    lengths = original.lengths.clone();
    bytes = original.bytes.clone();
    used = original.used;
    garbage = original.garbage;
    slots = original.slots;
    released = original.released.clone();
    releasedCount = original.releasedCount;
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
    int hash = hash(key, at, length);
    int mask = table.length - 1;
    for (int i = hash & mask; table[i] != 0; i = (i + 1) & mask) {
      int slot = table[i] - 1;
      if (hashes[slot] == hash && equals(slot, key, at, length)) {
        return slot;
      }
    }
    return -1;
  }

  /** The slot of a key, which is given one if it has none. */
  int slot(byte[] key, int at, int length) {
    int slot = find(key, at, length);
    return slot < 0 ? add(key, at, length) : slot;
  }

  /** Gives a slot to a key that has none. */
  int add(byte[] key, int at, int length) {
    if (2 * (size() + 1) > table.length) {
      rehash(table.length * 2);
    }
    int slot = releasedCount > 0 ? released[--releasedCount] : slots++;
    if (slot == lengths.length) {
      hashes = Arrays.copyOf(hashes, slot * 2);
      from = Arrays.copyOf(from, slot * 2);
      lengths = Arrays.copyOf(lengths, slot * 2);
    }
    reserve(length);
    System.arraycopy(key, at, bytes, used, length);
    hashes[slot] = hash(key, at, length);
    from[slot] = used;
    lengths[slot] = length;
    used += length;
    enter(slot);
    return slot;
  }

  /** Takes the slot from its key; another key may get it. */
  void remove(int slot) {
    int mask = table.length - 1;
    int hole = hashes[slot] & mask;
    while (table[hole] != slot + 1) {
      hole = (hole + 1) & mask;
    }
    table[hole] = 0;
    // Whoever stands behind the hole and would be looked for before it moves into it.
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      int home = hashes[table[i] - 1] & mask;
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        table[i] = 0;
        hole = i;
      }
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
    Integer[] sorted = new Integer[size()];
    int count = 0;
    for (int slot = 0; slot < slots; slot++) {
      if (isTaken(slot)) {
        sorted[count++] = slot;
      }
    }
    Arrays.sort(sorted, this::compare);
    return Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
  }

  private int compare(int a, int b) {
    return Arrays.compareUnsigned(
        bytes, from[a], from[a] + lengths[a], bytes, from[b], from[b] + lengths[b]);
  }

  /** Heap bytes held. */
  long heapBytes() {
    return bytes.length + Integer.BYTES * (table.length + 3L * lengths.length + released.length);
  }

  private boolean equals(int slot, byte[] key, int at, int length) {
    int begin = from[slot];
    return Arrays.equals(bytes, begin, begin + lengths[slot], key, at, at + length);
  }

  private void enter(int slot) {
    int mask = table.length - 1;
    int i = hashes[slot] & mask;
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = slot + 1;
  }

  private void rehash(int length) {
    table = new int[length];
    for (int slot = 0; slot < slots; slot++) {
      if (isTaken(slot)) {
        enter(slot);
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
  private static int hash(byte[] key, int at, int length) {
    long hash = length * MULTIPLIER;
    int end = at + length;
    if (length >= Long.BYTES) {
      for (int i = at; i < end - Long.BYTES; i += Long.BYTES) {
        hash = mix(hash ^ (long) LONGS.get(key, i));
      }
      hash = mix(hash ^ (long) LONGS.get(key, end - Long.BYTES));
    } else {
      long word = 0;
      for (int i = at; i < end; i++) {
        word = word << 8 | (key[i] & 0xff);
      }
      hash = mix(hash ^ word);
    }
    return (int) (hash >>> 32);
  }

  private static long mix(long value) {
    long mixed = value * MULTIPLIER;
    return (mixed ^ mixed >>> 32) * MULTIPLIER;
  }
}
