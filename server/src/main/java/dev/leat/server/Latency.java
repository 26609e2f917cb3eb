package dev.leat.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * How long something took, over the last ten turns. Any thread records; one thread turns, at a
 * steady pace, and reads.
 */
final class Latency {
  private static final int TURNS = 10;
  private static final long MAX_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;
  private static final int DIGITS = 2;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Recorder recorder = new Recorder(MAX_MICROS, DIGITS);
  private final Deque<Histogram> turns = new ArrayDeque<>();

  /**
   * Percentiles in milliseconds.
   *
   * @param count of what they are of; with 0 they are 0 too
   */
  record Reading(long count, double p50, double p99, double max) {}

  void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
  }

  /** Begins the next turn, and reads those that count. */
  Reading turn() {
    Histogram oldest = turns.size() == TURNS ? turns.removeFirst() : null;
    turns.addLast(recorder.getIntervalHistogram(oldest));
    Histogram sum = new Histogram(MAX_MICROS, DIGITS);
    turns.forEach(sum::add);
    return new Reading(
        sum.getTotalCount(),
        sum.getValueAtPercentile(50) / MICROS_PER_MILLI,
        sum.getValueAtPercentile(99) / MICROS_PER_MILLI,
        sum.getMaxValue() / MICROS_PER_MILLI);
  }
}
