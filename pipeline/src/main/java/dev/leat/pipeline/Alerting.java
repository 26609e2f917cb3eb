package dev.leat.pipeline;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a definition says of alerts: which there are, who is told, and when nobody is. It decides
 * nothing about events. Immutable.
 */
public record Alerting(
    List<AlertSpec> alerts, List<Target> targets, List<Maintenance> maintenance) {
  public static final Alerting NONE = new Alerting(List.of(), List.of(), List.of());

  /** So many targets and windows at most. */
  public static final int MAX_TARGETS = 20;

  public Alerting {
    alerts = List.copyOf(alerts);
    targets = List.copyOf(targets);
    maintenance = List.copyOf(maintenance);
    Set<String> names = new HashSet<>();
    for (AlertSpec alert : alerts) {
      if (!names.add(alert.name())) {
        throw new IllegalArgumentException(DefinitionCheck.twice("alerts", alert.name()));
      }
    }
    if (alerts.size() > AlertSpec.MAX_ALERTS) {
      throw new IllegalArgumentException(
          "there are at most %d alerts".formatted(AlertSpec.MAX_ALERTS));
    }
    if (targets.size() > MAX_TARGETS) {
      throw new IllegalArgumentException("there are at most %d targets".formatted(MAX_TARGETS));
    }
  }

  /** What speaks to a target. */
  public enum Protocol {
    ALERTMANAGER,
    WEBHOOK
  }

  /**
   * Somebody who is told.
   *
   * @param url where, for Alertmanager without the path of its API
   * @param least alerts that are less severe are not told
   * @param perHour so many notifications an hour at most
   */
  public record Target(Protocol protocol, String url, AlertSpec.Severity least, int perHour) {
    public static final int DEFAULT_PER_HOUR = 60;

    public Target {
      if (!isUrl(url)) {
        throw new IllegalArgumentException("expected %s, found '%s'".formatted(A_URL, url));
      }
      if (perHour < 1) {
        throw new IllegalArgumentException("per-hour is at least 1, not " + perHour);
      }
    }
  }

  /** A host or an address, a port, and what stands in a path or query without being escaped. */
  private static final Pattern URL =
      Pattern.compile(
          "https?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?"
              + "(/([^\\s\\p{Cntrl}\"<>\\\\^`{|}\\[\\]#%]|%[0-9A-Fa-f]{2})*)?");

  static final String A_URL = "an address such as http://127.0.0.1:9093";

  static boolean isUrl(String text) {
    return URL.matcher(text).matches();
  }

  /**
   * A stretch of time in which nobody is told.
   *
   * @param alerts names of the alerts it is for; empty for all
   */
  public record Maintenance(Stretch stretch, List<String> alerts) {
    public Maintenance {
      alerts = List.copyOf(alerts);
    }
  }

  /** When. */
  public sealed interface Stretch {
    /** Once. */
    record Once(Instant from, Instant to) implements Stretch {
      public Once {
        if (!from.isBefore(to)) {
          throw new IllegalArgumentException("from must be earlier than to");
        }
      }
    }

    /**
     * Again and again, in UTC.
     *
     * @param day null for each day
     */
    record Repeated(@Nullable DayOfWeek day, LocalTime at, Duration length) implements Stretch {
      public Repeated {
        if (length.isZero() || length.compareTo(Duration.ofDays(day == null ? 1 : 7)) > 0) {
          throw new IllegalArgumentException(
              "a window that comes again is longer than nothing and at most as long as what it comes again after");
        }
      }
    }
  }
}
