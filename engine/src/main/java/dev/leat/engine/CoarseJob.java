package dev.leat.engine;

import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricAssembly;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the hours and days of a metric whose finer buckets are not kept any more: {@link
 * RollUp} can't make them again, so they are made from the rows of all the time they cover. No
 * event can change them any more, so nothing has to be kept apart. One job of a metric at a time;
 * for its thread.
 */
final class CoarseJob {
  private final MetricPlan plan;
  private final CellStore store;
  private final RowBatches batches;
  private final CellLayout layout;
  private final MetricLock lock;

  CoarseJob(MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches) {
    this.plan = plan;
    this.store = store;
    this.batches = batches;
    this.layout = batches.layout(plan);
    this.lock = new MetricLock(live, plan);
  }

  /** A stretch of event time and the finest level that its results are kept at. */
  record Area(Level level, long from, long to) {}

  /**
   * Where results are kept at coarser levels only; the metric's own level begins where they end.
   */
  static List<Area> areas(MetricPlan plan, @Nullable Long watermark) {
    List<Area> areas = new ArrayList<>();
    long end = MetricLevels.expired(plan, Level.BASE, watermark);
    for (Level level : MetricLevels.above(plan)) {
      long from = MetricLevels.expired(plan, level, watermark);
      if (from < end) {
        areas.add(new Area(level, from, end));
        end = from;
      }
    }
    return areas;
  }

  /** The coarser buckets that these finer ones are in, where those are not kept. */
  static NavigableMap<Level, NavigableSet<Long>> covering(
      MetricPlan plan, List<Area> areas, Collection<Long> buckets) {
    NavigableMap<Level, NavigableSet<Long>> covering = new TreeMap<>();
    for (Area area : areas) {
      for (long bucket : buckets) {
        if (bucket >= area.from() && bucket < area.to()) {
          covering
              .computeIfAbsent(area.level(), _ -> new TreeSet<>())
              .add(plan.bucketOf(area.level(), bucket));
        }
      }
    }
    return covering;
  }

  /**
   * Recomputes buckets of a level.
   *
   * @param kept buckets that begin earlier stay as they are: rows may be gone
   */
  void recompute(Level level, Collection<Long> buckets, long kept, JobTally tally)
      throws InterruptedException {
    long below = lock.between(LiveMetrics.Moment::position);
    for (long bucket : buckets) {
      Cells before = served(level, bucket);
      if (before != null && bucket < kept) {
        tally.addLeft();
        continue;
      }
      NavigableMap<Long, Cells> parts =
          batches.compute(
              plan,
              null,
              new StoredRows.Part(plan.spec().from(), bucket, bucket + level.micros(), below),
              tally);
      Cells after = MetricAssembly.rollUp(layout, new ArrayList<>(parts.values()));
      new CellComparison(plan, layout, tally).compare(bucket, level.micros(), before, after);
      tally.addWindows(1);
      store.submit(List.of(new BucketChange(plan.id(), level, bucket, true, after.encode())));
    }
  }

  /** The buckets of a level in a stretch that have rows or results. */
  NavigableSet<Long> buckets(Level level, long from, long to) throws InterruptedException {
    NavigableSet<Long> buckets = new TreeSet<>();
    store.scan(plan.id(), level, from, to, (bucket, _, _) -> buckets.add(bucket));
    buckets.addAll(
        batches
            .rows()
            .histogram(
                new StoredRows.Part(plan.spec().from(), from, to, Long.MAX_VALUE), level.micros())
            .keySet());
    return buckets;
  }

  private @Nullable Cells served(Level level, long bucket) {
    List<Cells> found = new ArrayList<>();
    store.scan(
        plan.id(),
        level,
        bucket,
        bucket + 1,
        (_, _, block) -> found.add(Cells.decode(layout, block.get())));
    return found.isEmpty() ? null : found.getFirst();
  }
}
