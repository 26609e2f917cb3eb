package dev.leat.engine;

import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.SessionParts;
import java.util.Collection;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What all work on sessions does: as with slices, what events add is kept apart while rows are
 * read. For the thread of the job.
 */
final class SessionWork {
  /** Time that is read around a stretch; so that sums of times do not overflow. */
  static final long MAX_MARGIN = 1L << 60;

  private final MetricPlan plan;
  private final MetricLock lock;
  private final CellStore store;
  private final RowBatches batches;
  private final CellLayout layout;

  SessionWork(MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches) {
    this.plan = plan;
    this.lock = new MetricLock(live, plan);
    this.store = store;
    this.batches = batches;
    this.layout = batches.layout(plan);
  }

  /** How it was at a position of the log. */
  record Begin(long position, ServedCells served) {}

  CellLayout layout() {
    return layout;
  }

  /** From now on what events add to these series in the stretch is kept apart; since where. */
  long prepare(Stretch stretch, Collection<byte[]> series) {
    return lock.between(
        moment -> {
          moment.aggregates().rotateSessions(plan.id(), stretch.from(), stretch.to(), series);
          return moment.position();
        });
  }

  /** The same for all series, and what is served at that position. */
  Begin begin(Stretch stretch) {
    return lock.between(
        moment -> {
          moment.aggregates().rotateSessions(plan.id(), stretch.from(), stretch.to(), null);
          return look(moment, stretch);
        });
  }

  /** What is served, without preparing a replacement. */
  Begin look(Stretch stretch) {
    return lock.between(moment -> look(moment, stretch));
  }

  private Begin look(LiveMetrics.Moment moment, Stretch stretch) {
    long bucket = Math.floorDiv(stretch.from(), plan.bucketMicros()) * plan.bucketMicros();
    Stretch buckets = new Stretch(bucket, stretch.to());
    return new Begin(moment.position(), ServedCells.copy(moment.aggregates(), plan, buckets));
  }

  /** The sessions that were served then, of the buckets that begin before a time. */
  NavigableMap<Long, Cells> served(Begin begin, long until) {
    return begin.served().read(store, layout, until);
  }

  /** How many rows there are in the stretch. */
  DayRows rows(Stretch stretch) throws InterruptedException {
    return new DayRows(
        batches
            .rows()
            .days(
                new StoredRows.Part(
                    plan.spec().from(), stretch.from(), stretch.to(), Long.MAX_VALUE)));
  }

  /** The sessions that rows of the stretch yield. */
  NavigableMap<Long, Cells> compute(
      @Nullable Collection<byte[]> series, Stretch stretch, long below, JobTally tally)
      throws InterruptedException {
    return batches.compute(
        plan,
        series,
        new StoredRows.Part(plan.spec().from(), stretch.from(), stretch.to(), below),
        tally);
  }

  /** Returns the series that could not be replaced. */
  Collection<byte[]> replace(NavigableMap<Long, Cells> computed, SessionParts parts) {
    return lock.between(moment -> moment.aggregates().replaceSessions(plan.id(), computed, parts));
  }

  /** Keeps nothing apart any more. */
  void end() {
    lock.abandon();
  }
}
