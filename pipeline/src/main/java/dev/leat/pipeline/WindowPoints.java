package dev.leat.pipeline;

import dev.leat.event.Metrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the points of an answer from cells, as many as were asked for. For one thread. */
final class WindowPoints {
  private final CellLayout layout;
  private final int measures;
  private final @Nullable String asked;
  private final @Nullable Long watermark;
  private final long finalAfter;
  private long left;

  /** One point more than was asked for says that there are too many. */
  WindowPoints(
      MetricPlan metric, CellLayout layout, Metrics.Query query, @Nullable Long watermark) {
    this.layout = layout;
    this.measures = metric.spec().measures().size();
    this.asked = query.value();
    this.watermark = watermark;
    this.finalAfter = finalAfter(metric);
    this.left = query.maxPoints() == Long.MAX_VALUE ? Long.MAX_VALUE : query.maxPoints() + 1;
  }

  /**
   * How long after its end a window may still change: until its last bucket is final. A session may
   * change until no event can touch it that comes just in time, which is one gap longer.
   */
  static long finalAfter(MetricPlan metric) {
    long lateness = metric.spec().lateness().toMillis() * 1_000;
    return lateness + metric.windowMicros() - (metric.isSession() ? 0 : metric.bucketMicros());
  }

  /** Whether no further point is wanted. */
  boolean isFull() {
    return left <= 0;
  }

  /** Adds the point of a window that one cell holds the results of. */
  void add(List<Metrics.Point> points, long start, long end, Cells cells, int slot) {
    left--;
    @Nullable Object[] values = new Object[measures];
    boolean exact = true;
    for (int measure = 0; measure < measures; measure++) {
      values[measure] = layout.value(measure, cells, slot, end - start, asked);
      exact &= layout.isExact(measure, cells, slot);
    }
    boolean isOpen = watermark == null || watermark < end;
    long revision = isOpen ? 0 : 1 + cells.late(slot);
    boolean isFinal = watermark != null && watermark >= end + finalAfter;
    points.add(new Metrics.Point(start, end, values, revision, isFinal, exact));
  }
}
