package dev.leat.pipeline;

import java.math.BigInteger;

/**
 * The exact sum of doubles, in whatever order they come: one long fixed-point number whose digits
 * have 32 bits and stand in longs of their own, so that carries wait until there are many (after
 * Radford M. Neal, "Fast exact summation using small and large superaccumulators", arXiv
 * 1505.05571). Only the digits between the smallest and the largest that came are kept. For one
 * thread.
 */
final class Superaccumulator {
  /** What the lowest digit that there can be counts: the smallest double. */
  static final int LOWEST_EXPONENT = -1_074;

  private static final int DIGIT_BITS = 32;
  private static final long DIGIT_MASK = 0xffffffffL;
  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;
  private static final int EXPONENT_MASK = 0x7ff;

  /** So often a digit takes another below 2^32 and can't overflow. */
  private static final int ADDITIONS = 1 << 29;

  /** More digits than doubles of any weight and number can fill; what has more was not written. */
  private static final int MAX_DIGITS = 80;

  private long[] digits = {};

  /** Which digit the first one of {@link #digits} is. */
  private int first;

  private int additions;

  /** Adds a finite number so many times. */
  void add(double value, long times) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> MANTISSA_BITS) & EXPONENT_MASK;
    long mantissa = bits & MANTISSA_MASK;
    if (exponent > 0) {
      mantissa |= 1L << MANTISSA_BITS;
      exponent--;
    }
    // Exponents count from the smallest double now. One power of two after the other keeps all
    // bits of the product.
    for (long rest = times; rest != 0; rest &= rest - 1) {
      add(bits < 0 ? -1 : 1, mantissa, exponent + Long.numberOfTrailingZeros(rest));
    }
  }

  private void add(int sign, long mantissa, int exponent) {
    int digit = exponent / DIGIT_BITS;
    int shift = exponent % DIGIT_BITS;
    cover(digit, digit + 3);
    int at = digit - first;
    long low = mantissa << shift;
    long high = shift == 0 ? 0 : mantissa >>> (Long.SIZE - shift);
    digits[at] += sign * (low & DIGIT_MASK);
    digits[at + 1] += sign * (low >>> DIGIT_BITS);
    digits[at + 2] += sign * high;
    if (++additions == ADDITIONS) {
      carry();
    }
  }

  void merge(Superaccumulator other) {
    if (other.digits.length == 0) {
      return;
    }
    cover(other.first, other.first + other.digits.length);
    int at = other.first - first;
    for (int i = 0; i < other.digits.length; i++) {
      digits[at + i] += other.digits[i];
    }
    additions += other.additions;
    if (additions >= ADDITIONS) {
      carry();
    }
  }

  /** The sum in units of {@code 2^LOWEST_EXPONENT}. */
  BigInteger total() {
    BigInteger sum = BigInteger.ZERO;
    for (int i = digits.length - 1; i >= 0; i--) {
      sum = sum.shiftLeft(DIGIT_BITS).add(BigInteger.valueOf(digits[i]));
    }
    return sum.shiftLeft(first * DIGIT_BITS);
  }

  Superaccumulator copy() {
    Superaccumulator copy = new Superaccumulator();
    copy.digits = digits.clone();
    copy.first = first;
    copy.additions = additions;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    return 48 + 8L * digits.length;
  }

  /** Writes the sum, one way for each number: how many zero bits, how many bytes, the bytes. */
  void write(ByteWriter out) {
    BigInteger sum = total();
    int zeros = Math.max(0, sum.getLowestSetBit());
    byte[] bytes = sum.shiftRight(zeros).toByteArray();
    out.putVarint(zeros);
    out.putVarint(bytes.length);
    out.putBytes(bytes);
  }

  static Superaccumulator read(ByteReader in) {
    long zeros = in.getVarint();
    byte[] bytes = in.getBytes(in.getCount(1));
    if (zeros < 0
        || bytes.length == 0
        || zeros + 8L * bytes.length > (long) MAX_DIGITS * DIGIT_BITS) {
      throw Accumulator.damaged("a sum that is too long");
    }
    return of(new BigInteger(bytes).shiftLeft((int) zeros));
  }

  /** One whose total is the number. */
  private static Superaccumulator of(BigInteger number) {
    Superaccumulator made = new Superaccumulator();
    BigInteger magnitude = number.abs();
    if (magnitude.signum() != 0) {
      made.cover(magnitude.getLowestSetBit() / DIGIT_BITS, magnitude.bitLength() / DIGIT_BITS + 1);
      made.additions = 1;
    }
    for (int i = 0; i < made.digits.length; i++) {
      long digit = magnitude.shiftRight((made.first + i) * DIGIT_BITS).longValue() & DIGIT_MASK;
      made.digits[i] = number.signum() * digit;
    }
    return made;
  }

  /** Makes room for the digits from one to before another. */
  private void cover(int from, int to) {
    if (digits.length == 0) {
      digits = new long[to - from];
      first = from;
    } else if (from < first || to > first + digits.length) {
      int begin = Math.min(from, first);
      long[] wider = new long[Math.max(to, first + digits.length) - begin];
      System.arraycopy(digits, 0, wider, first - begin, digits.length);
      digits = wider;
      first = begin;
    }
  }

  /** Leaves in each digit what is its own; the last one keeps the sign. */
  private void carry() {
    additions = 1;
    cover(first, first + digits.length + 1);
    long carry = 0;
    for (int i = 0; i < digits.length - 1; i++) {
      long digit = digits[i] + carry;
      digits[i] = digit & DIGIT_MASK;
      carry = digit >> DIGIT_BITS;
    }
    digits[digits.length - 1] += carry;
  }
}
