package dev.leat.collector;

import dev.leat.event.JsonScanner;
import dev.leat.event.Slice;

/**
 * Room for what can't be taken from the request as it stands: strings with escapes, headers with
 * percent signs. What was written stays where it is until {@link #clear}, so slices may point at
 * it. For one thread.
 */
final class Scratch {
  private static final int KEPT_BYTES = 1 << 14;

  private byte[] buffer = new byte[256];
  private int length;

  void clear() {
    length = 0;
    if (buffer.length > KEPT_BYTES) {
      buffer = new byte[256];
    }
  }

  /** Points the slice at the characters of the string or name the scanner has just read. */
  void characters(JsonScanner scanner, byte[] bytes, Slice into) {
    if (!scanner.escaped()) {
      into.set(bytes, scanner.tokenFrom(), scanner.tokenLength());
      return;
    }
    byte[] room = room(scanner.tokenLength());
    int from = length;
    length = scanner.unescape(room, from);
    into.set(room, from, length - from);
  }

  /** An array with room for so many bytes from {@link #length()} on. */
  byte[] room(int bytes) {
    if (buffer.length - length < bytes) {
      // Slices keep the old array alive for as long as they need it.
      buffer = new byte[Math.max(bytes, 2 * buffer.length)];
      length = 0;
    }
    return buffer;
  }

  int length() {
    return length;
  }

  /** Says up to where the room was used. */
  void used(int length) {
    this.length = length;
  }
}
