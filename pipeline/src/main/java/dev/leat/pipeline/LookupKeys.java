package dev.leat.pipeline;

import dev.leat.event.KeyHash;

/**
 * The keys of a lookup table, numbered by rows, and an open hash of the numbers with linear
 * probing. At most two thirds of the slots are taken. Built by one thread, then read by any.
 */
final class LookupKeys {
  private static final int FIRST_SLOTS = 16;

  private final LookupColumn.Texts keys = new LookupColumn.Texts();

  /** Row numbers plus one; 0 is free. */
  private int[] slots = new int[FIRST_SLOTS];

  /** The keys by row. */
  LookupColumn.Texts texts() {
    return keys;
  }

  int rows() {
    return keys.rows();
  }

  long size() {
    return keys.size() + (long) slots.length * Integer.BYTES;
  }

  /** Adds a key for the next row, unless it is there. */
  boolean add(byte[] key) {
    int slot = slot(key, 0, key.length);
    if (slots[slot] != 0) {
      return false;
    }
    keys.addBytes(key);
    slots[slot] = keys.rows();
    if (keys.rows() > slots.length / 3 * 2) {
      grow();
    }
    return true;
  }

  int find(byte[] bytes, int at, int length) {
    return slots[slot(bytes, at, length)] - 1;
  }

  void trim() {
    keys.trim();
  }

  /** The slot that has the key, or the free one it would go to. */
  private int slot(byte[] bytes, int at, int length) {
    int mask = slots.length - 1;
    int slot = KeyHash.of(bytes, at, length) & mask;
    while (slots[slot] != 0 && !keys.equals(slots[slot] - 1, bytes, at, length)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] wider = new int[slots.length * 2];
    int mask = wider.length - 1;
    for (int row = 0; row < keys.rows(); row++) {
      int slot = KeyHash.of(keys.bytes(), keys.from(row), keys.length(row)) & mask;
      while (wider[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      wider[slot] = row + 1;
    }
    slots = wider;
  }
}
