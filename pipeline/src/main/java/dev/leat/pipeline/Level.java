package dev.leat.pipeline;

import java.time.Duration;

/**
 * How long the stretches of event time are whose results are kept together: what the windows of a
 * metric are combined from, and what those become when they are old. The order is that of their
 * numbers in files; never change it.
 */
public enum Level {
  /** The metric's own slices, or its sessions. */
  BASE(Duration.ZERO),
  HOUR(Duration.ofHours(1)),
  DAY(Duration.ofDays(1));

  private final long micros;

  Level(Duration size) {
    this.micros = size.toMillis() * 1_000;
  }

  /** How long a stretch is; 0 for {@link #BASE}, where the metric says it. */
  public long micros() {
    return micros;
  }
}
