package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what a {@link ByteWriter} wrote. Bytes that end too early throw an {@link
 * IllegalStateException}. For one thread.
 */
final class ByteReader {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private int position;

  ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  ByteReader(byte[] bytes, int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.length);
    this.bytes = bytes;
    this.position = from;
    this.end = from + length;
  }

  byte getByte() {
    return bytes[take(1)];
  }

  short getShort() {
    return (short) SHORT.get(bytes, take(Short.BYTES));
  }

  int getInt() {
    return (int) INT.get(bytes, take(Integer.BYTES));
  }

  long getLong() {
    return (long) LONG.get(bytes, take(Long.BYTES));
  }

  double getDouble() {
    return Double.longBitsToDouble(getLong());
  }

  /** A number in the one way the writer spells it. */
  long getVarint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = getByte();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        if ((shift == 63 && next > 1) || (shift > 0 && next == 0)) {
          break;
        }
        return value;
      }
    }
    throw new IllegalStateException("a number of too many bytes");
  }

  /** A number that says how many of something follow, each of so many bytes at least. */
  int getCount(int bytesEach) {
    long count = getVarint();
    if (count < 0 || count > remaining() / bytesEach) {
      throw cutShort();
    }
    return (int) count;
  }

  byte[] getBytes(int count) {
    int from = take(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  /** Where the next byte stands in the array. */
  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  private int take(int count) {
    if (count < 0 || count > end - position) {
      throw cutShort();
    }
    int from = position;
    position += count;
    return from;
  }

  private static IllegalStateException cutShort() {
    return new IllegalStateException("cut short");
  }
}
