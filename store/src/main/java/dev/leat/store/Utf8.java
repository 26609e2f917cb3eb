package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;

/** What DuckDB demands of text. */
final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  static boolean isAscii(byte[] bytes, int from, int length) {
    return asciiEnd(bytes, from, length) == from + length;
  }

  /** Where the first byte is that is not ASCII, or the end. */
  private static int asciiEnd(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (at <= end - Long.BYTES && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < end && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  static boolean isValid(byte[] bytes, int from, int length) {
    int end = from + length;
    int at = asciiEnd(bytes, from, length);
    if (at == end) {
      return true;
    }
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, end - at));
      return true;
    } catch (CharacterCodingException invalid) {
      return false;
    }
  }

  /**
   * Whether each escaped surrogate in a string of well-formed JSON has its other half beside it.
   *
   * @param from behind the opening quote
   */
  static boolean arePaired(byte[] json, int from, int length) {
    int end = from + length;
    int high = -1; // where the last escape ended that was a high surrogate
    for (int at = from; at < end; at++) {
      if (json[at] == '\\') {
        boolean isUnit = json[at + 1] == 'u';
        int unit = isUnit ? HexFormat.fromHexDigits(new String(json, at + 2, 4, US_ASCII)) : 0;
        boolean isLow = unit >= 0xDC00 && unit < 0xE000;
        if (isLow != (high == at)) {
          return false;
        }
        at += isUnit ? 5 : 1;
        high = unit >= 0xD800 && unit < 0xDC00 ? at + 1 : -1;
      } else if (high == at) {
        return false;
      }
    }
    return high != end;
  }

  /** The same text with what is not UTF-8 replaced. */
  static byte[] repair(byte[] bytes) {
    return new String(bytes, UTF_8).getBytes(UTF_8);
  }
}
