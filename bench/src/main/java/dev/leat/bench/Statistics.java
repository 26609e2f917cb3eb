package dev.leat.bench;

import java.util.Arrays;

/**
 * What some runs have in common.
 *
 * @param median the mean of the two in the middle if their number is even
 */
record Statistics(double median, double min, double max, int runs) {
  static Statistics of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Statistics(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }
}
