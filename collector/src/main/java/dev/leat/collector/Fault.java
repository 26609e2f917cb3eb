package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Slice;

/**
 * One thing wrong with one event, said so that its sender can mend it.
 *
 * @param index which event of the request, from 0; blank lines of NDJSON don't count
 * @param pointer JSON Pointer (RFC 6901) from the event to the place; an attribute sent as a header
 *     is named likewise
 * @param found what stood there, shortened, without control characters
 */
public record Fault(int index, String pointer, FaultCode code, String expected, String found) {
  static final int MAX_FOUND_CHARS = 100;

  /** At most this many bytes can matter: a character has up to four. */
  private static final int MAX_FOUND_BYTES = 4 * MAX_FOUND_CHARS;

  public Fault {
    if (index < 0) {
      throw new IllegalArgumentException("index must not be negative, but is " + index);
    }
  }

  /** What the bytes say, made safe to show. */
  static String printable(Slice bytes) {
    return printable(
        new String(bytes.array(), bytes.from(), Math.min(bytes.length(), MAX_FOUND_BYTES), UTF_8));
  }

  static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      if (safe.length() >= MAX_FOUND_CHARS) {
        return safe.append('…').toString();
      }
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (isSafe(c)) {
        safe.appendCodePoint(c);
      } else {
        safe.append("U+%04X".formatted(c));
      }
    }
    return safe.toString();
  }

  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
