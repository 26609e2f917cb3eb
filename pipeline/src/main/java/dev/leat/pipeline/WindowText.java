package dev.leat.pipeline;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Windows and durations as a definition spells them. */
public final class WindowText {
  private WindowText() {}

  /** As in {@code {sliding: 1h, every: 1m}}. */
  public static String of(MetricSpec.Window window) {
    return switch (window) {
      case MetricSpec.Window.Tumbling tumbling ->
          "{tumbling: %s}".formatted(Quantities.duration(tumbling.size()));
      case MetricSpec.Window.Sliding sliding ->
          "{sliding: %s, every: %s}"
              .formatted(Quantities.duration(sliding.size()), Quantities.duration(sliding.every()));
      case MetricSpec.Window.Session session ->
          "{session: %s, key: %s}".formatted(Quantities.duration(session.gap()), session.key());
    };
  }

  /** As in {@code 1d12h}. */
  public static String duration(long micros) {
    return Quantities.duration(Duration.of(micros, ChronoUnit.MICROS));
  }
}
