package dev.leat.alert;

import java.time.Instant;
import java.util.List;

/**
 * What somebody is to be told in one go: incidents of one alert that began, got worse, or ended at
 * the same time. Immutable.
 */
public record Notice(
    String alert, Change change, Severity severity, List<Alert> alerts, Instant at) {
  /** What happened to them. */
  public enum Change {
    FIRING,
    RESOLVED
  }

  public Notice {
    alerts = List.copyOf(alerts);
    if (alerts.isEmpty()) {
      throw new IllegalArgumentException("a notice of nothing");
    }
  }
}
