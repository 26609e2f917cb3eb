package dev.leat.server;

import dev.leat.event.Histogram;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long the stages of the pipeline took over the last ten turns, from what the engine counts
 * since its start. For one thread.
 */
final class StageLatencies {
  private static final int TURNS = 10;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MEDIAN = 0.5;
  private static final double HIGH = 0.99;

  private final Deque<Map<String, Histogram.Reading>> turns = new ArrayDeque<>();

  /**
   * Percentiles in milliseconds, rounded up to the bounds of the histogram.
   *
   * @param count of what they are of
   */
  record Reading(long count, double p50, double p99) {}

  /** Begins the next turn with what is counted now; those stages that had events. */
  Map<String, Reading> turn(Map<String, Histogram.Reading> now) {
    Map<String, Histogram.Reading> before = turns.isEmpty() ? Map.of() : turns.getFirst();
    Map<String, Reading> stages = new TreeMap<>();
    now.forEach(
        (stage, all) -> {
          Histogram.Reading old = before.get(stage);
          Histogram.Reading lately = old == null ? all : all.since(old);
          if (lately.count() > 0) {
            stages.put(
                stage,
                new Reading(
                    lately.count(),
                    lately.atMost(MEDIAN) / NANOS_PER_MILLI,
                    lately.atMost(HIGH) / NANOS_PER_MILLI));
          }
        });
    if (turns.size() == TURNS) {
      turns.removeFirst();
    }
    turns.addLast(now);
    return stages;
  }
}
