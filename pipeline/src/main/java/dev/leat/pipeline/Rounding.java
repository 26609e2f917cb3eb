package dev.leat.pipeline;

import java.math.BigInteger;

/** The double nearest to a fraction. */
final class Rounding {
  private static final int PRECISION = 53;
  private static final int LOWEST_EXPONENT = -1_074;

  private Rounding() {}

  /**
   * The double nearest to numerator by denominator, the even one of two that are equally near;
   * infinite if there is none.
   *
   * @param denominator above zero
   */
  static double quotient(BigInteger numerator, BigInteger denominator) {
    BigInteger magnitude = numerator.abs();
    if (magnitude.signum() == 0) {
      return 0;
    }
    // The quotient has one or two bits more than are kept, if it has that many above the smallest
    // double.
    int exponent =
        Math.max(magnitude.bitLength() - denominator.bitLength() - PRECISION - 1, LOWEST_EXPONENT);
    BigInteger above = exponent < 0 ? magnitude.shiftLeft(-exponent) : magnitude;
    BigInteger below = exponent > 0 ? denominator.shiftLeft(exponent) : denominator;
    BigInteger[] parts = above.divideAndRemainder(below);
    long quotient = parts[0].longValueExact();
    int extra = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(quotient) - PRECISION);
    long kept = quotient >>> extra;
    int half = compareToHalf(quotient, extra, parts[1], below);
    if (half > 0 || (half == 0 && (kept & 1) == 1)) {
      kept++;
    }
    double rounded = Math.scalb((double) kept, exponent + extra);
    return numerator.signum() < 0 ? -rounded : rounded;
  }

  /** Compares what is cut off, the low bits and the remainder, to half of the last bit kept. */
  private static int compareToHalf(
      long quotient, int extra, BigInteger remainder, BigInteger divisor) {
    if (extra == 0) {
      return remainder.shiftLeft(1).compareTo(divisor);
    }
    long cut = quotient & ((1L << extra) - 1);
    int compared = Long.compare(cut, 1L << (extra - 1));
    return compared == 0 ? remainder.signum() : compared;
  }
}
