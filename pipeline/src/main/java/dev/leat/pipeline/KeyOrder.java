package dev.leat.pipeline;

import java.util.Arrays;

/**
 * Sorts the slots of keys by their bytes, unsigned. Comparing keys byte by byte through their slots
 * costs a cache miss and a call for each of {@code n log n} times. So what comes first of a key
 * behind what all keys share is made a number, as many bits as there is room for beside the index,
 * and those numbers are sorted. Only keys that are still equal then are compared themselves.
 */
final class KeyOrder {
  private final KeyTable keys;
  private final int[] slots;

  private KeyOrder(KeyTable keys, int[] slots) {
    this.keys = keys;
    this.slots = slots;
  }

  /** Sorts slots that have keys. */
  static void sort(KeyTable keys, int[] slots) {
    KeyOrder order = new KeyOrder(keys, slots);
    if (!order.isSorted()) {
      order.sort();
    }
  }

  /** As those are that were read. */
  private boolean isSorted() {
    for (int i = 1; i < slots.length; i++) {
      if (keys.compare(slots[i - 1], slots[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private void sort() {
    int shared = shared();
    long[] prefixes = new long[slots.length];
    long different = 0;
    for (int i = 0; i < slots.length; i++) {
      prefixes[i] = keys.prefix(slots[i], shared);
      different |= prefixes[i] ^ prefixes[0];
    }
    int same = Long.numberOfLeadingZeros(different);
    int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(slots.length);
    long indexMask = (1L << indexBits) - 1;
    for (int i = 0; i < slots.length; i++) {
      // The highest bit is turned, for the numbers are compared with a sign.
      prefixes[i] = (((prefixes[i] << same) ^ Long.MIN_VALUE) & ~indexMask) | i;
    }
    Arrays.sort(prefixes);
    int[] unsorted = slots.clone();
    int begin = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = unsorted[(int) (prefixes[i] & indexMask)];
      if (i + 1 == slots.length || (prefixes[i] ^ prefixes[i + 1]) >>> indexBits != 0) {
        compare(begin, i + 1);
        begin = i + 1;
      }
    }
  }

  /** How many bytes all keys begin with alike. */
  private int shared() {
    byte[] bytes = keys.bytes();
    int first = keys.from(slots[0]);
    int shared = keys.length(slots[0]);
    for (int slot : slots) {
      int from = keys.from(slot);
      int end = Math.min(shared, keys.length(slot));
      int difference = Arrays.mismatch(bytes, first, first + end, bytes, from, from + end);
      shared = difference < 0 ? end : difference;
    }
    return shared;
  }

  private void compare(int from, int to) {
    if (to - from < 2) {
      return;
    }
    Integer[] equal = new Integer[to - from];
    Arrays.setAll(equal, i -> slots[from + i]);
    Arrays.sort(equal, keys::compare);
    for (int i = from; i < to; i++) {
      slots[i] = equal[i - from];
    }
  }
}
