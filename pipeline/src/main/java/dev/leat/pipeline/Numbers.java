package dev.leat.pipeline;

import dev.leat.event.JsonScanner;

/** Which numbers a column can hold without changing them. */
final class Numbers {
  /** Up to here every integer is a double. */
  private static final long EXACT_INTEGERS = 1L << 53;

  /** Decimals of so many digits are told apart by their doubles. */
  private static final int EXACT_DIGITS = 15;

  private static final double MAX_WHOLE = 1e15;

  /** Smaller doubles have fewer digits. */
  private static final double MIN_EXACT = 1e-290;

  private Numbers() {}

  static boolean isExactDouble(long value) {
    return value >= -EXACT_INTEGERS && value <= EXACT_INTEGERS;
  }

  /**
   * Whether the DECIMAL the scanner stands on, whose double this is, has no fraction: 1.0, 2e3. A
   * long one whose double has none may have one itself, so it does not count.
   */
  static boolean isWhole(JsonScanner scanner, byte[] bytes, double value) {
    return value == Math.rint(value)
        && Math.abs(value) < MAX_WHOLE
        && scanner.tokenLength() <= EXACT_DIGITS + 1
        && !vanished(scanner, bytes, value);
  }

  /** Whether the number on which the scanner stands can be told from its double. */
  static boolean isShort(JsonScanner scanner, double value) {
    return scanner.tokenLength() <= EXACT_DIGITS + 1
        && (value == 0 || Math.abs(value) >= MIN_EXACT);
  }

  /** Whether the number is so small that its double is zero, though it is not. */
  static boolean vanished(JsonScanner scanner, byte[] bytes, double value) {
    if (value != 0) {
      return false;
    }
    int end = scanner.tokenFrom() + scanner.tokenLength();
    for (int at = scanner.tokenFrom(); at < end && (bytes[at] | 0x20) != 'e'; at++) {
      if (bytes[at] >= '1' && bytes[at] <= '9') {
        return true;
      }
    }
    return false;
  }
}
