package dev.leat.engine;

import dev.leat.engine.EngineMeasures.Failing;
import dev.leat.engine.EngineMeasures.Verdicts;
import dev.leat.engine.Ledger.StreamCounts;
import dev.leat.event.Histogram;
import dev.leat.event.Threads;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened since the start. Any thread; dead letters are counted by one. */
final class EngineCounts {
  /** The pipeline knows a dozen; this is for a day on which it knows more. */
  static final int MAX_CAUSES = 40;

  private final LongAdder failedCommits = new LongAdder();
  private final Histogram batchEvents = Histogram.ofCounts();
  private final Histogram decideNanos = Histogram.ofDurations();
  private final Histogram commitNanos = Histogram.ofDurations();
  private final StageTimes stages;
  private final Map<Failing, LongAdder> deadLetters = new ConcurrentHashMap<>();

  EngineCounts(Threads threads) {
    this.stages = new StageTimes(threads);
  }

  /** How long the stages take. */
  StageTimes stages() {
    return stages;
  }

  void decided(int events, long nanos) {
    batchEvents.record(events);
    decideNanos.record(nanos);
  }

  void deadLettered(String stage, String reason) {
    Failing cause = new Failing(stage, reason);
    if (deadLetters.size() >= MAX_CAUSES && !deadLetters.containsKey(cause)) {
      cause = Failing.OTHER;
    }
    deadLetters.computeIfAbsent(cause, _ -> new LongAdder()).increment();
  }

  void committed(long nanos) {
    commitNanos.record(nanos);
  }

  void commitFailed() {
    failedCommits.increment();
  }

  long commits() {
    return commitNanos.read().count();
  }

  long failedCommits() {
    return failedCommits.sum();
  }

  EngineMeasures measures(Map<String, StreamCounts> streams, long uncommittedBytes) {
    Map<Failing, Long> byCause = new HashMap<>();
    deadLetters.forEach((cause, count) -> byCause.put(cause, count.sum()));
    Map<String, Verdicts> byStream = new HashMap<>();
    streams.forEach((stream, counts) -> byStream.put(stream, verdicts(counts)));
    return new EngineMeasures(
        batchEvents.read(),
        decideNanos.read(),
        commitNanos.read(),
        stages.read(),
        uncommittedBytes,
        byCause,
        byStream);
  }

  private static Verdicts verdicts(StreamCounts counts) {
    return new Verdicts(
        counts.stored(),
        counts.duplicates(),
        counts.deadLettered(),
        counts.sentAgain(),
        counts.filtered());
  }
}
