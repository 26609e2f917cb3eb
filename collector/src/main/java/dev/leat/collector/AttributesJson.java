package dev.leat.collector;

import dev.leat.event.Slice;
import java.util.Arrays;

/**
 * Writes the attributes without a place of their own as one JSON object, in the order they came.
 * For one thread.
 */
final class AttributesJson {
  private byte[] buffer = new byte[256];
  private int length;

  void clear() {
    length = 0;
    if (buffer.length > 1 << 14) {
      buffer = new byte[256];
    }
  }

  /** A string whose characters need no escape but for quotes and backslashes. */
  void string(Slice name, Slice value) {
    name(name, 2L * value.length() + 2);
    buffer[length++] = '"';
    byte[] bytes = value.array();
    for (int at = value.from(); at < value.from() + value.length(); at++) {
      if (bytes[at] == '"' || bytes[at] == '\\') {
        buffer[length++] = '\\';
      }
      buffer[length++] = bytes[at];
    }
    buffer[length++] = '"';
  }

  /** A number or a boolean, as it was sent. */
  void literal(Slice name, Slice value) {
    name(name, value.length());
    copy(value);
  }

  /**
   * Points at the object, or nowhere if there is nothing in it. Ends with the next {@link #clear}.
   */
  void into(Slice slice) {
    if (length > 0) {
      reserve(1);
      buffer[length] = '}';
      slice.set(buffer, 0, length + 1);
    }
  }

  private void name(Slice name, long valueBytes) {
    reserve(name.length() + 4 + valueBytes);
    buffer[length] = (byte) (length == 0 ? '{' : ',');
    length++;
    buffer[length++] = '"';
    copy(name);
    buffer[length++] = '"';
    buffer[length++] = ':';
  }

  private void copy(Slice bytes) {
    System.arraycopy(bytes.array(), bytes.from(), buffer, length, bytes.length());
    length += bytes.length();
  }

  private void reserve(long more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.toIntExact(2 * (length + more)));
    }
  }
}
