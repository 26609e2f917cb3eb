package dev.leat.pipeline;

import java.util.Arrays;

/**
 * Numbers the different hashes it is given, in the order in which they come: a hash table of 64-bit
 * hashes by their lowest bits, without holes of more than twice its content. For one thread.
 */
final class HashSlots {
  private static final int SMALLEST = 4;

  private long[] hashes;
  private int[] table;
  private int size;

  HashSlots() {
    hashes = new long[SMALLEST];
    table = new int[2 * SMALLEST];
  }

  private HashSlots(HashSlots source) {
    hashes = source.hashes.clone();
    table = source.table.clone();
    size = source.size;
  }

  int size() {
    return size;
  }

  long hash(int slot) {
    return hashes[slot];
  }

  /** The slot of a hash, or -1. */
  int find(long hash) {
    int at = (int) hash & (table.length - 1);
    for (; table[at] != 0; at = (at + 1) & (table.length - 1)) {
      if (hashes[table[at] - 1] == hash) {
        return table[at] - 1;
      }
    }
    return -1;
  }

  /** The slot of a hash; the size before the call if it is new. */
  int add(long hash) {
    int slot = find(hash);
    if (slot >= 0) {
      return slot;
    }
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      table = new int[4 * size];
      for (int i = 0; i < size; i++) {
        place(i);
      }
    }
    hashes[size] = hash;
    place(size);
    return size++;
  }

  HashSlots copy() {
    return new HashSlots(this);
  }

  /** Heap bytes held. */
  long bytes() {
    return 64 + 8L * hashes.length + 4L * table.length;
  }

  private void place(int slot) {
    int at = (int) hashes[slot] & (table.length - 1);
    while (table[at] != 0) {
      at = (at + 1) & (table.length - 1);
    }
    table[at] = slot + 1;
  }
}
