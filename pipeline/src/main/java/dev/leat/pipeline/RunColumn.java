package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.RowChunk;
import java.util.Arrays;

/**
 * The values of one path in an {@link EventRun}, read once for all metrics that ask for them. They
 * are copies: a column of rows may be widened, and an attribute's text overwritten, before the run
 * is counted. For one thread.
 */
final class RunColumn {
  private static final byte NONE = 0;
  private static final byte LONG = 1;
  private static final byte DOUBLE = 2;
  private static final byte BOOLEAN = 3;
  private static final byte TEXT = 4;

  private final ValueReader reader;
  private final Sample sample = new Sample();
  private final byte[] kinds = new byte[EventRun.CAPACITY];

  /** A whole number, a truth value, the bits of a fraction; where a text begins. */
  private final long[] numbers = new long[EventRun.CAPACITY];

  private final int[] lengths = new int[EventRun.CAPACITY];
  private byte[] text = new byte[1_024];
  private int used;

  RunColumn(ValueReader reader) {
    this.reader = reader;
  }

  /** Reads the value of an event, whose row may be the one being written. */
  void read(RowChunk chunk, int row, int index) {
    reader.read(chunk, row, sample);
    switch (sample.kind()) {
      case NONE -> kinds[index] = NONE;
      case LONG -> set(index, LONG, sample.number());
      case DOUBLE -> set(index, DOUBLE, Double.doubleToRawLongBits(sample.fraction()));
      case BOOLEAN -> set(index, BOOLEAN, sample.number());
      case TEXT -> copy(index);
    }
  }

  /** Reads the values of several events, whose rows are complete. */
  void readAll(RowChunk chunk, int row, int index, int count) {
    Column.Longs longs = reader.longs(chunk, row, count);
    if (longs == null) {
      for (int i = 0; i < count; i++) {
        read(chunk, row + i, index + i);
      }
    } else {
      longs.copy(row, numbers, index, count);
      Arrays.fill(kinds, index, index + count, LONG);
    }
  }

  private void set(int index, byte kind, long number) {
    kinds[index] = kind;
    numbers[index] = number;
  }

  private void copy(int index) {
    int length = sample.length();
    if (length > text.length - used) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, Math.addExact(used, length)));
    }
    System.arraycopy(sample.bytes(), sample.from(), text, used, length);
    set(index, TEXT, used);
    lengths[index] = length;
    used += length;
  }

  void clear() {
    used = 0;
  }

  /** Whether the event has a value. */
  boolean isPresent(int index) {
    return kinds[index] != NONE;
  }

  boolean isLong(int index) {
    return kinds[index] == LONG;
  }

  /** A {@link Sample.Kind#LONG}. */
  long number(int index) {
    return numbers[index];
  }

  /** Puts the value of an event into a sample. */
  void get(int index, Sample into) {
    switch (kinds[index]) {
      case LONG -> into.setLong(numbers[index]);
      case DOUBLE -> into.setDouble(Double.longBitsToDouble(numbers[index]));
      case BOOLEAN -> into.setBoolean(numbers[index] == 1);
      case TEXT -> into.setText(text, (int) numbers[index], lengths[index]);
      default -> into.setNone();
    }
  }
}
