package dev.leat.pipeline;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Estimates quantiles of numbers: a KLL sketch (Karnin, Lang and Liberty, arXiv 1603.05346), exact
 * as long as there are fewer than {@link QuantileLevels#K}. The smallest and the largest number are
 * always exact. A NaN is larger than all others. For one thread.
 *
 * <p>As bytes: 0 for no numbers; or 1, the smallest and the largest number, and the {@link
 * QuantileLevels}.
 */
final class QuantileSketch {
  private QuantileLevels levels = new QuantileLevels();
  private long count;
  private double min;
  private double max;

  /** How far off the rank of an estimate may be, as a share of all numbers. */
  static double error() {
    return 0.008;
  }

  /** The probability that it is not off by more. */
  static double confidence() {
    return 0.99;
  }

  /** The rank, counted from 1, of the quantile q of so many numbers: q * count, rounded up. */
  static long rank(double q, long count) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("a quantile of " + q + ", not 0 to 1");
    }
    // In decimals, because 0.07 * 100 is more than 7 in doubles.
    BigDecimal rank = new BigDecimal(Double.toString(q)).multiply(BigDecimal.valueOf(count));
    return Math.max(1, rank.setScale(0, RoundingMode.CEILING).longValueExact());
  }

  void add(double value, long weight) {
    if (weight < 1) {
      throw new IllegalArgumentException("a weight of " + weight);
    }
    double number = value + 0.0; // There is one zero.
    include(number, number, weight);
    levels.add(number, weight);
  }

  void merge(QuantileSketch other) {
    if (other.count > 0) {
      include(other.min, other.max, other.count);
      levels.merge(other.levels);
    }
  }

  /** The sum of all weights. */
  long count() {
    return count;
  }

  /** Whether quantiles are exact. */
  boolean isExact() {
    return levels.isExact();
  }

  /**
   * The smallest number that makes up, with all below it, q of all: {@code quantile_disc} of SQL.
   * NaN without numbers.
   */
  double quantile(double q) {
    long rank = rank(q, count);
    if (count == 0) {
      return Double.NaN;
    }
    if (rank == 1 || rank == count) {
      return rank == 1 ? min : max;
    }
    double[][] sorted = levels.sorted();
    int[] next = new int[sorted.length];
    long upTo = 0;
    while (true) {
      int least = least(sorted, next);
      upTo += 1L << least;
      if (upTo >= rank) {
        return sorted[least][next[least]];
      }
      next[least]++;
    }
  }

  QuantileSketch copy() {
    QuantileSketch copy = new QuantileSketch();
    copy.levels = levels.copy();
    copy.count = count;
    copy.min = min;
    copy.max = max;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    return 40 + levels.bytes();
  }

  void write(ByteWriter out) {
    out.putByte(count == 0 ? 0 : 1);
    if (count > 0) {
      out.putDouble(min);
      out.putDouble(max);
      levels.write(out);
    }
  }

  /**
   * What was written.
   *
   * @throws IllegalStateException if the bytes are no such sketch
   */
  static QuantileSketch read(ByteReader in) {
    QuantileSketch read = new QuantileSketch();
    int kind = in.getByte();
    check(kind == 0 || kind == 1);
    if (kind == 0) {
      return read;
    }
    double min = in.getDouble();
    double max = in.getDouble();
    check(Double.compare(min, max) <= 0);
    read.levels = QuantileLevels.read(in);
    try {
      read.include(min, max, read.levels.weight());
    } catch (ArithmeticException tooMany) {
      throw new IllegalStateException("a sketch of more numbers than there are", tooMany);
    }
    return read;
  }

  static void check(boolean right) {
    if (!right) {
      throw new IllegalStateException("no sketch of quantiles");
    }
  }

  private void include(double least, double most, long weight) {
    if (count == 0 || Double.compare(least, min) < 0) {
      min = least;
    }
    if (count == 0 || Double.compare(most, max) > 0) {
      max = most;
    }
    count = Math.addExact(count, weight);
  }

  /** The level with the smallest number that is next; there is one up to the last rank. */
  private static int least(double[][] sorted, int[] next) {
    int least = -1;
    for (int level = 0; level < sorted.length; level++) {
      if (next[level] < sorted[level].length
          && (least < 0
              || Double.compare(sorted[level][next[level]], sorted[least][next[least]]) < 0)) {
        least = level;
      }
    }
    return least;
  }
}
