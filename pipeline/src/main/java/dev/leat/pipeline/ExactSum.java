package dev.leat.pipeline;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A sum as it is, before it is rounded for whoever reads it. Immutable.
 *
 * @param millionths of the numbers that are whole in these
 * @param binary of the others, in units of {@link Superaccumulator#LOWEST_EXPONENT}; null if there
 *     were none
 */
record ExactSum(BigInteger millionths, @Nullable BigInteger binary) {
  static final long MILLION = 1_000_000;

  private static final int DIGITS = 6;

  /** Integers of so many bits are doubles as they are. */
  private static final int EXACT_BITS = 53;

  private static final BigInteger BIG_MILLION = BigInteger.valueOf(MILLION);

  /**
   * The sum: Long if it is whole, or BigInteger if it doesn't fit; BigDecimal if it has decimals;
   * Double, rounded once, if a number in it has more of them than that is exact for.
   */
  Number value() {
    if (binary == null && millionths.bitLength() < Long.SIZE) {
      long whole = millionths.longValue();
      if (whole % MILLION == 0) {
        return whole / MILLION;
      }
    }
    if (binary != null) {
      double rounded = quotient(BigInteger.ONE);
      // There is no double for it, and none needed: nobody misses its decimals.
      return Double.isInfinite(rounded) ? numerator().divide(denominator()) : (Number) rounded;
    }
    BigInteger[] parts = millionths.divideAndRemainder(BIG_MILLION);
    if (parts[1].signum() != 0) {
      return new BigDecimal(millionths, DIGITS).stripTrailingZeros();
    }
    return parts[0].bitLength() < Long.SIZE ? (Number) parts[0].longValue() : parts[0];
  }

  /** The sum by something, rounded once. */
  double quotient(BigInteger divisor) {
    BigInteger by = denominator().multiply(divisor);
    if (binary == null && millionths.bitLength() <= EXACT_BITS && by.bitLength() <= EXACT_BITS) {
      return millionths.doubleValue() / by.doubleValue(); // Both are exact, so this rounds once.
    }
    return Rounding.quotient(numerator(), by);
  }

  /** The sum by the seconds of a window, rounded once. */
  double perSecond(long windowMicros) {
    return Rounding.quotient(
        numerator().multiply(BIG_MILLION),
        denominator().multiply(BigInteger.valueOf(windowMicros)));
  }

  private BigInteger numerator() {
    return binary == null
        ? millionths
        : millionths.shiftLeft(-Superaccumulator.LOWEST_EXPONENT).add(binary.multiply(BIG_MILLION));
  }

  private BigInteger denominator() {
    return binary == null ? BIG_MILLION : BIG_MILLION.shiftLeft(-Superaccumulator.LOWEST_EXPONENT);
  }
}
