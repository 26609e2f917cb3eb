package dev.leat.engine;

import dev.leat.pipeline.MetricPlan;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of one metric waits for a recomputation, so that it is known to differ from the rows. For
 * one thread.
 */
final class PendingMarks {
  static final PendingMarks NONE = new PendingMarks();

  private final NavigableSet<Long> buckets = new TreeSet<>();
  private final NavigableMap<byte[], NavigableSet<Long>> times =
      new TreeMap<>(Arrays::compareUnsigned);

  /** Says what waits now. */
  @FunctionalInterface
  interface Source {
    PendingMarks now(MetricPlan plan) throws InterruptedException;
  }

  void addBucket(long bucket) {
    buckets.add(bucket);
  }

  void addSession(byte[] series, long time) {
    times.computeIfAbsent(series, _ -> new TreeSet<>()).add(time);
  }

  /** Whether a bucket of slices waits. */
  boolean has(long bucket) {
    return buckets.contains(bucket);
  }

  /** Whether something near a session of the series waits. */
  boolean has(MetricPlan plan, byte[] series, long first, long last) {
    long from = first - plan.windowMicros();
    long to = last + plan.windowMicros();
    NavigableSet<Long> own = times.get(series);
    return (own != null && !own.subSet(from, true, to, true).isEmpty())
        || !buckets.subSet(from - plan.bucketMicros(), false, to, true).isEmpty();
  }
}
