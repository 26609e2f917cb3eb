package dev.leat.collector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.leat.event.Slice;
import java.util.Arrays;

/**
 * What bytes may be: UTF-8, an attribute's string, a name, a URI reference. Looks at each byte
 * once.
 */
final class Text {
  private static final boolean[] URI_BYTES = new boolean[128];

  static {
    // RFC 3986: unreserved, reserved, and the percent sign that begins an escaped byte.
    String others = "-._~:/?#[]@!$&'()*+,;=%";
    for (int c = 0; c < 128; c++) {
      URI_BYTES[c] = isLetterOrDigit(c) || others.indexOf(c) >= 0;
    }
  }

  private Text() {}

  /**
   * Where in UTF-8 the first character stands that a CloudEvents string can't have; -1 if there is
   * none.
   */
  static int forbiddenIn(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    int end = from + text.length();
    for (int at = from; at < end; at++) {
      int c = bytes[at];
      if (c >= ' ' && c != 0x7F) {
        continue;
      }
      if (c >= 0 || isForbidden(bytes, at)) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Control characters U+0080-9F and noncharacters; the byte leads a checked character or continues
   * one.
   */
  private static boolean isForbidden(byte[] bytes, int at) {
    int lead = bytes[at] & 0xFF;
    if (lead == 0xC2) {
      return (bytes[at + 1] & 0xFF) < 0xA0;
    }
    if (lead == 0xEF) {
      int tail = ((bytes[at + 1] & 0xFF) << 8) | (bytes[at + 2] & 0xFF);
      return tail >= 0xBFBE || (tail >= 0xB790 && tail <= 0xB7AF);
    }
    return lead >= 0xF0
        && (bytes[at + 1] & 0x0F) == 0x0F
        && (bytes[at + 2] & 0xFF) == 0xBF
        && (bytes[at + 3] & 0xFF) >= 0xBE;
  }

  static boolean isAttributeName(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    for (int at = from; at < from + text.length(); at++) {
      int c = bytes[at];
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return text.length() > 0;
  }

  /** A cheap look: only the characters of a URI reference, and whole percent escapes. */
  static boolean isUriReference(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    int end = from + text.length();
    for (int at = from; at < end; at++) {
      int c = bytes[at];
      if (c < 0 || !URI_BYTES[c] || (c == '%' && !isEscape(bytes, at, end))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isEscape(byte[] bytes, int at, int end) {
    return end - at > 2 && hex(bytes[at + 1]) >= 0 && hex(bytes[at + 2]) >= 0;
  }

  static int hex(int c) {
    return Character.digit(c, 16);
  }

  /**
   * Whether all bytes are UTF-8 as the Unicode standard has it: no overlong forms, surrogates or
   * values too high.
   */
  static boolean isUtf8(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    int end = from + text.length();
    int at = from;
    while (at < end) {
      int size = bytes[at] >= 0 ? 1 : characterBytes(bytes, at, end);
      if (size == 0) {
        return false;
      }
      at += size;
    }
    return true;
  }

  /** Bytes of the character that begins here; 0 if none does. */
  private static int characterBytes(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || end - at < size) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    boolean good = second >= least && second <= most;
    for (int next = at + 2; next < at + size; next++) {
      good &= (bytes[next] & 0xC0) == 0x80;
    }
    return good ? size : 0;
  }

  /**
   * The number written in decimal, which is checked to be one; {@code Long.MIN_VALUE} if it is none
   * or too long.
   */
  static long decimal(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    int first = text.length() > 0 && bytes[from] == '-' ? from + 1 : from;
    int end = from + text.length();
    long value = 0;
    for (int at = first; at < end; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return Long.MIN_VALUE;
      }
      value = value * 10 + bytes[at] - '0';
    }
    boolean readable = end > first && end - first <= 18;
    return readable ? (first == from ? value : -value) : Long.MIN_VALUE;
  }

  static boolean equals(Slice text, byte[] other) {
    int from = text.from();
    return Arrays.equals(text.array(), from, from + text.length(), other, 0, other.length);
  }

  static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static boolean isLetterOrDigit(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
