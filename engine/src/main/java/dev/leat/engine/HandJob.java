package dev.leat.engine;

import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes or verifies a metric over any length of time, stretch by stretch, so that memory stays
 * bounded. For the thread that asked, which holds the lock of the metric.
 */
final class HandJob {
  /** Far enough from the ends of what a long can say that sums of times do not overflow. */
  private static final long MAX_MICROS = 1L << 61;

  private final MetricPlan plan;
  private final LiveMetrics live;
  private final CellStore store;
  private final RowBatches batches;

  HandJob(MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches) {
    this.plan = plan;
    this.live = live;
    this.store = store;
    this.batches = batches;
  }

  /** Recomputes the windows that begin in the time. */
  void recompute(long from, long to, long kept, JobTally tally) throws InterruptedException {
    Stretch all = bounds(from, to);
    if (all == null) {
      return;
    }
    Long watermark = watermark();
    for (CoarseJob.Area area : CoarseJob.areas(plan, watermark)) {
      coarse(all, area, kept, tally);
    }
    for (Stretch stretch : stretches(all, MetricLevels.expired(plan, Level.BASE, watermark))) {
      if (!plan.isSession()) {
        new SliceJob(plan, live, store, batches).recompute(stretch, kept, tally);
      } else if (stretch.from() < kept && hasResults(stretch)) {
        tally.addLeft();
      } else {
        new SessionJob(plan, live, store, batches, tally).recompute(stretch);
      }
    }
  }

  private void coarse(Stretch all, CoarseJob.Area area, long kept, JobTally tally)
      throws InterruptedException {
    long from = Math.max(plan.bucketOf(area.level(), all.from()), area.from());
    long to = Math.min(all.to(), area.to());
    if (from < to) {
      CoarseJob job = new CoarseJob(plan, live, store, batches);
      job.recompute(area.level(), job.buckets(area.level(), from, to), kept, tally);
    }
  }

  /** Compares the windows that begin in the time, where they are kept at their own level. */
  void verify(long from, long to, long kept, PendingMarks.Source pending, JobTally tally)
      throws InterruptedException {
    Stretch all = bounds(from, to);
    if (all == null) {
      return;
    }
    for (Stretch stretch : stretches(all, MetricLevels.expired(plan, Level.BASE, watermark()))) {
      if (!plan.isSession()) {
        new SliceJob(plan, live, store, batches).verify(stretch, kept, pending, tally);
      } else if (stretch.from() < kept) {
        tally.addLeft();
      } else {
        new SessionJob(plan, live, store, batches, tally).verify(stretch, pending);
      }
    }
  }

  /** The buckets that windows that begin in the time are made of; null if there is none. */
  private @Nullable Stretch bounds(long from, long to) {
    long begin = ceil(Math.clamp(from, -MAX_MICROS, MAX_MICROS));
    long end = ceil(Math.clamp(to, -MAX_MICROS, MAX_MICROS));
    if (begin >= end) {
      return null;
    }
    long more = plan.isSession() ? 0 : plan.windowMicros() - plan.bucketMicros();
    return new Stretch(begin, end + more);
  }

  private long ceil(long micros) {
    long size = plan.bucketMicros();
    return Math.ceilDiv(micros, size) * size;
  }

  /** What has rows or results, from the time on that the metric's own level is kept for. */
  private List<Stretch> stretches(Stretch all, long expired) throws InterruptedException {
    long from = Math.max(all.from(), expired);
    if (from >= all.to()) {
      return List.of();
    }
    Stretch kept = new Stretch(from, all.to());
    NavigableMap<Long, Long> rows =
        batches
            .rows()
            .days(new StoredRows.Part(plan.spec().from(), kept.from(), kept.to(), Long.MAX_VALUE));
    return Stretch.cut(kept, plan.bucketMicros(), rows, results(kept));
  }

  private NavigableSet<Long> results(Stretch stretch) {
    NavigableSet<Long> results = new TreeSet<>(ServedCells.committed(store, plan, stretch));
    results.addAll(
        new MetricLock(live, plan)
            .between(moment -> ServedCells.copy(moment.aggregates(), plan, stretch))
            .held());
    return results;
  }

  private boolean hasResults(Stretch stretch) {
    return !results(stretch).isEmpty();
  }

  private @Nullable Long watermark() {
    return new MetricLock(live, plan).watermark();
  }
}
