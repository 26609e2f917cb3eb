package dev.leat.log;

import java.time.Duration;

/** Options small enough that a test rolls, recycles and fills up. */
final class TestLogs {
  static final LogOptions SMALL =
      new LogOptions(32 << 10, 16 << 10, 8 << 10, 1 << 20, Duration.ofHours(1), 1 << 30, 0, 2);

  private TestLogs() {}
}
