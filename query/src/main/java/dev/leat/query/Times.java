package dev.leat.query;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as requests spell them: RFC 3339, or so long before now, as {@code -1h}, or {@code
 * now}.
 */
final class Times {
  private static final Pattern RELATIVE = Pattern.compile("-(\\d{1,6})([smhd])");

  private Times() {}

  /** In microseconds. */
  static long micros(String name, String text, Instant now) {
    Instant time = instant(text, now);
    if (time == null) {
      throw JsonBody.invalid(
          "%s must be a time like 2026-01-31T12:00:00Z, or like -30m, -1h, -7d for so long ago, or now; not '%s'%s"
              .formatted(name, text, text.contains(" ") ? " (in a URL, + is written %2B)" : ""));
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static @Nullable Instant instant(String text, Instant now) {
    Matcher relative = RELATIVE.matcher(text);
    if (relative.matches()) {
      return now.minus(duration(Long.parseLong(relative.group(1)), relative.group(2)));
    }
    if (text.equals("now")) {
      return now;
    }
    // A year of more than four digits has a sign in ISO 8601, and is none in RFC 3339.
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notATime) {
      return null;
    }
  }

  private static Duration duration(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
