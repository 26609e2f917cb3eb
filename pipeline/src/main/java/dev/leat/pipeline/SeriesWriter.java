package dev.leat.pipeline;

import java.util.Arrays;

/** Writes {@link SeriesKey keys} label by label, one behind the other. For one thread. */
final class SeriesWriter {
  /** What a label has beyond so many bytes of UTF-8 is cut off, between two characters. */
  static final int MAX_LABEL_BYTES = 1_024;

  private byte[] bytes = new byte[64];
  private int length;

  /** Goes back to an empty array. */
  void clear() {
    length = 0;
  }

  /** Adds a label; the sample becomes text. */
  void label(Sample sample) {
    sample.toText();
    if (sample.kind() == Sample.Kind.NONE) {
      header(SeriesKey.ABSENT, 0);
      return;
    }
    int kept = ItemBytes.cut(sample.bytes(), sample.from(), sample.length(), MAX_LABEL_BYTES);
    header(kept, kept);
    System.arraycopy(sample.bytes(), sample.from(), bytes, length, kept);
    length += kept;
  }

  /** Writes two bytes, and makes room for those behind them. */
  private void header(int value, int room) {
    int needed = length + Short.BYTES + room;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    bytes[length++] = (byte) (value >>> 8);
    bytes[length++] = (byte) value;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Bytes written since it was empty. */
  int length() {
    return length;
  }
}
