package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.RowChunk;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the labels of a row as the {@link SeriesKey} of its series, into memory that the next row
 * overwrites. Text is a label as it is, but for what is behind {@link #MAX_LABEL_BYTES}; numbers
 * and truth values are one as JSON spells them. For one thread.
 *
 * <p>Where the only label is a whole number, that is a name of the series too, and so is zero where
 * there are no labels: most often it is enough to find what is known of the series, and the key is
 * only written if somebody asks for it.
 */
final class SeriesReader {
  /** What a label has beyond so many bytes of UTF-8 is cut off, between two characters. */
  static final int MAX_LABEL_BYTES = 1_024;

  /** Behind every key there is room for the start of a session. */
  private static final int SPARE = Long.BYTES;

  private static final int UNWRITTEN = -1;

  private final ValueReader[] readers;
  private final Sample sample = new Sample();
  private boolean hasNumber;
  private long number;
  private byte[] key = new byte[64];
  private int length;

  SeriesReader(List<KeyPath> labels, DataSchema schema) {
    readers = labels.stream().map(path -> ValueReader.of(path, schema)).toArray(ValueReader[]::new);
  }

  /** Reads the series of a row. */
  void read(RowChunk chunk, int row) {
    length = 0;
    hasNumber = readers.length == 0;
    if (readers.length == 1) {
      readers[0].read(chunk, row, sample);
      if (sample.kind() == Sample.Kind.LONG) {
        hasNumber = true;
        number = sample.number();
        length = UNWRITTEN;
      } else {
        label();
      }
      return;
    }
    for (ValueReader reader : readers) {
      reader.read(chunk, row, sample);
      label();
    }
  }

  /** Whether the series that was read last has a number. */
  boolean hasNumber() {
    return hasNumber;
  }

  /** The number of the series; no other series of these labels has it. */
  long number() {
    return number;
  }

  /** The key of the series that was read last, with at least eight bytes behind it. */
  byte[] key() {
    write();
    return key;
  }

  /** Bytes of the {@link #key}. */
  int length() {
    write();
    return length;
  }

  private void write() {
    if (length == UNWRITTEN) {
      length = 0;
      label();
    }
  }

  private void label() {
    sample.toText();
    if (sample.kind() == Sample.Kind.NONE) {
      header(SeriesKey.ABSENT, 0);
    } else {
      text(sample.bytes(), sample.from(), sample.length());
    }
  }

  private void text(byte[] bytes, int from, int count) {
    int kept = ItemBytes.cut(bytes, from, count, MAX_LABEL_BYTES);
    header(kept, kept);
    System.arraycopy(bytes, from, key, length, kept);
    length += kept;
  }

  /** Writes two bytes, and makes room for those behind them. */
  private void header(int value, int room) {
    int needed = length + Short.BYTES + room + SPARE;
    if (needed > key.length) {
      key = Arrays.copyOf(key, Math.max(needed, key.length * 2));
    }
    key[length++] = (byte) (value >>> 8);
    key[length++] = (byte) value;
  }
}
