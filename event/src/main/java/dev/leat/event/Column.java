package dev.leat.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One column of a {@link RowChunk}: fixed capacity, filled from row 0 upwards by one thread. Rows
 * that were never set are null. Other threads may read the rows that the chunk has published, and
 * no others.
 */
public abstract sealed class Column {
  private final long[] present;

  private Column(int capacity) {
    present = new long[(capacity + 63) >>> 6];
  }

  /** Whether the row has a value; otherwise it is null. */
  public final boolean isPresent(int row) {
    return (present[row >>> 6] & 1L << row) != 0;
  }

  /** Whether all rows of a stretch have a value. */
  public final boolean arePresent(int from, int to) {
    int row = from;
    for (; row < to && (row & 63) != 0; row++) {
      if (!isPresent(row)) {
        return false;
      }
    }
    for (; row + 64 <= to; row += 64) {
      if (present[row >>> 6] != -1L) {
        return false;
      }
    }
    for (; row < to; row++) {
      if (!isPresent(row)) {
        return false;
      }
    }
    return true;
  }

  final void mark(int row) {
    present[row >>> 6] |= 1L << row;
  }

  /** Takes back a value of the row being written, so that it is null or can be set again. */
  public void unset(int row) {
    present[row >>> 6] &= ~(1L << row);
  }

  final void copyPresence(Column from) {
    System.arraycopy(from.present, 0, present, 0, present.length);
  }

  /** Heap bytes held, roughly. */
  public abstract long bytes();

  static Column of(DataSchema.Kind kind, int capacity, int expectedBytes) {
    return switch (kind) {
      case BOOLEAN -> new Booleans(capacity);
      case LONG -> new Longs(capacity);
      case DOUBLE -> new Doubles(capacity);
      case TEXT, JSON -> new Bytes(capacity, expectedBytes);
      case OBJECT -> throw new IllegalArgumentException("an object has no column, its fields have");
    };
  }

  /** 64-bit integers. */
  public static final class Longs extends Column {
    private final long[] values;

    Longs(int capacity) {
      super(capacity);
      values = new long[capacity];
    }

    public void set(int row, long value) {
      values[row] = value;
      mark(row);
    }

    public long get(int row) {
      return values[row];
    }

    /** Copies the values of some rows. */
    public void copy(int row, long[] into, int at, int count) {
      System.arraycopy(values, row, into, at, count);
    }

    /** The same values as doubles, for a column that has met its first fraction. */
    Doubles widen() {
      Doubles wide = new Doubles(values.length);
      for (int row = 0; row < values.length; row++) {
        wide.values[row] = values[row];
      }
      wide.copyPresence(this);
      return wide;
    }

    @Override
    public long bytes() {
      return values.length * 8L;
    }
  }

  /** Floating point numbers. */
  public static final class Doubles extends Column {
    private final double[] values;

    Doubles(int capacity) {
      super(capacity);
      values = new double[capacity];
    }

    public void set(int row, double value) {
      values[row] = value;
      mark(row);
    }

    public double get(int row) {
      return values[row];
    }

    @Override
    public long bytes() {
      return values.length * 8L;
    }
  }

  /** Truth values. */
  public static final class Booleans extends Column {
    private final boolean[] values;

    Booleans(int capacity) {
      super(capacity);
      values = new boolean[capacity];
    }

    public void set(int row, boolean value) {
      values[row] = value;
      mark(row);
    }

    public boolean get(int row) {
      return values[row];
    }

    @Override
    public long bytes() {
      return values.length;
    }
  }

  /** Text, JSON or bytes of any kind, end to end in one array. */
  public static final class Bytes extends Column {
    private static final int SMALLEST_BYTES = 1_024;

    private final int[] ends;
    private byte[] values;
    private int used;
    private int lastRow = -1;

    Bytes(int capacity, int expectedBytes) {
      super(capacity);
      ends = new int[capacity];
      values = new byte[expectedBytes];
    }

    public void set(int row, byte[] from, int at, int length) {
      byte[] into = reserve(length);
      System.arraycopy(from, at, into, used, length);
      finish(row, length);
    }

    /** Room for {@code length} bytes at {@link #used()}, to be claimed by {@link #finish}. */
    public byte[] reserve(int length) {
      int needed = Math.addExact(used, length);
      if (needed > values.length) {
        values =
            Arrays.copyOf(
                values,
                (int)
                    Math.min(
                        Math.max(Math.max(needed, SMALLEST_BYTES), values.length * 2L),
                        Integer.MAX_VALUE - 8));
      }
      return values;
    }

    public int used() {
      return used;
    }

    /** Makes the {@code length} bytes after {@link #used()} the value of the row. */
    public void finish(int row, int length) {
      Arrays.fill(ends, lastRow + 1, row, used);
      used += length;
      ends[row] = used;
      lastRow = row;
      mark(row);
    }

    @Override
    public void unset(int row) {
      if (lastRow == row) {
        used = from(row);
        lastRow = row - 1;
        super.unset(row);
      }
    }

    /** The array that holds the values of the rows published so far. */
    public byte[] values() {
      return values;
    }

    /** Where the value of a present row begins. */
    public int from(int row) {
      return row == 0 ? 0 : ends[row - 1];
    }

    /** Bytes of the value of a present row. */
    public int length(int row) {
      return ends[row] - from(row);
    }

    public byte[] get(int row) {
      return Arrays.copyOfRange(values, from(row), ends[row]);
    }

    @Override
    public long bytes() {
      return values.length + ends.length * 4L;
    }
  }

  /** The column at this index, or null if there is none yet. */
  static @Nullable Column at(@Nullable Column[] columns, int index) {
    return index < columns.length ? columns[index] : null;
  }
}
