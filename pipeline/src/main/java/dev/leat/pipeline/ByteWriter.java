package dev.leat.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow as numbers are written behind them, big-endian. For one thread. */
final class ByteWriter {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[64];
  private int length;

  void putByte(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  void putShort(int value) {
    room(Short.BYTES);
    SHORT.set(bytes, length, (short) value);
    length += Short.BYTES;
  }

  void putInt(int value) {
    room(Integer.BYTES);
    INT.set(bytes, length, value);
    length += Integer.BYTES;
  }

  void putLong(long value) {
    room(Long.BYTES);
    LONG.set(bytes, length, value);
    length += Long.BYTES;
  }

  /** All bits as they are, so that a NaN and a negative zero come back. */
  void putDouble(double value) {
    putLong(Double.doubleToRawLongBits(value));
  }

  /** Seven bits a byte, the lowest first; a negative number takes ten bytes. */
  void putVarint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      putByte((int) rest | 0x80);
      rest >>>= 7;
    }
    putByte((int) rest);
  }

  void putBytes(byte[] source) {
    putBytes(source, 0, source.length);
  }

  void putBytes(byte[] source, int from, int count) {
    room(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  /** Overwrites four bytes that were written before. */
  void setInt(int at, int value) {
    if (at < 0 || at > length - Integer.BYTES) {
      throw new IndexOutOfBoundsException(at + " of " + length);
    }
    INT.set(bytes, at, value);
  }

  int length() {
    return length;
  }

  /** Forgets what was written; the memory is used again. */
  void reset() {
    length = 0;
  }

  /** Copies what was written to a place with room for it. */
  void copyTo(byte[] into, int at) {
    System.arraycopy(bytes, 0, into, at, length);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void room(int count) {
    if (count > bytes.length - length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), doubled()));
    }
  }

  private int doubled() {
    return bytes.length > Integer.MAX_VALUE / 2 - 8 ? Integer.MAX_VALUE - 8 : 2 * bytes.length;
  }
}
