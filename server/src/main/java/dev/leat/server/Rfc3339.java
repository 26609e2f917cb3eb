package dev.leat.server;

import java.time.LocalDate;

/** Writes points in time as RFC 3339 in UTC, quickly: most lie on the day of the one before. */
final class Rfc3339 {
  private static final long DAY_MICROS = 86_400_000_000L;

  private long day = Long.MIN_VALUE;
  private String date = "";

  /** Quotes included; microseconds only if there are any below the millisecond. */
  void write(Batch out, long micros) {
    long wanted = Math.floorDiv(micros, DAY_MICROS);
    if (wanted != day) {
      day = wanted;
      date = "\"" + LocalDate.ofEpochDay(wanted) + "T";
    }
    long within = Math.floorMod(micros, DAY_MICROS);
    long seconds = within / 1_000_000;
    long fraction = within % 1_000_000;
    out.putAscii(date)
        .putDigits(seconds / 3_600, 2)
        .put((byte) ':')
        .putDigits(seconds / 60 % 60, 2)
        .put((byte) ':')
        .putDigits(seconds % 60, 2);
    if (fraction != 0) {
      boolean millis = fraction % 1_000 == 0;
      out.put((byte) '.').putDigits(millis ? fraction / 1_000 : fraction, millis ? 3 : 6);
    }
    out.put((byte) 'Z').put((byte) '"');
  }
}
