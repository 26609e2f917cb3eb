package dev.leat.pipeline;

import java.util.Arrays;

/**
 * Short names of keys: the number that a key is the text of, so that who has the number finds the
 * slot of the key without writing it as text. An open hash of slots with linear probing, at most
 * half full; it may know few of the keys or none. For one thread.
 */
final class KeyNumbers {
  static final int NONE = -1;

  private static final int SMALLEST = 16;

  private final long factor;

  /** Slots plus one; 0 is free. */
  private int[] table = new int[SMALLEST];

  /** By slot; only that of a slot in the table means something. */
  private long[] numbers = new long[SMALLEST];

  private int shift = shift(SMALLEST);
  private int size;

  /**
   * @param factor odd, and known to nobody who chooses numbers
   */
  KeyNumbers(long factor) {
    this.factor = factor;
  }

  private static int shift(int length) {
    return Long.SIZE - Integer.numberOfTrailingZeros(length);
  }

  /** The slot of the number's key, if that is known, or {@link #NONE}. */
  int find(long number) {
    int[] slots = table;
    int mask = slots.length - 1;
    for (int i = home(number); slots[i] != 0; i = (i + 1) & mask) {
      int slot = slots[i] - 1;
      if (numbers[slot] == number) {
        return slot;
      }
    }
    return NONE;
  }

  /** Says that a slot is that of the number's key, which was not known. */
  void add(long number, int slot) {
    if (slot >= numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(slot + 1, numbers.length * 2));
    }
    if (2 * ++size > table.length) {
      grow();
    }
    numbers[slot] = number;
    enter(slot);
  }

  /** Forgets a slot, if it is known. */
  void remove(int slot) {
    if (slot >= numbers.length) {
      return;
    }
    int mask = table.length - 1;
    int hole = home(numbers[slot]);
    while (table[hole] != slot + 1) {
      if (table[hole] == 0) {
        return;
      }
      hole = (hole + 1) & mask;
    }
    table[hole] = 0;
    size--;
    // Whoever stands behind the hole and would be looked for before it moves into it.
    for (int i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      int home = home(numbers[table[i] - 1]);
      if (((i - home) & mask) >= ((i - hole) & mask)) {
        table[hole] = table[i];
        table[i] = 0;
        hole = i;
      }
    }
  }

  /** Heap bytes held. */
  long heapBytes() {
    return (long) Integer.BYTES * table.length + (long) Long.BYTES * numbers.length;
  }

  private int home(long number) {
    long value = number ^ factor;
    return (int) ((value * factor ^ Math.unsignedMultiplyHigh(value, factor)) >>> shift);
  }

  private void enter(int slot) {
    int mask = table.length - 1;
    int i = home(numbers[slot]);
    while (table[i] != 0) {
      i = (i + 1) & mask;
    }
    table[i] = slot + 1;
  }

  private void grow() {
    int[] before = table;
    table = new int[before.length * 2];
    shift = shift(table.length);
    for (int entry : before) {
      if (entry != 0) {
        enter(entry - 1);
      }
    }
  }
}
