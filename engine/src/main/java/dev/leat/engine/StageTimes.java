package dev.leat.engine;

import dev.leat.event.Histogram;
import dev.leat.event.Threads;
import dev.leat.pipeline.StageWatch;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long each stage took, of one event in each batch, so that it costs next to nothing where
 * there are many. Which one changes from batch to batch: the first finds the caches cold. The
 * thread that decides records, any thread reads.
 */
final class StageTimes implements StageWatch {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Threads threads;
  private final Map<String, Histogram> byStage = new ConcurrentHashMap<>();
  private long batches;
  private long skip;

  StageTimes(Threads threads) {
    this.threads = threads;
  }

  /** A batch of so many events is to be decided on. */
  void begin(int events) {
    skip = Long.remainderUnsigned(++batches * GOLDEN, Math.max(1, events));
  }

  @Override
  public boolean wantsNext() {
    return skip-- == 0;
  }

  @Override
  public long nanoTime() {
    return threads.nanoTime();
  }

  @Override
  public void took(String stage, long nanos) {
    byStage.computeIfAbsent(stage, _ -> Histogram.ofShortDurations()).record(nanos);
  }

  /** By the names of stages, in nanoseconds. */
  Map<String, Histogram.Reading> read() {
    Map<String, Histogram.Reading> readings = new HashMap<>();
    byStage.forEach((stage, times) -> readings.put(stage, times.read()));
    return readings;
  }
}
