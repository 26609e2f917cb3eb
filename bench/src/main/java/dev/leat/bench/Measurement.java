package dev.leat.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one run measured, by the names that stand in the files of results.
 *
 * @param figures by name, units at their end
 */
record Measurement(
    String system,
    int run,
    Map<String, Double> figures,
    List<String> checked,
    List<String> differences) {
  /** Begins the figures that say how many core-seconds per million a thread used. */
  static final String THREAD = "coreSecondsPerMillion:";

  private static final double LEAST_SHARE = 0.02;

  static Measurement of(
      String system,
      int run,
      Trial.Full full,
      Trial.@Nullable Paced paced,
      long events,
      long memoryMb,
      double bytesPerEvent,
      Map<String, Double> own,
      Trial.Verdict verdict) {
    Map<String, Double> figures = new TreeMap<>();
    figures.putAll(own);
    figures.put("eventsPerSecond", full.decidedPerSecond());
    figures.put("acknowledgedPerSecond", full.acknowledgedPerSecond());
    figures.put("serverCoreSecondsPerMillion", full.server());
    figures.put("generatorCoreSecondsPerMillion", full.generator());
    figures.put("drainSeconds", full.drainSeconds());
    figures.put("memoryMb", (double) memoryMb);
    figures.put("bytesAtRestPerEvent", bytesPerEvent);
    figures.put("events", (double) events);
    percentiles(figures, "fullAck", full.ackMicros());
    full.threads()
        .forEach(
            (thread, seconds) -> {
              if (seconds >= LEAST_SHARE) {
                figures.put(THREAD + thread, seconds);
              }
            });
    if (paced != null) {
      figures.put("pacedPerSecond", paced.eventsPerSecond());
      figures.put("pacedDecidedPerSecond", paced.decidedPerSecond());
      percentiles(figures, "ack", paced.ackMicros());
      if (paced.freshMicros() != null) {
        percentiles(figures, "fresh", paced.freshMicros());
      }
    }
    return new Measurement(system, run, figures, verdict.checked(), verdict.differences());
  }

  /** A run that came to no figures. */
  static Measurement failed(String system, int run, Exception failure) {
    Throwable cause = failure.getCause();
    String why = failure.getMessage() + (cause == null ? "" : ": " + cause);
    return new Measurement(system, run, Map.of(), List.of(), List.of("it failed: " + why));
  }

  /** Puts the usual ones of a histogram of microseconds, as milliseconds. */
  static void percentiles(Map<String, Double> into, String name, Histogram micros) {
    into.put(name + "P50Millis", micros.getValueAtPercentile(50) / 1e3);
    into.put(name + "P99Millis", micros.getValueAtPercentile(99) / 1e3);
    into.put(name + "P999Millis", micros.getValueAtPercentile(99.9) / 1e3);
    into.put(name + "MaxMillis", micros.getMaxValue() / 1e3);
  }

  boolean sound() {
    return differences.isEmpty();
  }
}
