package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Events on their way to a server as NDJSON, and where they came from. Filled by one thread, handed
 * to another, and reused.
 */
final class Batch {
  private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);
  private static final byte[] NULL = "null".getBytes(UTF_8);

  private byte[] bytes = new byte[1 << 18];
  private int length;
  private int count;
  private String origin = "";
  private long firstEvent;

  /** Begins anew with the event number {@code firstEvent} of a file. */
  void reset(String origin, long firstEvent) {
    this.origin = origin;
    this.firstEvent = firstEvent;
    length = 0;
    count = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  int count() {
    return count;
  }

  /** Where the event with this index comes from, for a person. */
  String whereIs(long index) {
    return "%s, event %d".formatted(origin, firstEvent + index);
  }

  /** Ends an event. */
  void endEvent() {
    put((byte) '\n');
    count++;
  }

  Batch put(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = b;
    return this;
  }

  Batch put(byte[] source) {
    return put(source, 0, source.length);
  }

  Batch put(byte[] source, int from, int count) {
    while (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    System.arraycopy(source, from, bytes, length, count);
    length += count;
    return this;
  }

  Batch putNull() {
    return put(NULL);
  }

  /** Text that needs no escaping, such as a number. */
  Batch putAscii(String text) {
    int size = text.length();
    while (bytes.length - length < size) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    for (int i = 0; i < size; i++) {
      bytes[length + i] = (byte) text.charAt(i);
    }
    length += size;
    return this;
  }

  Batch putLong(long value) {
    if (value < 0) {
      return putAscii(Long.toString(value));
    }
    int digits = 1;
    for (long rest = value; rest > 9; rest /= 10) {
      digits++;
    }
    putDigits(value, digits);
    return this;
  }

  /** The lowest digits of a number that is not negative, with leading zeros. */
  Batch putDigits(long value, int digits) {
    while (bytes.length - length < digits) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** A JSON string. */
  Batch putText(String text) {
    put((byte) '"');
    for (byte b : text.getBytes(UTF_8)) {
      if (b == '"' || b == '\\') {
        put((byte) '\\').put(b);
      } else if (b >= 0 && b < ' ') {
        putAscii("\\u00").put(HEX[b >> 4]).put(HEX[b & 15]);
      } else {
        put(b);
      }
    }
    return put((byte) '"');
  }
}
