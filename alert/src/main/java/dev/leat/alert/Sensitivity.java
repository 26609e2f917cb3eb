package dev.leat.alert;

/**
 * How little is worth an alert. A deviation has to be both: unlikely, by so many of the series' own
 * spreads, and large, as a share of what was expected.
 */
public enum Sensitivity {
  LOW(1.4, 0.5),
  MEDIUM(1, 0.3),
  HIGH(0.8, 0.2);

  private final double factor;
  private final double share;

  Sensitivity(double factor, double share) {
    this.factor = factor;
    this.share = share;
  }

  /** Times the spreads that a deviation must have. */
  double factor() {
    return factor;
  }

  /** The least deviation, as a share of what was expected. */
  double share() {
    return share;
  }
}
