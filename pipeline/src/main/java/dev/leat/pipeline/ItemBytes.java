package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A value as bytes, equal for equal values: one byte that says what it is, and behind it eight
 * bytes of a number, one of a truth value, or text. Written into memory that the next one
 * overwrites. For one thread.
 */
final class ItemBytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** They are in files; never change them. */
  private static final int BOOLEAN = 1;

  private static final int LONG = 2;
  private static final int DOUBLE = 3;
  private static final int TEXT = 4;

  private byte[] bytes = new byte[64];
  private int length;

  /** Writes a value that is there; of its text at most so many bytes, whole characters. */
  void set(Sample sample, int maxText) {
    switch (sample.kind()) {
      case LONG -> number(LONG, sample.number());
      case DOUBLE -> number(DOUBLE, Double.doubleToLongBits(sample.fraction()));
      case BOOLEAN -> {
        bytes[0] = BOOLEAN;
        bytes[1] = (byte) sample.number();
        length = 2;
      }
      case TEXT -> text(sample, maxText);
      case NONE -> throw new IllegalStateException("nothing has no bytes");
    }
  }

  private void number(int kind, long bits) {
    bytes[0] = (byte) kind;
    LONGS.set(bytes, 1, bits);
    length = 1 + Long.BYTES;
  }

  private void text(Sample sample, int maxText) {
    int count = cut(sample.bytes(), sample.from(), sample.length(), maxText);
    length = 1 + count;
    if (length > bytes.length) {
      bytes = new byte[length * 2];
    }
    bytes[0] = TEXT;
    System.arraycopy(sample.bytes(), sample.from(), bytes, 1, count);
  }

  /** How many bytes of a text are whole characters and not more than so many. */
  static int cut(byte[] text, int from, int count, int most) {
    if (count <= most) {
      return count;
    }
    int kept = most;
    while (kept > 0 && (text[from + kept] & 0xc0) == 0x80) {
      kept--;
    }
    return kept;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /**
   * The value: Boolean, Long, Double or String.
   *
   * @throws IllegalStateException if the bytes are none
   */
  static Object value(byte[] item) {
    if (item.length > 0) {
      int kind = item[0];
      if (kind == TEXT) {
        return new String(item, 1, item.length - 1, UTF_8);
      }
      if (kind == BOOLEAN && item.length == 2) {
        return item[1] != 0;
      }
      if ((kind == LONG || kind == DOUBLE) && item.length == 1 + Long.BYTES) {
        long bits = (long) LONGS.get(item, 1);
        return kind == LONG ? (Object) bits : (Object) Double.longBitsToDouble(bits);
      }
    }
    throw Accumulator.damaged("a value of no kind");
  }
}
