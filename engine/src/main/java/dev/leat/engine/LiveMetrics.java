package dev.leat.engine;

import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.MetricPlan;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The running metrics, and the lock that lets others look at them between two batches. The worker
 * holds it while it works on a batch; fair, so that a busy worker keeps nobody waiting.
 */
final class LiveMetrics {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Aggregates aggregates;

  // Guarded by lock.
  private List<MetricPlan> plans = List.of();
  private long position;

  LiveMetrics(Aggregates aggregates, long position) {
    this.aggregates = aggregates;
    this.position = position;
  }

  /** What a reader sees. */
  record Moment(Aggregates aggregates, List<MetricPlan> plans, long position) {}

  /** For the worker: begins a batch. */
  void begin() {
    lock.lock();
  }

  /** For the worker: ends a batch; everything below the position was counted. */
  void end(List<MetricPlan> inForce, long reached) {
    plans = inForce;
    position = reached;
    lock.unlock();
  }

  /** A cut was committed, and the {@link CellStore} shows it. For the checkpointer. */
  void committed(long number) {
    lock.lock();
    try {
      aggregates.committed(number);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Does something between two batches; keep it short, the worker waits, and never wait for a
   * commit in it. Any thread.
   */
  <T extends @Nullable Object> T between(Function<Moment, T> task) {
    lock.lock();
    try {
      return task.apply(new Moment(aggregates, plans, position));
    } finally {
      lock.unlock();
    }
  }
}
