package dev.leat.alert;

/**
 * How far a statistic of a series usually is off, by hour of the day: a variance of clipped values,
 * drawn towards that of the whole day while few were seen. What it is measured on is the very
 * statistic that is judged, so that bursts and autocorrelation are in it. For one thread.
 */
final class Spread {
  private static final int HOURS = 24;

  /** Values beyond so many spreads count as so many. */
  private static final double CLIP = 2.5;

  /** Makes up for what the clipping takes of the variance of a normal distribution. */
  private static final double CLIPPED = 1.06;

  /** The variance of the day counts as much as so many hours. */
  private static final double SHARED_HOURS = 4;

  /** So many hours of an hour of the day are remembered. */
  private static final double MEMORY_HOURS = 8;

  private final double perHour;
  private final double[] variances = new double[HOURS];
  private final double[] counts = new double[HOURS];
  private double variance;
  private double count;

  /**
   * @param perHour how many values an hour has
   */
  Spread(int perHour) {
    this.perHour = perHour;
  }

  void learn(int hour, double value) {
    double most = count < perHour ? Double.MAX_VALUE : CLIP * spread(hour, 0);
    double square = Math.min(value * value, most * most) * CLIPPED;
    count = Math.min(count + 1, perHour * HOURS * MEMORY_HOURS);
    variance += (square - variance) / count;
    counts[hour] = Math.min(counts[hour] + 1, perHour * MEMORY_HOURS);
    variances[hour] += (square - variances[hour]) / counts[hour];
  }

  /** How many hours were learned, as far as they are remembered. */
  double hours() {
    return count / perHour;
  }

  /**
   * The spread.
   *
   * @param floor at least so much
   */
  double spread(int hour, double floor) {
    double own = counts[hour] / perHour;
    double mixed = (own * variances[hour] + SHARED_HOURS * variance) / (own + SHARED_HOURS);
    return Math.max(floor, Math.sqrt(mixed));
  }
}
