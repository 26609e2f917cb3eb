package dev.leat.collector;

/**
 * Reads a timestamp (RFC 3339) from ASCII bytes, without a {@code String}.
 *
 * <p>Fractions finer than a microsecond are cut off. A leap second, whose place in the year is not
 * checked, becomes the last microsecond of its minute, so that time does not run into the next one.
 */
final class Rfc3339 {
  /**
   * Stands for text that is no timestamp; as a time it would lie before all years that can be
   * written.
   */
  static final long INVALID = Long.MIN_VALUE;

  private static final long MICROS = 1_000_000;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int DAYS_PER_ERA = 146_097;
  private static final int DAYS_TO_EPOCH = 719_468;
  private static final int SHORTEST = "0000-00-00T00:00:00Z".length();

  private Rfc3339() {}

  /** Microseconds since 1970-01-01 UTC, or {@link #INVALID}. */
  static long micros(byte[] bytes, int from, int length) {
    if (length < SHORTEST || !hasShape(bytes, from)) {
      return INVALID;
    }
    int year = two(bytes, from) * 100 + two(bytes, from + 2);
    int month = two(bytes, from + 5);
    int day = two(bytes, from + 8);
    int hour = two(bytes, from + 11);
    int minute = two(bytes, from + 14);
    int second = two(bytes, from + 17);
    boolean inRange = isDay(year, month, day) && hour < 24 && minute < 60 && second <= 60;
    int zoneAt = from + 19 + fractionLength(bytes, from + 19, from + length);
    int offset = offsetSeconds(bytes, zoneAt, from + length);
    if (!inRange || offset == Integer.MIN_VALUE) {
      return INVALID;
    }
    boolean leap = second == 60;
    int secondOfDay = (hour * 60 + minute) * 60 + (leap ? 59 : second);
    long seconds = days(year, month, day) * SECONDS_PER_DAY + secondOfDay - offset;
    return seconds * MICROS + (leap ? MICROS - 1 : fractionMicros(bytes, from + 20, zoneAt));
  }

  private static boolean hasShape(byte[] bytes, int from) {
    for (int at = 0; at < 19; at++) {
      int c = bytes[from + at];
      boolean good =
          switch (at) {
            case 4, 7 -> c == '-';
            case 10 -> (c | 0x20) == 't';
            case 13, 16 -> c == ':';
            default -> c >= '0' && c <= '9';
          };
      if (!good) {
        return false;
      }
    }
    return true;
  }

  private static int two(byte[] bytes, int at) {
    return (bytes[at] - '0') * 10 + bytes[at + 1] - '0';
  }

  private static boolean isDay(int year, int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
  }

  private static int daysOfMonth(int year, int month) {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /**
   * With its point; 0 if there is none, or no digit after the point, which the zone then fails on.
   */
  private static int fractionLength(byte[] bytes, int from, int end) {
    if (bytes[from] != '.') {
      return 0;
    }
    int at = from + 1;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at == from + 1 ? 0 : at - from;
  }

  private static long fractionMicros(byte[] bytes, int from, int end) {
    long micros = 0;
    for (int at = from; at < from + 6; at++) {
      micros = micros * 10 + (at < end ? bytes[at] - '0' : 0);
    }
    return micros;
  }

  private static int offsetSeconds(byte[] bytes, int at, int end) {
    if (end - at == 1) {
      return (bytes[at] | 0x20) == 'z' ? 0 : Integer.MIN_VALUE;
    }
    boolean shaped =
        end - at == 6
            && (bytes[at] == '+' || bytes[at] == '-')
            && bytes[at + 3] == ':'
            && isTwoDigits(bytes, at + 1)
            && isTwoDigits(bytes, at + 4);
    if (!shaped || two(bytes, at + 1) > 23 || two(bytes, at + 4) > 59) {
      return Integer.MIN_VALUE;
    }
    int seconds = two(bytes, at + 1) * 3_600 + two(bytes, at + 4) * 60;
    return bytes[at] == '-' ? -seconds : seconds;
  }

  private static boolean isTwoDigits(byte[] bytes, int at) {
    return bytes[at] >= '0' && bytes[at] <= '9' && bytes[at + 1] >= '0' && bytes[at + 1] <= '9';
  }

  /**
   * Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that the leap
   * day comes last.
   */
  private static long days(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_TO_EPOCH;
  }
}
