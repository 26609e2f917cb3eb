package dev.leat.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Gives equal values of a column the same code, counted from 0 in the order in which values first
 * come. For one thread; used again for each column.
 *
 * <p>A value is known by its first and last eight bytes and its length; only texts of more than 16
 * bytes have to be compared whole. Values that differ too much are no dictionary, nor are those
 * that a sender chose so that they meet in one place of the table: the search is bounded.
 */
final class Dictionary {
  /** What encoding says if values are better written one by one. */
  static final int NONE = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;
  private static final long SECOND_FACTOR = 0xC2B2AE3D27D4EB4FL;
  private static final int WHOLE_BYTES = 16;
  private static final int SAMPLE = 4_096;
  private static final int MAX_PROBES_PER_VALUE = 8;

  private int[] codes = new int[0];
  private int[] table = new int[0]; // code + 1, 0 where there is none
  private long[] first = new long[0]; // by code, as are the next
  private long[] last = new long[0];
  private int[] length = new int[0];
  private int[] value = new int[0];
  private int entries;
  private int shift;
  private long probes;

  /** The code of each value. */
  int[] codes() {
    return codes;
  }

  /** The value that an entry was made for. */
  int value(int entry) {
    return value[entry];
  }

  /** The entries of numbers, by code. */
  long[] numbers() {
    return first;
  }

  private int begin(int count) {
    int most = Math.max(1, count / 2);
    if (codes.length < count) {
      codes = new int[count];
    }
    if (value.length < most + 1) {
      first = new long[most + 1];
      last = new long[most + 1];
      length = new int[most + 1];
      value = new int[most + 1];
    }
    int bits = BitPacking.width(most * 2L);
    if (table.length < 1 << bits) {
      table = new int[1 << bits];
    } else {
      Arrays.fill(table, 0, 1 << bits, 0);
    }
    shift = Long.SIZE - bits;
    entries = 0;
    probes = 0;
    return most;
  }

  private boolean isPoor(int at) {
    return at == SAMPLE && entries > SAMPLE / 4 * 3;
  }

  /** Codes for numbers; how many entries, or {@link #NONE}. */
  int encodeNumbers(long[] numbers, int count) {
    int most = begin(count);
    long left = (long) MAX_PROBES_PER_VALUE * count + SAMPLE;
    int mask = (1 << (Long.SIZE - shift)) - 1;
    for (int i = 0; i < count; i++) {
      long number = numbers[i];
      int slot = (int) ((number * FIRST_FACTOR) >>> shift);
      int code = table[slot] - 1;
      while (code >= 0 && first[code] != number) {
        slot = (slot + 1) & mask;
        code = table[slot] - 1;
        probes++;
      }
      if (code < 0) {
        code = add(slot, i, number, 0, 0);
        if (entries > most) {
          return NONE;
        }
      }
      codes[i] = code;
      if (isPoor(i) || probes > left) {
        return NONE;
      }
    }
    return entries;
  }

  /** Codes for texts; how many entries, or {@link #NONE}. */
  int encodeTexts(Cells cells) {
    int count = cells.count();
    int most = begin(count);
    long left = (long) MAX_PROBES_PER_VALUE * count + SAMPLE;
    int mask = (1 << (Long.SIZE - shift)) - 1;
    for (int i = 0; i < count; i++) {
      byte[] array = cells.array(i);
      int from = cells.from(i);
      int size = cells.length(i);
      long head = head(array, from, size);
      long tail = size > Long.BYTES ? (long) LONGS.get(array, from + size - Long.BYTES) : 0;
      long hash = ((head * FIRST_FACTOR) ^ Long.rotateLeft(tail * SECOND_FACTOR, 32)) + size;
      if (size > WHOLE_BYTES) {
        hash = hash * FIRST_FACTOR + middle(array, from, size);
      }
      int slot = (int) ((hash * FIRST_FACTOR) >>> shift);
      int code = table[slot] - 1;
      while (code >= 0
          && !(first[code] == head
              && last[code] == tail
              && length[code] == size
              && (size <= WHOLE_BYTES || isEqual(cells, code, array, from, size)))) {
        slot = (slot + 1) & mask;
        code = table[slot] - 1;
        probes++;
      }
      if (code < 0) {
        code = add(slot, i, head, tail, size);
        if (entries > most) {
          return NONE;
        }
      }
      codes[i] = code;
      if (isPoor(i) || probes > left) {
        return NONE;
      }
    }
    return entries;
  }

  private int add(int slot, int at, long head, long tail, int size) {
    int code = entries++;
    table[slot] = code + 1;
    first[code] = head;
    last[code] = tail;
    length[code] = size;
    value[code] = at;
    return code;
  }

  private boolean isEqual(Cells cells, int code, byte[] array, int from, int size) {
    byte[] known = cells.array(value[code]);
    int begin = cells.from(value[code]);
    return Arrays.equals(known, begin, begin + size, array, from, from + size);
  }

  /** The first eight bytes, or as many as there are. */
  private static long head(byte[] array, int from, int size) {
    if (size >= Long.BYTES) {
      return (long) LONGS.get(array, from);
    }
    if (from + Long.BYTES <= array.length) {
      return (long) LONGS.get(array, from) & ((1L << (size * Byte.SIZE)) - 1);
    }
    long head = 0;
    for (int i = size - 1; i >= 0; i--) {
      head = (head << Byte.SIZE) | (array[from + i] & 0xFF);
    }
    return head;
  }

  private static long middle(byte[] array, int from, int size) {
    long hash = 0;
    for (int at = Long.BYTES; at < size - Long.BYTES; at += Long.BYTES) {
      hash = (hash ^ (long) LONGS.get(array, from + at)) * SECOND_FACTOR;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
