package dev.leat.server;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Ranks from 0 whose frequency falls as 1 / (rank + 1)^exponent. Immutable. */
final class Zipf {
  private final double[] cumulative;

  Zipf(int ranks, double exponent) {
    cumulative = new double[ranks];
    double sum = 0;
    for (int rank = 0; rank < ranks; rank++) {
      sum += Math.pow(rank + 1, -exponent);
      cumulative[rank] = sum;
    }
    for (int rank = 0; rank < ranks; rank++) {
      cumulative[rank] /= sum;
    }
  }

  int next(RandomGenerator chance) {
    int found = Arrays.binarySearch(cumulative, chance.nextDouble());
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }
}
