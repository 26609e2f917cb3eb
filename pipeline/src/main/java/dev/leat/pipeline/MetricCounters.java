package dev.leat.pipeline;

import dev.leat.event.Metrics;
import java.util.Arrays;

/** Counts where the events of one metric went. For one thread. */
final class MetricCounters {
  private static final long MINUTE = 60_000_000L;
  private static final long[] LATENESS = {MINUTE, 60 * MINUTE, 24 * 60 * MINUTE};

  private long counted;
  private long late;
  private long tooLate;
  private long ahead;
  private long overflow;
  private final long[] lateUpTo = new long[LATENESS.length + 1];

  void counted(long events) {
    counted += events;
  }

  /** An event came behind the end of its window by so many microseconds. */
  void late(long by) {
    late++;
    spread(by);
  }

  void tooLate(long by) {
    tooLate++;
    spread(by);
  }

  void ahead() {
    ahead++;
  }

  void overflow(long events) {
    overflow += events;
  }

  private void spread(long by) {
    int i = 0;
    while (i < LATENESS.length && by > LATENESS[i]) {
      i++;
    }
    lateUpTo[i]++;
  }

  Metrics.Counts counts(long pending) {
    return new Metrics.Counts(
        counted, late, tooLate, ahead, Arrays.stream(lateUpTo).boxed().toList(), pending, overflow);
  }

  void encode(ByteWriter out) {
    for (long count : new long[] {counted, late, tooLate, ahead, overflow}) {
      out.putVarint(count);
    }
    for (long count : lateUpTo) {
      out.putVarint(count);
    }
  }

  void decode(ByteReader in) {
    counted = in.getVarint();
    late = in.getVarint();
    tooLate = in.getVarint();
    ahead = in.getVarint();
    overflow = in.getVarint();
    for (int i = 0; i < lateUpTo.length; i++) {
      lateUpTo[i] = in.getVarint();
    }
  }
}
