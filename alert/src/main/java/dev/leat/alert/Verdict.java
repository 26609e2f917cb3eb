package dev.leat.alert;

/**
 * What a detector says of a bucket.
 *
 * @param value the mean of a bucket over the stretch that was looked at; NaN if nothing came
 * @param expected what it would have been; NaN while that is not known
 * @param low the lower end of the band in which nothing is said
 * @param high the upper end
 * @param since the first bucket of the incident; of this stretch if there is none
 */
public record Verdict(
    Status status, Kind kind, double value, double expected, double low, double high, long since) {

  /** Where the series stands. */
  public enum Status {
    /** Too little is known of it. */
    LEARNING,
    NORMAL,
    /** There is an incident. */
    OPEN,
    /** The incident is over with this bucket. */
    ENDED,
    /** The incident is over because it has become the new normal. */
    ADOPTED
  }

  /** What kind of incident it is. */
  public enum Kind {
    NONE,
    DROP,
    SURGE,
    MISSING
  }

  /** Whether there is an incident after this bucket. */
  public boolean isOpen() {
    return status == Status.OPEN;
  }

  /** How far the value is off, as a share of what was expected. */
  public double deviation() {
    return kind == Kind.MISSING || !(Math.abs(expected) > 0)
        ? -1
        : (value - expected) / Math.abs(expected);
  }
}
