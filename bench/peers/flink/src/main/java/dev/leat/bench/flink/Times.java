package dev.leat.bench.flink;

/** Reads times of a fixed form, {@code 2026-11-23T10:11:12.345Z}, without an object for each. */
final class Times {
  private static final long DAY_MILLIS = 86_400_000L;
  private static final int LENGTH = 24;

  private Times() {}

  static long millis(String time) {
    if (time.length() != LENGTH || time.charAt(LENGTH - 1) != 'Z') {
      throw new IllegalArgumentException("a time of another form: " + time);
    }
    return epochDay(digits(time, 0, 4), digits(time, 5, 2), digits(time, 8, 2)) * DAY_MILLIS
        + digits(time, 11, 2) * 3_600_000L
        + digits(time, 14, 2) * 60_000L
        + digits(time, 17, 2) * 1_000L
        + digits(time, 20, 3);
  }

  /** Days since 1970 of the Gregorian calendar, by Hinnant's days_from_civil. */
  private static long epochDay(int year, int month, int day) {
    long shifted = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(shifted, 400);
    long yearOfEra = shifted - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  private static int digits(String text, int from, int count) {
    int value = 0;
    for (int i = from; i < from + count; i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }
}
