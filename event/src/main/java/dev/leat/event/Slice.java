package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A reusable window onto bytes that belong to somebody else; absent until set. Not safe for use by
 * several threads.
 *
 * <p>It exists so that an event travels from the request body into the log without a {@code String}
 * per attribute.
 */
public final class Slice {
  private static final byte[] NOTHING = {};

  private byte[] array = NOTHING;
  private int from;
  private int length = -1;

  /**
   * Points at {@code length} bytes of {@code array} beginning at {@code from}; the bytes are not
   * copied.
   */
  public void set(byte[] array, int from, int length) {
    if (from < 0 || length < 0 || from > array.length - length) {
      throw new IndexOutOfBoundsException(
          "slice of %d bytes at %d does not fit an array of %d"
              .formatted(length, from, array.length));
    }
    this.array = array;
    this.from = from;
    this.length = length;
  }

  public void set(byte[] whole) {
    set(whole, 0, whole.length);
  }

  public void set(String text) {
    set(text.getBytes(UTF_8));
  }

  /** Makes the slice absent, which is not the same as empty. */
  public void clear() {
    array = NOTHING;
    from = 0;
    length = -1;
  }

  public boolean isPresent() {
    return length >= 0;
  }

  public byte[] array() {
    return array;
  }

  public int from() {
    return from;
  }

  /** Bytes in the slice; 0 if it is absent. */
  public int length() {
    return Math.max(length, 0);
  }

  public byte[] toBytes() {
    return Arrays.copyOfRange(array, from, from + length());
  }

  /** The bytes read as UTF-8; empty if the slice is absent. */
  @Override
  public String toString() {
    return new String(array, from, length(), UTF_8);
  }
}
