package dev.leat.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The least and the greatest value of a column of a row group, as its pages hold them, so that
 * readers can pass over row groups; null where there is none, or none worth the room.
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ColumnStatistics(byte @Nullable [] least, byte @Nullable [] greatest) {
  static final ColumnStatistics NONE = new ColumnStatistics(null, null);

  /** A longer bound costs more than it saves. */
  private static final int MAX_BOUND_BYTES = 128;

  private static final int NULLS = 3;
  private static final int GREATEST = 5;
  private static final int LEAST = 6;

  /** Of numbers in their order. */
  static ColumnStatistics ofLongs(long[] numbers, int count, int bytes) {
    if (count == 0) {
      return NONE;
    }
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, numbers[i]);
      greatest = Math.max(greatest, numbers[i]);
    }
    return new ColumnStatistics(bytes(least, bytes), bytes(greatest, bytes));
  }

  /** Of the bits of doubles: none if one of them is no number, and a zero is both its signs. */
  static ColumnStatistics ofDoubles(long[] bits, int count) {
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double number = Double.longBitsToDouble(bits[i]);
      if (Double.isNaN(number)) {
        return NONE;
      }
      least = Math.min(least, number);
      greatest = Math.max(greatest, number);
    }
    return count == 0
        ? NONE
        : new ColumnStatistics(
            bytes(Double.doubleToRawLongBits(least == 0 ? -0.0 : least), Long.BYTES),
            bytes(Double.doubleToRawLongBits(greatest == 0 ? 0.0 : greatest), Long.BYTES));
  }

  /** Of the texts that a dictionary has, or of all cells if there is none. */
  static ColumnStatistics ofTexts(Cells cells, int count, @Nullable Dictionary dictionary) {
    if (count == 0) {
      return NONE;
    }
    int least = dictionary == null ? 0 : dictionary.value(0);
    int greatest = least;
    for (int i = 1; i < count; i++) {
      int value = dictionary == null ? i : dictionary.value(i);
      if (cells.compare(value, least) < 0) {
        least = value;
      } else if (cells.compare(value, greatest) > 0) {
        greatest = value;
      }
    }
    return new ColumnStatistics(bound(cells, least), bound(cells, greatest));
  }

  private static byte @Nullable [] bound(Cells cells, int value) {
    int from = cells.from(value);
    int length = cells.length(value);
    return length > MAX_BOUND_BYTES
        ? null
        : Arrays.copyOfRange(cells.array(value), from, from + length);
  }

  private static byte[] bytes(long number, int bytes) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    return Arrays.copyOf(all, bytes);
  }

  void write(int field, long nulls, ThriftWriter out) {
    out.begin(field);
    out.int64(NULLS, nulls);
    if (greatest != null) {
      out.binary(GREATEST, greatest);
    }
    if (least != null) {
      out.binary(LEAST, least);
    }
    out.end();
  }

  /** What {@link #write} wrote. */
  record WithNulls(long nulls, ColumnStatistics statistics) {}

  static WithNulls read(ThriftReader in) {
    long nulls = 0;
    byte[] least = null;
    byte[] greatest = null;
    for (ThriftReader.Field field = in.next(0); !field.isEnd(); field = in.next(field.id())) {
      switch (field.id()) {
        case NULLS -> nulls = in.number();
        case GREATEST -> greatest = in.binary();
        case LEAST -> least = in.binary();
        default -> in.skip(field.type());
      }
    }
    return new WithNulls(nulls, new ColumnStatistics(least, greatest));
  }
}
