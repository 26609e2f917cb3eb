package dev.leat.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.leat.event.JsonException.Code;

/**
 * One number of a JSON document, scanned and valued. While scanning it adds up the digits as long
 * as they fit a {@code long}, so that almost every number has its value without a second look.
 *
 * <p>A decimal of at most 53 bits times or through a power of ten that a {@code double} holds
 * exactly is rounded only once, hence correctly (Clinger, How to Read Floating Point Numbers
 * Accurately, 1990). Others go through {@link Double#parseDouble}.
 */
final class JsonNumber {
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT = 1L << 53;
  private static final int MAX_POWER = POWERS.length - 1;

  /** As many decimal digits always fit 64 bits read without a sign. */
  private static final int ALL_DIGITS = 19;

  /**
   * Beyond every number of {@link JsonScanner#MAX_NUMBER_LENGTH} characters that is neither zero
   * nor infinite.
   */
  private static final int MAX_EXPONENT = 100_000;

  private long digits;
  private int digitCount;
  private int fractionDigits;
  private int exponent;
  private boolean negative;
  private boolean integer;

  /** Checks the number that begins here and returns where it ends. */
  int scan(byte[] bytes, int from, int end) {
    int at = from;
    negative = bytes[at] == '-';
    if (negative) {
      at++;
    }
    digits = 0;
    digitCount = 0;
    int first = at;
    at = digits(bytes, at, end);
    if (at - first > 1 && bytes[first] == '0') {
      throw new JsonException(Code.INVALID_NUMBER, first, "a number without leading zero", "'0'");
    }
    fractionDigits = 0;
    exponent = 0;
    integer = true;
    if (at < end && bytes[at] == '.') {
      integer = false;
      int point = ++at;
      at = digits(bytes, at, end);
      fractionDigits = at - point;
    }
    if (at < end && (bytes[at] | 0x20) == 'e') {
      integer = false;
      at = exponent(bytes, at + 1, end);
    }
    if (at - from > JsonScanner.MAX_NUMBER_LENGTH) {
      throw new JsonException(
          Code.NUMBER_TOO_LONG,
          from,
          "at most " + JsonScanner.MAX_NUMBER_LENGTH + " characters",
          (at - from) + " characters");
    }
    return at;
  }

  boolean isInteger() {
    return integer;
  }

  boolean fitsLong() {
    if (!integer || digitCount > ALL_DIGITS) {
      return false;
    }
    return digits >= 0 || (negative && digits == Long.MIN_VALUE);
  }

  long longValue() {
    if (!fitsLong()) {
      throw new IllegalStateException("the number is no integer of 64 bits");
    }
    return negative ? -digits : digits;
  }

  /** The value of the number, whose characters are needed in case the digits alone don't tell. */
  double doubleValue(byte[] bytes, int from, int length) {
    int power = exponent - fractionDigits;
    if (digitCount < ALL_DIGITS && digits <= EXACT && power >= -MAX_POWER && power <= MAX_POWER) {
      double value = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
      return negative ? -value : value;
    }
    return Double.parseDouble(new String(bytes, from, length, ISO_8859_1));
  }

  /** Adds up at least one digit. */
  private int digits(byte[] bytes, int from, int end) {
    int at = from;
    long sum = digits;
    int count = digitCount;
    while (at < end) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      sum = sum * 10 + digit;
      // Zeros before the first other digit carry nothing.
      count += (count | digit) == 0 ? 0 : 1;
      at++;
    }
    digits = sum;
    digitCount = count;
    requireDigit(at > from, bytes, at, end);
    return at;
  }

  private int exponent(byte[] bytes, int from, int end) {
    int at = from;
    boolean minus = at < end && bytes[at] == '-';
    if (minus || (at < end && bytes[at] == '+')) {
      at++;
    }
    int first = at;
    int sum = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      sum = Math.min(sum * 10 + bytes[at] - '0', MAX_EXPONENT);
      at++;
    }
    requireDigit(at > first, bytes, at, end);
    exponent = minus ? -sum : sum;
    return at;
  }

  private static void requireDigit(boolean found, byte[] bytes, int at, int end) {
    if (!found) {
      Code code = at < end ? Code.INVALID_NUMBER : Code.TRUNCATED;
      throw new JsonException(code, at, "a digit", JsonText.describe(bytes, at, end));
    }
  }
}
