package dev.leat.event;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts values by their size, since the start and for good: what monitoring makes percentiles of.
 * A value costs a look for its bucket and two additions, so it is meant for batches and requests,
 * not for events. Any number of threads record and read.
 */
public final class Histogram {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000 * MICRO;
  private static final long SECOND = 1_000 * MILLI;

  /** Finest where a batch is forced and decided on: a tenth to a hundred milliseconds. */
  private static final long[] DURATIONS = {
    100 * MICRO,
    250 * MICRO,
    500 * MICRO,
    MILLI,
    5 * MILLI / 2,
    5 * MILLI,
    10 * MILLI,
    25 * MILLI,
    50 * MILLI,
    100 * MILLI,
    250 * MILLI,
    500 * MILLI,
    SECOND,
    5 * SECOND / 2,
    5 * SECOND,
    10 * SECOND,
    30 * SECOND,
    60 * SECOND
  };

  /** For what happens within one event. */
  private static final long[] SHORT_DURATIONS = {
    100,
    250,
    500,
    MICRO,
    5 * MICRO / 2,
    5 * MICRO,
    10 * MICRO,
    25 * MICRO,
    50 * MICRO,
    100 * MICRO,
    250 * MICRO,
    MILLI,
    10 * MILLI,
    100 * MILLI
  };

  private static final long[] COUNTS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000
  };

  private final long[] bounds;
  private final AtomicLongArray buckets;
  private final LongAdder sum = new LongAdder();

  private Histogram(long[] bounds) {
    this.bounds = bounds;
    this.buckets = new AtomicLongArray(bounds.length + 1);
  }

  /** Of nanoseconds. */
  public static Histogram ofDurations() {
    return new Histogram(DURATIONS);
  }

  /** Of nanoseconds, of what takes less than a millisecond. */
  public static Histogram ofShortDurations() {
    return new Histogram(SHORT_DURATIONS);
  }

  /** Of numbers of things. */
  public static Histogram ofCounts() {
    return new Histogram(COUNTS);
  }

  /** Counts a value; one below nothing counts as nothing. */
  public void record(long value) {
    long counted = Math.max(0, value);
    int found = Arrays.binarySearch(bounds, counted);
    buckets.incrementAndGet(found >= 0 ? found : -found - 1);
    sum.add(counted);
  }

  /** As of now. While others record, the sum may be a few values ahead or behind. */
  public Reading read() {
    long[] counts = new long[buckets.length()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets.get(i);
    }
    return new Reading(bounds.clone(), counts, sum.sum());
  }

  /**
   * What was counted.
   *
   * @param bounds the largest value of each bucket but the last, which has all that are larger
   * @param counts of each bucket by itself
   * @param sum of all values
   */
  @SuppressWarnings("ArrayRecordComponent") // A copy, made for who asked.
  public record Reading(long[] bounds, long[] counts, long sum) {
    public long count() {
      return Arrays.stream(counts).sum();
    }

    /** What came after an earlier reading of the same histogram. */
    public Reading since(Reading before) {
      long[] later = counts.clone();
      for (int i = 0; i < later.length; i++) {
        later[i] -= before.counts[i];
      }
      return new Reading(bounds, later, sum - before.sum);
    }

    /**
     * The bound of the bucket that the value at this share of all is in, so at least that value; 0
     * if there is none. What is beyond all bounds has the last of them.
     */
    public long atMost(double share) {
      long wanted = (long) Math.ceil(share * count());
      long seen = 0;
      for (int i = 0; i < bounds.length; i++) {
        seen += counts[i];
        if (seen >= wanted) {
          return wanted == 0 ? 0 : bounds[i];
        }
      }
      return bounds[bounds.length - 1];
    }
  }
}
