package dev.leat.alert;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stretches of time in which maintenance is done and nobody is told. Immutable. */
public record Calendar(List<Window> windows) {
  public static final Calendar EMPTY = new Calendar(List.of());

  public Calendar {
    windows = List.copyOf(windows);
  }

  /**
   * A window.
   *
   * @param alerts names of alerts; empty for all
   */
  public record Window(Time time, List<String> alerts) {
    public Window {
      alerts = List.copyOf(alerts);
    }
  }

  /** When a window is. */
  public sealed interface Time {
    boolean contains(Instant now);

    /** Once. */
    record Once(Instant from, Instant to) implements Time {
      @Override
      public boolean contains(Instant now) {
        return !now.isBefore(from) && now.isBefore(to);
      }
    }

    /**
     * Each day or week, in UTC.
     *
     * @param day null for each day
     */
    record Repeated(@Nullable DayOfWeek day, LocalTime at, Duration length) implements Time {
      @Override
      public boolean contains(Instant now) {
        ZonedDateTime begin = now.atZone(ZoneOffset.UTC).with(at);
        if (begin.toInstant().isAfter(now)) {
          begin = begin.minusDays(1);
        }
        if (day != null) {
          begin = begin.with(TemporalAdjusters.previousOrSame(day));
        }
        return now.isBefore(begin.toInstant().plus(length));
      }
    }
  }

  /** Whether nobody is told of an alert now. */
  public boolean covers(String alert, Instant now) {
    return windows.stream()
        .anyMatch(
            window ->
                (window.alerts().isEmpty() || window.alerts().contains(alert))
                    && window.time().contains(now));
  }
}
