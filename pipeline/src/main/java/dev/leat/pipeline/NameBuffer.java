package dev.leat.pipeline;

import dev.leat.event.JsonScanner;

/**
 * The name the scanner stands on, without escapes: a window onto the document if there are none.
 * For one thread.
 */
final class NameBuffer {
  private byte[] unescaped = new byte[64];
  private byte[] bytes = unescaped;
  private int from;
  private int length;

  void read(JsonScanner scanner, byte[] document) {
    bytes = document;
    from = scanner.tokenFrom();
    length = scanner.tokenLength();
    if (scanner.escaped()) {
      if (unescaped.length < length) {
        unescaped = new byte[length];
      }
      length = scanner.unescape(unescaped, 0);
      bytes = unescaped;
      from = 0;
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  int length() {
    return length;
  }
}
