package dev.leat.engine;

import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.MetricPlan;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A metric that a job works on, between two batches of the worker: each call looks anew whether it
 * is still in force. For the thread of the job.
 */
final class MetricLock {
  private final LiveMetrics live;
  private final MetricPlan plan;

  MetricLock(LiveMetrics live, MetricPlan plan) {
    this.live = live;
    this.plan = plan;
  }

  /** The metric is not in force any more. */
  static final class NotInForceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotInForceException(String metric) {
      super("the metric %s was changed meanwhile; begin again".formatted(metric));
    }
  }

  /**
   * Does something while the worker waits.
   *
   * @throws NotInForceException if the metric is not in force
   */
  <T> T between(Function<LiveMetrics.Moment, T> task) {
    return live.between(
        moment -> {
          if (moment.plans().stream().noneMatch(each -> each.id() == plan.id())) {
            throw new NotInForceException(plan.name());
          }
          return task.apply(moment);
        });
  }

  /** How far event time has come; null before the first event. */
  @Nullable Long watermark() {
    return between(moment -> Optional.ofNullable(moment.aggregates().watermark(plan.id())))
        .orElse(null);
  }

  /** Gives up what was begun, if the metric is there to do so. */
  void abandon() {
    live.between(
        moment -> {
          Aggregates aggregates = moment.aggregates();
          if (moment.plans().stream().anyMatch(each -> each.id() == plan.id())) {
            aggregates.abandon(plan.id());
          }
          return plan;
        });
  }
}
