package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.RowChunk;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the labels of a row as the {@link SeriesKey} of its series, into memory that the next row
 * overwrites. Text is a label as it is, but for what is behind {@link #MAX_LABEL_BYTES}; numbers
 * and truth values are one as JSON spells them. For one thread.
 */
final class SeriesReader {
  /** What a label has beyond so many bytes of UTF-8 is cut off, between two characters. */
  static final int MAX_LABEL_BYTES = 1_024;

  /** Behind every key there is room for the start of a session. */
  private static final int SPARE = Long.BYTES;

  private final ValueReader[] readers;
  private final Sample sample = new Sample();
  private byte[] key = new byte[64];
  private int length;

  SeriesReader(List<KeyPath> labels, DataSchema schema) {
    readers = labels.stream().map(path -> ValueReader.of(path, schema)).toArray(ValueReader[]::new);
  }

  /** Reads the key of a row and returns its length; it stands at the beginning of {@link #key}. */
  int read(RowChunk chunk, int row) {
    length = 0;
    for (ValueReader reader : readers) {
      reader.read(chunk, row, sample);
      sample.toText();
      if (sample.kind() == Sample.Kind.NONE) {
        header(SeriesKey.ABSENT, 0);
      } else {
        text(sample.bytes(), sample.from(), sample.length());
      }
    }
    return length;
  }

  /** What was read last, with at least eight bytes behind it. */
  byte[] key() {
    return key;
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
