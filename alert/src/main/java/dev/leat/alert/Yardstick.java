package dev.leat.alert;

/**
 * How values are compared with what is expected, as their {@link Scale} has it. Works on sums over
 * windows, so that noise of single buckets averages out.
 */
sealed interface Yardstick {
  /** The neutral level: what is expected is the profile itself. */
  double neutral();

  /**
   * The level of a stretch against the profile.
   *
   * @param prior a level that stands for as much as so many more buckets
   */
  double level(double values, double profile, int count, double prior, double buckets);

  /** The profile at a level. */
  double scaled(double profile, double level);

  /** What is expected of a window at a level. */
  double expected(double profile, double level, int count);

  /** The value that a level stands for less the neutral one, on a scale where levels add up. */
  double log(double level);

  double exp(double log);

  /** The profile's share of a value at a level. */
  double without(double value, double level);

  /**
   * How far the sum is off in standard deviations of plain noise; its real spread is learned.
   *
   * @param count of buckets
   */
  double residual(double values, double expected, int count);

  /**
   * How far it is off as a share of what was expected.
   *
   * @param magnitude the usual size of a value
   */
  double share(double values, double expected, int count, double magnitude);

  /** The sum that has a residual. */
  double bound(double expected, int count, double residual);

  /** The least spread to believe in. */
  double floor(double magnitude);

  static Yardstick of(Scale scale) {
    return switch (scale) {
      case COUNTS -> new Counts();
      case VALUES -> new Values();
    };
  }

  /** Patterns multiply; residuals are signed roots of the deviance, as for Poisson's counts. */
  record Counts() implements Yardstick {
    /** So that nothing is divided by nothing: half an event in a window. */
    private static final double LEAST = 0.5;

    private static final double TINY = 1e-9;

    @Override
    public double neutral() {
      return 1;
    }

    @Override
    public double level(double values, double profile, int count, double prior, double buckets) {
      double weight = count == 0 ? 1 : Math.max(profile / count * buckets, LEAST);
      return (values + weight * prior) / (profile + weight);
    }

    @Override
    public double scaled(double profile, double level) {
      return profile * level;
    }

    @Override
    public double expected(double profile, double level, int count) {
      return Math.max(profile * level, LEAST);
    }

    @Override
    public double log(double level) {
      return Math.log(Math.clamp(level, 1e-3, 1e3));
    }

    @Override
    public double exp(double log) {
      return Math.exp(log);
    }

    @Override
    public double without(double value, double level) {
      return value / level;
    }

    @Override
    public double residual(double values, double expected, int count) {
      double gain = values > 0 ? values * Math.log(values / expected) : 0;
      double deviance = 2 * Math.max(0, gain - (values - expected));
      return Math.copySign(Math.sqrt(deviance), values - expected);
    }

    @Override
    public double share(double values, double expected, int count, double magnitude) {
      return values / Math.max(expected, TINY) - 1;
    }

    @Override
    public double bound(double expected, int count, double residual) {
      double root = Math.max(0, Math.sqrt(expected) + residual / 2);
      return root * root;
    }

    @Override
    public double floor(double magnitude) {
      return 0.8;
    }
  }

  /** Patterns add up. */
  record Values() implements Yardstick {
    private static final double LEAST = 1e-9;

    @Override
    public double neutral() {
      return 0;
    }

    @Override
    public double level(double values, double profile, int count, double prior, double buckets) {
      return (values - profile + buckets * prior) / (count + buckets);
    }

    @Override
    public double scaled(double profile, double level) {
      return profile + level;
    }

    @Override
    public double expected(double profile, double level, int count) {
      return profile + level * count;
    }

    @Override
    public double log(double level) {
      return level;
    }

    @Override
    public double exp(double log) {
      return log;
    }

    @Override
    public double without(double value, double level) {
      return value - level;
    }

    @Override
    public double residual(double values, double expected, int count) {
      return (values - expected) / Math.sqrt(count);
    }

    @Override
    public double share(double values, double expected, int count, double magnitude) {
      double size = Math.max(Math.abs(expected) / count, magnitude / 2);
      return (values - expected) / count / Math.max(size, LEAST);
    }

    @Override
    public double bound(double expected, int count, double residual) {
      return expected + residual * Math.sqrt(count);
    }

    @Override
    public double floor(double magnitude) {
      return Math.max(LEAST, magnitude / 200);
    }
  }
}
