package dev.leat.query;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as a definition spells them: {@code 90s}, {@code 10m}, {@code 1d12h}. */
final class Durations {
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d|w))+");
  private static final Pattern PART = Pattern.compile("(\\d+)([a-z]+)");

  /** A hundred years, the longest that a definition knows. */
  private static final long MAX_MICROS = TimeUnit.DAYS.toMicros(36_525);

  private Durations() {}

  /** In microseconds; longer than nothing. */
  static long micros(String name, String text) {
    long sum = 0;
    if (WHOLE.matcher(text).matches()) {
      Matcher part = PART.matcher(text);
      while (part.find() && sum <= MAX_MICROS) {
        // At most one part too many, so that the sum can't overflow.
        long micros = micros(Long.parseLong(part.group(1)), part.group(2));
        sum += Math.min(micros, MAX_MICROS + 1);
      }
    }
    if (sum < 1 || sum > MAX_MICROS) {
      throw JsonBody.invalid(
          "%s must be a duration such as 90s, 10m, 1h or 7d, not '%s'".formatted(name, text));
    }
    return sum;
  }

  private static long micros(long count, String unit) {
    return switch (unit) {
      case "ms" -> TimeUnit.MILLISECONDS.toMicros(count);
      case "s" -> TimeUnit.SECONDS.toMicros(count);
      case "m" -> TimeUnit.MINUTES.toMicros(count);
      case "h" -> TimeUnit.HOURS.toMicros(count);
      case "d" -> TimeUnit.DAYS.toMicros(count);
      default -> TimeUnit.DAYS.toMicros(count * 7);
    };
  }
}
