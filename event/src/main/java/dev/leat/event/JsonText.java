package dev.leat.event;

import dev.leat.event.JsonException.Code;

/** What stands inside a JSON string: UTF-8 and escapes, checked and undone. */
final class JsonText {
  static final String END_OF_INPUT = "the end of the input";

  private static final String NOT_UTF8 = "UTF-8";

  private JsonText() {}

  /** Whether the byte stands for itself in a string and does not end it. */
  static boolean isPlain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  /**
   * Checks the character of two to four bytes that begins here and returns where it ends. Table 3-7
   * of the Unicode standard: the second byte's range is what refuses overlong forms, surrogates and
   * what lies above U+10FFFF.
   */
  static int checkUtf8(byte[] bytes, int from, int end) {
    int lead = bytes[from] & 0xFF;
    int second = from + 1 < end ? bytes[from + 1] & 0xFF : 0;
    if (lead >= 0xC2 && lead < 0xE0) {
      require(isContinuation(second), bytes, from, end);
      return from + 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
      boolean good =
          second >= (lead == 0xE0 ? 0xA0 : 0x80) && second <= (lead == 0xED ? 0x9F : 0xBF);
      require(good && continues(bytes, from + 2, end), bytes, from, end);
      return from + 3;
    }
    boolean good =
        lead >= 0xF0
            && lead < 0xF5
            && second >= (lead == 0xF0 ? 0x90 : 0x80)
            && second <= (lead == 0xF4 ? 0x8F : 0xBF);
    require(
        good && continues(bytes, from + 2, end) && continues(bytes, from + 3, end),
        bytes,
        from,
        end);
    return from + 4;
  }

  /**
   * Checks the escape that begins here, a surrogate together with its partner, and returns where it
   * ends.
   */
  static int checkEscape(byte[] bytes, int from, int end) {
    if (from + 1 >= end) {
      throw new JsonException(Code.TRUNCATED, end, "an escaped character", END_OF_INPUT);
    }
    int letter = bytes[from + 1];
    if (letter != 'u') {
      if (simpleEscape(letter) < 0) {
        throw new JsonException(
            Code.INVALID_ESCAPE,
            from + 1,
            "one of \" \\ / b f n r t u",
            describe(bytes, from + 1, end));
      }
      return from + 2;
    }
    int unit = hex(bytes, from + 2, end);
    if (!Character.isSurrogate((char) unit)) {
      return from + 6;
    }
    boolean paired =
        Character.isHighSurrogate((char) unit)
            && from + 7 < end
            && bytes[from + 6] == '\\'
            && bytes[from + 7] == 'u'
            && Character.isLowSurrogate((char) hex(bytes, from + 8, end));
    if (!paired) {
      throw new JsonException(
          Code.LONE_SURROGATE, from, "a pair of surrogates", "\\u%04x alone".formatted(unit));
    }
    return from + 12;
  }

  /**
   * Writes checked string bytes with their escapes undone; returns where they end in {@code into}.
   */
  static int unescape(byte[] bytes, int from, int length, byte[] into, int at) {
    int end = from + length;
    int to = at;
    int next = from;
    while (next < end) {
      byte b = bytes[next];
      if (b != '\\') {
        into[to++] = b;
        next++;
      } else if (bytes[next + 1] != 'u') {
        into[to++] = (byte) simpleEscape(bytes[next + 1]);
        next += 2;
      } else {
        int codePoint = hex(bytes, next + 2, end);
        next += 6;
        if (Character.isHighSurrogate((char) codePoint)) {
          codePoint = Character.toCodePoint((char) codePoint, (char) hex(bytes, next + 2, end));
          next += 6;
        }
        to = encode(codePoint, into, to);
      }
    }
    return to;
  }

  /** What stands here, in a few printable characters. */
  static String describe(byte[] bytes, int at, int end) {
    if (at >= end) {
      return END_OF_INPUT;
    }
    int b = bytes[at] & 0xFF;
    if (b == 0xEF
        && end - at > 2
        && (bytes[at + 1] & 0xFF) == 0xBB
        && (bytes[at + 2] & 0xFF) == 0xBF) {
      return "a byte order mark";
    }
    return b > ' ' && b < 0x7F ? "'" + (char) b + "'" : "byte 0x%02x".formatted(b);
  }

  private static int simpleEscape(int letter) {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> -1;
    };
  }

  private static int hex(byte[] bytes, int from, int end) {
    int value = 0;
    for (int at = from; at < from + 4; at++) {
      int digit = at < end ? Character.digit(bytes[at], 16) : -1;
      if (digit < 0) {
        throw new JsonException(
            at < end ? Code.INVALID_ESCAPE : Code.TRUNCATED,
            at,
            "four hexadecimal digits",
            describe(bytes, at, end));
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  private static int encode(int codePoint, byte[] into, int at) {
    int to = at;
    if (codePoint < 0x80) {
      into[to++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      into[to++] = (byte) (0xC0 | (codePoint >> 6));
      into[to++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      if (codePoint < 0x10000) {
        into[to++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        into[to++] = (byte) (0xF0 | (codePoint >> 18));
        into[to++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      into[to++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
      into[to++] = (byte) (0x80 | (codePoint & 0x3F));
    }
    return to;
  }

  private static boolean continues(byte[] bytes, int at, int end) {
    return at < end && isContinuation(bytes[at] & 0xFF);
  }

  private static boolean isContinuation(int b) {
    return (b & 0xC0) == 0x80;
  }

  private static void require(boolean good, byte[] bytes, int at, int end) {
    if (!good) {
      throw new JsonException(Code.INVALID_UTF8, at, NOT_UTF8, describe(bytes, at, end));
    }
  }
}
