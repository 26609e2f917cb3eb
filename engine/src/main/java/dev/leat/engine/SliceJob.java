package dev.leat.engine;

import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Recomputes and verifies buckets of a metric whose windows are tumbling or sliding, a stretch at a
 * time. One job of a metric at a time; for its thread.
 *
 * <p>A recomputation first has what events add kept apart, at a position of the log; then it reads
 * the rows below that position, while nobody waits; then it puts what they yield in the place of
 * what there is. So an event is on one side or the other, never on both.
 */
final class SliceJob {
  /** So many buckets are replaced while the worker waits. */
  private static final int REPLACED_AT_ONCE = 64;

  private final MetricPlan plan;
  private final MetricLock lock;
  private final CellStore store;
  private final RowBatches batches;
  private final CellLayout layout;

  SliceJob(MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches) {
    this.plan = plan;
    this.lock = new MetricLock(live, plan);
    this.store = store;
    this.batches = batches;
    this.layout = batches.layout(plan);
  }

  /** How it was at a position of the log. */
  private record Begin(long position, ServedCells served, NavigableSet<Long> buckets) {}

  /** Recomputes buckets of a stretch. */
  void repair(Stretch stretch, Collection<Long> buckets, JobTally tally)
      throws InterruptedException {
    boolean done = false;
    try {
      long position =
          lock.between(
              moment -> {
                moment.aggregates().rotate(plan.id(), buckets);
                return moment.position();
              });
      replace(compute(stretch, position, tally), new TreeSet<>(buckets), tally);
      done = true;
    } finally {
      if (!done) {
        lock.abandon();
      }
    }
  }

  /**
   * Recomputes all buckets of a stretch, and notes what changed.
   *
   * @param kept buckets that begin earlier stay as they are if they have results
   */
  void recompute(Stretch stretch, long kept, JobTally tally) throws InterruptedException {
    NavigableSet<Long> buckets = ServedCells.committed(store, plan, stretch);
    // Only what has a name now can be kept apart; what comes between is in memory by then.
    buckets.addAll(
        batches.rows().histogram(part(stretch, Long.MAX_VALUE), plan.bucketMicros()).keySet());
    boolean done = false;
    try {
      Begin begin = lock.between(moment -> begin(moment, stretch, buckets));
      NavigableMap<Long, Cells> computed = compute(stretch, begin.position(), tally);
      NavigableMap<Long, Cells> served = begin.served().read(store, layout, stretch.to());
      Set<Long> left = left(served, kept);
      left.forEach(_ -> tally.addLeft());
      begin.buckets().removeAll(left);
      CellComparison comparison = new CellComparison(plan, layout, tally);
      for (long bucket : begin.buckets()) {
        comparison.compare(bucket, served.get(bucket), computed.get(bucket), PendingMarks.NONE);
      }
      replace(computed, begin.buckets(), tally);
      done = left.isEmpty();
    } finally {
      if (!done) {
        lock.abandon();
      }
    }
  }

  private Begin begin(LiveMetrics.Moment moment, Stretch stretch, NavigableSet<Long> known) {
    Aggregates aggregates = moment.aggregates();
    ServedCells served = ServedCells.copy(aggregates, plan, stretch);
    NavigableSet<Long> buckets = new TreeSet<>(known);
    buckets.addAll(served.held());
    aggregates.rotate(plan.id(), buckets);
    return new Begin(moment.position(), served, buckets);
  }

  private static Set<Long> left(NavigableMap<Long, Cells> served, long kept) {
    Set<Long> left = new TreeSet<>();
    served.forEach(
        (bucket, cells) -> {
          if (bucket < kept && cells.size() > 0) {
            left.add(bucket);
          }
        });
    return left;
  }

  /** Whether a bucket has results. */
  boolean hasResults(long bucket) {
    Stretch one = new Stretch(bucket, bucket + plan.bucketMicros());
    ServedCells served = lock.between(moment -> ServedCells.copy(moment.aggregates(), plan, one));
    return !served.held().isEmpty() || !ServedCells.committed(store, plan, one).isEmpty();
  }

  private void replace(
      NavigableMap<Long, Cells> computed, NavigableSet<Long> buckets, JobTally tally) {
    List<Long> all = new ArrayList<>(buckets);
    for (int from = 0; from < all.size(); from += REPLACED_AT_ONCE) {
      List<Long> some = all.subList(from, Math.min(all.size(), from + REPLACED_AT_ONCE));
      lock.between(
          moment -> {
            for (long bucket : some) {
              Cells cells = computed.get(bucket);
              moment
                  .aggregates()
                  .replace(plan.id(), bucket, cells == null ? RowBatches.nothing(layout) : cells);
            }
            return some;
          });
    }
    tally.addWindows(all.size());
  }

  /**
   * Compares what is served with what rows yield.
   *
   * @param kept rows of buckets that begin earlier may be gone: of these nothing is said
   */
  void verify(Stretch stretch, long kept, PendingMarks.Source pending, JobTally tally)
      throws InterruptedException {
    Begin begin =
        lock.between(
            moment ->
                new Begin(
                    moment.position(),
                    ServedCells.copy(moment.aggregates(), plan, stretch),
                    new TreeSet<>()));
    NavigableMap<Long, Cells> exact =
        batches.computeExact(plan, part(stretch, begin.position()), tally);
    NavigableMap<Long, Cells> computed = new TreeMap<>();
    exact.forEach((bucket, cells) -> computed.put(bucket, layout.settle(cells)));
    NavigableMap<Long, Cells> served = begin.served().read(store, layout, stretch.to());
    // Corrections that came while rows were read show in them already, so marks are read last.
    PendingMarks waiting = pending.now(plan);
    CellComparison comparison = new CellComparison(plan, layout, exact, tally);
    NavigableSet<Long> all = new TreeSet<>(served.keySet());
    all.addAll(computed.keySet());
    for (long bucket : all) {
      if (bucket < kept) {
        tally.addLeft();
      } else {
        comparison.compare(bucket, served.get(bucket), computed.get(bucket), waiting);
        tally.addWindows(1);
      }
    }
  }

  private NavigableMap<Long, Cells> compute(Stretch stretch, long below, JobTally tally)
      throws InterruptedException {
    return batches.compute(plan, null, part(stretch, below), tally);
  }

  private StoredRows.Part part(Stretch stretch, long below) {
    return new StoredRows.Part(plan.spec().from(), stretch.from(), stretch.to(), below);
  }
}
