package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import org.jspecify.annotations.Nullable;

/** The events of an {@link EventRun} that a condition holds for. For one thread. */
final class RunSelection {
  private final @Nullable CelExpression condition;
  private final int[] indexes = new int[EventRun.CAPACITY];
  private int count;

  /**
   * @param condition null for all events
   */
  RunSelection(@Nullable CelExpression condition) {
    this.condition = condition;
  }

  /** Asks about the next event. */
  void offer(EventCursor event, Row row, int index) {
    if (Aggregator.counts(condition, event, row)) {
      indexes[count++] = index;
    }
  }

  /** Takes events that nobody has to be asked about. */
  void addAll(int from, int events) {
    for (int i = 0; i < events; i++) {
      indexes[count++] = from + i;
    }
  }

  void clear() {
    count = 0;
  }

  /** Where the events stand in the run, ascending, as far as {@link #count}. */
  int[] indexes() {
    return indexes;
  }

  int count() {
    return count;
  }
}
