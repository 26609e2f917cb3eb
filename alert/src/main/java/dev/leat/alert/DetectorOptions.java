package dev.leat.alert;

import java.time.Duration;

/**
 * What a detector is to look for. Immutable.
 *
 * @param bucketMinutes how long the stretches are that values are of; an hour is a multiple of it
 * @param minimum for how long a deviation has to last at least
 */
public record DetectorOptions(
    int bucketMinutes,
    Scale scale,
    Direction direction,
    Sensitivity sensitivity,
    Duration minimum) {
  private static final int HOUR = 60;

  public DetectorOptions {
    if (bucketMinutes < 1 || bucketMinutes > HOUR || HOUR % bucketMinutes != 0) {
      throw new IllegalArgumentException(
          "an hour is no multiple of %d minutes".formatted(bucketMinutes));
    }
    if (minimum.isNegative()) {
      throw new IllegalArgumentException("the minimum duration is negative");
    }
  }

  /** For counts by the minute, in both directions. */
  public static DetectorOptions counts() {
    return new DetectorOptions(
        1, Scale.COUNTS, Direction.BOTH, Sensitivity.MEDIUM, Duration.ofMinutes(5));
  }

  public DetectorOptions with(Sensitivity changed) {
    return new DetectorOptions(bucketMinutes, scale, direction, changed, minimum);
  }

  public DetectorOptions with(Direction changed) {
    return new DetectorOptions(bucketMinutes, scale, changed, sensitivity, minimum);
  }

  /** How many buckets so many minutes are, at least one. */
  int buckets(long minutes) {
    return (int) Math.max(1, (minutes + bucketMinutes - 1) / bucketMinutes);
  }
}
