package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * The bytes of a view's note: JSON, a line feed, and the 16 digits of its {@link FileChecksum}. One
 * digit of a position that rots would let the view count events twice or not at all.
 */
final class ViewNote {
  private static final int DIGITS = 2 * Long.BYTES;

  private ViewNote() {}

  static byte[] seal(byte[] json) {
    byte[] note = Arrays.copyOf(json, json.length + 1 + DIGITS);
    note[json.length] = '\n';
    byte[] digits = FileChecksum.text(FileChecksum.of(json)).getBytes(US_ASCII);
    System.arraycopy(digits, 0, note, json.length + 1, DIGITS);
    return note;
  }

  /**
   * The JSON in a note.
   *
   * @throws IllegalArgumentException if it is not as it was written
   */
  static byte[] open(byte[] note) {
    int length = note.length - 1 - DIGITS;
    byte[] json = Arrays.copyOf(note, Math.max(0, length));
    if (length < 0 || !Arrays.equals(seal(json), note)) {
      throw new IllegalArgumentException("it is damaged, or of an earlier version");
    }
    return json;
  }
}
