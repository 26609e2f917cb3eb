package dev.leat.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow at their end, numbers in little-endian order. For one thread. */
final class ByteSink {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[256];
  private int length;

  /** The array that holds the bytes, until more of them are reserved. */
  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Gives memory back that only the largest of pages needed. */
  void shrink(int mostBytes) {
    if (bytes.length > mostBytes) {
      bytes = new byte[mostBytes];
    }
    length = 0;
  }

  /** Makes room for so many more bytes, and returns the array they belong into. */
  byte[] reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Math.max(needed, bytes.length * 2L), Integer.MAX_VALUE - 8));
    }
    return bytes;
  }

  /** Says that so many bytes after the end were filled in. */
  void advance(int more) {
    length += more;
  }

  void put(int value) {
    reserve(1)[length++] = (byte) value;
  }

  void put(byte[] from, int at, int count) {
    System.arraycopy(from, at, reserve(count), length, count);
    length += count;
  }

  void putInt(int value) {
    INTS.set(reserve(Integer.BYTES), length, value);
    length += Integer.BYTES;
  }

  void putLong(long value) {
    LONGS.set(reserve(Long.BYTES), length, value);
    length += Long.BYTES;
  }

  /** Replaces four bytes that were put before. */
  void setInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  /** Seven bits a byte, the lowest first (ULEB128). */
  void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      put((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    put((int) rest);
  }

  /** The same for numbers of either sign near zero. */
  void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }
}
