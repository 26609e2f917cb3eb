package dev.leat.server;

import dev.leat.collector.CollectorCounts;
import dev.leat.engine.EngineMeasures;
import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.Histogram;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@code GET /metrics} tells of the rooms, read at one time.
 *
 * @param showNanos of the events that were followed from the door until queries saw them
 * @param traced the last event that was traced until it showed; null if none is
 * @param requestNanos by kind of request
 */
record MeterReading(
    boolean ready,
    CollectorCounts door,
    Log log,
    EngineStatus engine,
    EngineMeasures measures,
    Balance balance,
    Store store,
    Histogram.Reading showNanos,
    @Nullable Traced traced,
    Map<RequestTimes.Kind, Histogram.Reading> requestNanos,
    int definitionProblems,
    Machine machine) {
  /**
   * An event with a trace.
   *
   * @param showNanos from the door until queries saw it
   * @param millis since 1970, then
   */
  record Traced(String trace, String span, long showNanos, long millis) {}

  /**
   * Of the log.
   *
   * @param waiting batches that are not durable yet
   */
  record Log(
      EventLog.Status status,
      long firstOffset,
      long nextOffset,
      long waiting,
      long waitingBytes,
      long bytes,
      Histogram.Reading keepNanos,
      Histogram.Reading batchEvents) {}

  /**
   * Of the store.
   *
   * @param checkpointSeconds since 1970, of the last commit, or of the start before the first
   */
  record Store(
      EventStore.Status status,
      long visibleOffset,
      long committedOffset,
      double checkpointSeconds) {}

  /**
   * Of process and machine; what the system does not tell is -1.
   *
   * @param startSeconds since 1970
   */
  record Machine(
      String version,
      double startSeconds,
      double cpuSeconds,
      int cpus,
      long residentBytes,
      long openFiles,
      long maxFiles,
      long diskBytes,
      long diskFreeBytes) {}
}
