package dev.leat.alert;

import java.util.Arrays;

/**
 * The last buckets of a series, with what each profile said of them. Buckets that an incident took,
 * or that nobody measured, are left out of all sums. For one thread.
 */
final class Recent {
  /** Sums over a stretch. */
  static final class Sums {
    double values;
    double profile;
    int count;

    private void clear() {
      values = 0;
      profile = 0;
      count = 0;
    }
  }

  private final int size;
  private final double[] values;
  private final double[][] profiles;
  private int next;

  Recent(int size, int profiles) {
    this.size = size;
    this.values = new double[size];
    this.profiles = new double[profiles][size];
    Arrays.fill(values, Double.NaN);
    for (double[] profile : this.profiles) {
      Arrays.fill(profile, Double.NaN);
    }
  }

  int size() {
    return size;
  }

  /**
   * Adds a bucket.
   *
   * @param value NaN to leave it out
   * @param said what each profile says of it; NaN for nothing
   */
  void add(double value, double[] said) {
    values[next] = value;
    for (int i = 0; i < profiles.length; i++) {
      profiles[i][next] = said[i];
    }
    next = (next + 1) % size;
  }

  /** Leaves out the last buckets from now on. */
  void forget(int buckets) {
    for (int ago = 0; ago < Math.min(buckets, size); ago++) {
      values[Math.floorMod(next - 1 - ago, size)] = Double.NaN;
    }
  }

  /**
   * Sums over buckets of a profile.
   *
   * @param from so many buckets ago the newest of them was; 0 for the last one
   * @param to the oldest of them was one less than so many buckets ago
   * @return false if the profile says nothing of one of them
   */
  boolean sum(int profile, int from, int to, Sums into) {
    into.clear();
    double[] said = profiles[profile];
    int at = Math.floorMod(next - 1 - from, size);
    for (int ago = from; ago < to; ago++) {
      double value = values[at];
      if (!Double.isNaN(value)) {
        into.values += value;
        into.profile += said[at];
        into.count++;
      }
      at = at == 0 ? size - 1 : at - 1;
    }
    return !Double.isNaN(into.profile);
  }
}
