package dev.leat.collector;

import dev.leat.event.Slice;

/** What a media type (RFC 2046, RFC 6838) says about data, read from its bytes. */
final class MediaType {
  /** How data of this type is to be read. */
  enum Kind {
    JSON,
    /** {@code text/*} in UTF-8. */
    TEXT,
    OTHER,
    INVALID
  }

  private static final byte[] JSON = Text.ascii("json");
  private static final byte[] PLUS_JSON = Text.ascii("+json");
  private static final byte[] TEXT = Text.ascii("text");
  private static final byte[] CHARSET = Text.ascii("charset=");
  private static final byte[] UTF8 = Text.ascii("utf-8");
  private static final byte[] ASCII = Text.ascii("us-ascii");

  private MediaType() {}

  static Kind kindOf(Slice text) {
    byte[] bytes = text.array();
    int from = text.from();
    int end = from + text.length();
    int slash = endOfToken(bytes, from, end);
    int subtype = slash + 1;
    if (slash == from || slash >= end || bytes[slash] != '/') {
      return Kind.INVALID;
    }
    int after = endOfToken(bytes, subtype, end);
    if (after == subtype || !areParameters(bytes, after, end)) {
      return Kind.INVALID;
    }
    if (equalsIgnoreCase(bytes, subtype, after, JSON) || endsWithJson(bytes, subtype, after)) {
      return Kind.JSON;
    }
    return equalsIgnoreCase(bytes, from, slash, TEXT) && isUtf8(bytes, after, end)
        ? Kind.TEXT
        : Kind.OTHER;
  }

  private static boolean endsWithJson(byte[] bytes, int from, int end) {
    int suffix = end - PLUS_JSON.length;
    return suffix > from && equalsIgnoreCase(bytes, suffix, end, PLUS_JSON);
  }

  /**
   * A cheap look at what follows the subtype: parameters begin with a semicolon and are printable.
   */
  private static boolean areParameters(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && bytes[at] == ' ') {
      at++;
    }
    if (at < end && bytes[at] != ';') {
      return false;
    }
    while (at < end && bytes[at] >= ' ' && bytes[at] != 0x7F) {
      at++;
    }
    return at == end;
  }

  /** Whether the parameters name no character set, or one that UTF-8 contains. */
  private static boolean isUtf8(byte[] bytes, int from, int end) {
    for (int at = from; at <= end - CHARSET.length; at++) {
      if (equalsIgnoreCase(bytes, at, at + CHARSET.length, CHARSET)) {
        int value = at + CHARSET.length;
        value += value < end && bytes[value] == '"' ? 1 : 0;
        int valueEnd = endOfToken(bytes, value, end);
        return equalsIgnoreCase(bytes, value, valueEnd, UTF8)
            || equalsIgnoreCase(bytes, value, valueEnd, ASCII);
      }
    }
    return true;
  }

  private static int endOfToken(byte[] bytes, int from, int end) {
    int at = from;
    while (at < end && isTokenByte(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isTokenByte(int c) {
    return (c >= '0' && c <= '9')
        || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
        || (c > ' ' && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  private static boolean equalsIgnoreCase(byte[] bytes, int from, int end, byte[] lower) {
    if (end - from != lower.length) {
      return false;
    }
    for (int i = 0; i < lower.length; i++) {
      int c = bytes[from + i];
      int lowered = c >= 'A' && c <= 'Z' ? c + 0x20 : c;
      if (lowered != lower[i]) {
        return false;
      }
    }
    return true;
  }
}
