package dev.leat.pipeline;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations and sizes as people write them: {@code 48h}, {@code 1d12h}, {@code 64GiB}, {@code
 * 500MB}.
 */
final class Quantities {
  static final String A_DURATION = "a duration such as 90s, 10m, 48h or 7d";

  /** Longer than anything anybody means, and short enough to be counted in microseconds. */
  private static final Duration MAX_DURATION = Duration.ofDays(36_525);

  private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d|w)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12}) ?([KMGTkmgt])?(i)?[Bb]?");

  private Quantities() {}

  /** The duration, or null if the text is none. */
  static @Nullable Duration parseDuration(String text) {
    Matcher part = DURATION_PART.matcher(text);
    Duration sum = Duration.ZERO;
    int at = 0;
    while (at < text.length() && part.find(at) && part.start() == at) {
      long count = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                case "d" -> Duration.ofDays(count);
                default -> Duration.ofDays(Math.multiplyExact(count, 7L));
              });
      if (sum.compareTo(MAX_DURATION) > 0) {
        return null;
      }
      at = part.end();
    }
    return at == text.length() && at > 0 ? sum : null;
  }

  /** The bytes, or null if the text is no size. */
  static @Nullable Long parseSize(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return null;
    }
    long unit = size.group(3) == null ? 1_000 : 1_024;
    int power =
        size.group(2) == null
            ? 0
            : 1 + "kmgt".indexOf(Character.toLowerCase(size.group(2).charAt(0)));
    try {
      long bytes = Long.parseLong(size.group(1));
      for (int i = 0; i < power; i++) {
        bytes = Math.multiplyExact(bytes, unit);
      }
      return bytes;
    } catch (ArithmeticException tooLarge) {
      return null;
    }
  }

  /** The shortest spelling that {@link #parseDuration} reads back. */
  static String duration(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  /** A spelling that {@link #parseSize} reads back exactly. */
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long count = bytes;
    while (unit < units.length - 1 && count != 0 && count % 1_024 == 0) {
      count /= 1_024;
      unit++;
    }
    return count + units[unit];
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
