package dev.leat.engine;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since 1970 as people read them. */
final class Micros {
  private Micros() {}

  static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
