package dev.leat.alert;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fixed bound with a minimum duration and hysteresis: it opens when values have been beyond it
 * for so long, and closes when they have been well on the right side, by a tenth of the bound, for
 * half as long. For one thread.
 */
public final class Threshold {
  private static final double HYSTERESIS = 0.1;

  private final @Nullable Double above;
  private final @Nullable Double below;
  private final Duration lasting;
  private @Nullable Instant beyondSince;
  private @Nullable Instant backSince;
  private boolean open;

  /**
   * One bound or two.
   *
   * @param above values above it are beyond; null for no upper bound
   * @param below values below it are beyond; null for no lower bound
   */
  public Threshold(@Nullable Double above, @Nullable Double below, Duration lasting) {
    this.above = above;
    this.below = below;
    this.lasting = lasting;
  }

  public double low() {
    return below == null ? Double.NEGATIVE_INFINITY : below;
  }

  public double high() {
    return above == null ? Double.POSITIVE_INFINITY : above;
  }

  /**
   * Takes in a value.
   *
   * @param value NaN if there is none, which leaves everything as it is
   * @return since when values are beyond; null if there is no incident
   */
  public @Nullable Instant observe(Instant now, double value) {
    boolean beyond = value > high() || value < low();
    boolean back =
        value <= high() - Math.abs(margin(above)) && value >= low() + Math.abs(margin(below));
    if (beyond) {
      beyondSince = beyondSince == null ? now : beyondSince;
      backSince = null;
      open |= !now.isBefore(beyondSince.plus(lasting));
    } else if (!open && !Double.isNaN(value)) {
      beyondSince = null;
    } else if (back) {
      backSince = backSince == null ? now : backSince;
      if (!now.isBefore(backSince.plus(lasting.dividedBy(2)))) {
        open = false;
        beyondSince = null;
        backSince = null;
      }
    }
    return open ? beyondSince : null;
  }

  private static double margin(@Nullable Double bound) {
    return bound == null ? 0 : bound * HYSTERESIS;
  }
}
