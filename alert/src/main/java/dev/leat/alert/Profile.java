package dev.leat.alert;

import java.util.Arrays;

/**
 * What is usual in each hour of the week: for each of its 168 hours the means of the last weeks, of
 * which the median counts, so that a holiday or an outage among them changes little. Between the
 * middles of hours it is interpolated. For one thread.
 */
final class Profile {
  static final int HOURS = 168;
  static final int DAY = 24;
  private static final int WEEKS = 5;

  private final double[][] means = new double[HOURS][WEEKS];
  private final int[] weeks = new int[HOURS];
  private final double[] usual = new double[HOURS];
  private final double[] usualInDay = new double[DAY];
  private final double[] present = new double[HOURS];
  private int learned;

  Profile() {
    Arrays.fill(usual, Double.NaN);
    Arrays.fill(usualInDay, Double.NaN);
  }

  /** How many hours were learned in all. */
  int learned() {
    return learned;
  }

  /**
   * Takes in an hour that is over.
   *
   * @param mean of its buckets
   * @param presence which share of its buckets had values
   */
  void learn(int hour, double mean, double presence) {
    double[] kept = means[hour];
    kept[weeks[hour] % WEEKS] = mean;
    weeks[hour]++;
    learned++;
    usual[hour] = median(Arrays.copyOf(kept, Math.min(weeks[hour], WEEKS)));
    present[hour] = weeks[hour] == 1 ? presence : present[hour] * 0.6 + presence * 0.4;
    double[] days = new double[HOURS / DAY];
    int count = 0;
    for (int at = hour % DAY; at < HOURS; at += DAY) {
      if (!Double.isNaN(usual[at])) {
        days[count++] = usual[at];
      }
    }
    usualInDay[hour % DAY] = median(Arrays.copyOf(days, count));
  }

  /** Which share of the buckets has values in an hour of the week, or in that hour of all days. */
  double presence(int hour) {
    if (weeks[hour] > 0) {
      return present[hour];
    }
    double sum = 0;
    int count = 0;
    for (int at = hour % DAY; at < HOURS; at += DAY) {
      if (weeks[at] > 0) {
        sum += present[at];
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** What is usual at a part of an hour of the week; NaN if that is not known. */
  double at(int hour, double part) {
    return between(usual, hour, part);
  }

  /** What is usual at a part of an hour of any day; NaN if that is not known. */
  double inDay(int hour, double part) {
    return between(usualInDay, hour % DAY, part);
  }

  private static double between(double[] hours, int hour, double part) {
    double here = hours[hour];
    int other = Math.floorMod(part < 0.5 ? hour - 1 : hour + 1, hours.length);
    double there = hours[other];
    return Double.isNaN(there) ? here : here + Math.abs(part - 0.5) * (there - here);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
