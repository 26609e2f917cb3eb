package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One column of a lookup table. Built by one thread, then read by any. */
abstract sealed class LookupColumn {
  private static final int FIRST_ROWS = 16;
  private static final int FIRST_BYTES = 256;

  private final BitSet nulls = new BitSet();
  private int rows;

  static LookupColumn of(LookupTable.Column column) {
    return switch (column.type()) {
      case BOOLEAN -> new Longs(Boolean.class);
      case INTEGER -> new Longs(Long.class);
      case NUMBER -> new Doubles();
      case TEXT -> new Texts();
      case ANY -> throw new IllegalArgumentException("a column is of no type");
    };
  }

  final int rows() {
    return rows;
  }

  final boolean isNull(int row) {
    return nulls.get(row);
  }

  /** Adds the value of the next row; {@link #takes} said that it is of the right type. */
  final void add(@Nullable Object value) {
    if (value == null) {
      nulls.set(rows);
    }
    put(rows, value);
    rows++;
  }

  /** Whether a value is of the column's type. */
  abstract boolean takes(Object value);

  /** Puts a value behind the last. */
  abstract void put(int row, @Nullable Object value);

  /** Bytes of memory in use, nearly. */
  long size() {
    return nulls.size() / 8;
  }

  /** Gives back what was reserved for more rows. */
  abstract void trim();

  /** By how much an array grows that is full. */
  private static int grown(int length) {
    return length + (length >> 1);
  }

  /** Whole numbers; truth values as 0 and 1. */
  static final class Longs extends LookupColumn {
    private final Class<?> type;
    private long[] values = new long[FIRST_ROWS];

    Longs(Class<?> type) {
      this.type = type;
    }

    long at(int row) {
      return values[row];
    }

    @Override
    boolean takes(Object value) {
      return type.isInstance(value);
    }

    @Override
    void put(int row, @Nullable Object value) {
      if (row == values.length) {
        values = Arrays.copyOf(values, grown(row));
      }
      values[row] =
          switch (value) {
            case Long whole -> whole;
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> 0;
          };
    }

    @Override
    long size() {
      return super.size() + (long) rows() * Long.BYTES;
    }

    @Override
    void trim() {
      values = Arrays.copyOf(values, rows());
    }
  }

  /** Numbers with fractions. */
  static final class Doubles extends LookupColumn {
    private double[] values = new double[FIRST_ROWS];

    double at(int row) {
      return values[row];
    }

    @Override
    boolean takes(Object value) {
      return value instanceof Number;
    }

    @Override
    void put(int row, @Nullable Object value) {
      if (row == values.length) {
        values = Arrays.copyOf(values, grown(row));
      }
      values[row] = value instanceof Number number ? number.doubleValue() : 0;
    }

    @Override
    long size() {
      return super.size() + (long) rows() * Double.BYTES;
    }

    @Override
    void trim() {
      values = Arrays.copyOf(values, rows());
    }
  }

  /** Texts as UTF-8, one behind the other in one array. */
  static final class Texts extends LookupColumn {
    private byte[] bytes = new byte[FIRST_BYTES];
    private int[] ends = new int[FIRST_ROWS];

    byte[] bytes() {
      return bytes;
    }

    int from(int row) {
      return row == 0 ? 0 : ends[row - 1];
    }

    int length(int row) {
      return ends[row] - from(row);
    }

    boolean equals(int row, byte[] other, int at, int length) {
      int from = from(row);
      return Arrays.equals(bytes, from, ends[row], other, at, at + length);
    }

    void addBytes(byte[] utf8) {
      add(utf8);
    }

    @Override
    boolean takes(Object value) {
      return value instanceof String;
    }

    @Override
    void put(int row, @Nullable Object value) {
      byte[] text =
          switch (value) {
            case byte[] utf8 -> utf8;
            case String string -> string.getBytes(UTF_8);
            case null, default -> new byte[0];
          };
      int from = from(row);
      if (row == ends.length) {
        ends = Arrays.copyOf(ends, grown(row));
      }
      // No overflow: a text and a table are each much shorter than what an int counts.
      int end = Math.addExact(from, text.length);
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, grown(bytes.length)));
      }
      System.arraycopy(text, 0, bytes, from, text.length);
      ends[row] = end;
    }

    @Override
    long size() {
      int used = rows() == 0 ? 0 : ends[rows() - 1];
      return super.size() + used + (long) rows() * Integer.BYTES;
    }

    @Override
    void trim() {
      ends = Arrays.copyOf(ends, rows());
      bytes = Arrays.copyOf(bytes, rows() == 0 ? 0 : ends[rows() - 1]);
    }
  }
}
