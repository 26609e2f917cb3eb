package dev.leat.engine;

import dev.leat.engine.MarkNeeds.Need;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** Recomputes what some marks of one metric ask for. For one thread, which holds its lock. */
final class MarkRound {
  private static final System.Logger LOG = System.getLogger(MarkRound.class.getName());

  private final MetricPlan plan;
  private final LiveMetrics live;
  private final CellStore store;
  private final RowBatches batches;
  private final long kept;
  private final JobTally tally;

  /**
   * @param kept rows of buckets that begin earlier may be gone
   */
  MarkRound(
      MetricPlan plan,
      LiveMetrics live,
      CellStore store,
      RowBatches batches,
      long kept,
      JobTally tally) {
    this.plan = plan;
    this.live = live;
    this.store = store;
    this.batches = batches;
    this.kept = kept;
    this.tally = tally;
  }

  /** Does it; returns what could not be done and has to be tried again. */
  Set<Need> run(Collection<Need> needs) throws InterruptedException {
    NavigableSet<Long> slices = new TreeSet<>();
    List<Need.Around> around = new ArrayList<>();
    NavigableSet<Long> everything = new TreeSet<>();
    for (Need need : needs) {
      switch (need) {
        case Need.Slice slice -> slices.add(slice.bucket());
        case Need.Around session -> around.add(session);
        case Need.Everything sessions -> everything.add(sessions.bucket());
      }
    }
    if (!slices.isEmpty()) {
      slices(slices);
    }
    everything.removeIf(this::isLeftSession);
    for (Stretch run : Stretch.runs(everything, plan.bucketMicros())) {
      for (Stretch piece : Stretch.cut(run, plan.bucketMicros(), rows(run), everything)) {
        everything(piece);
      }
    }
    return sessions(around);
  }

  private void slices(NavigableSet<Long> buckets) throws InterruptedException {
    Long watermark = new MetricLock(live, plan).watermark();
    List<CoarseJob.Area> areas = CoarseJob.areas(plan, watermark);
    for (Map.Entry<Level, NavigableSet<Long>> each :
        CoarseJob.covering(plan, areas, buckets).entrySet()) {
      new CoarseJob(plan, live, store, batches)
          .recompute(each.getKey(), each.getValue(), kept, tally);
    }
    SliceJob job = new SliceJob(plan, live, store, batches);
    NavigableSet<Long> own =
        new TreeSet<>(buckets.tailSet(MetricLevels.expired(plan, Level.BASE, watermark), true));
    if (own.isEmpty()) {
      return;
    }
    NavigableMap<Long, Long> rows =
        rows(new Stretch(own.getFirst(), own.getLast() + plan.bucketMicros()));
    for (List<Long> near :
        new DayRows(rows).clusters(List.copyOf(own), Long::longValue, 0, Integer.MAX_VALUE)) {
      Stretch all = new Stretch(near.getFirst(), near.getLast() + plan.bucketMicros());
      for (Stretch stretch : Stretch.cut(all, plan.bucketMicros(), rows, near)) {
        NavigableSet<Long> some =
            new TreeSet<>(own.subSet(stretch.from(), true, stretch.to(), false));
        some.removeIf(bucket -> isLeft(job, bucket));
        if (!some.isEmpty()) {
          job.repair(stretch, some, tally);
        }
      }
    }
  }

  private boolean isLeft(SliceJob job, long bucket) {
    boolean left = bucket < kept && job.hasResults(bucket);
    if (left) {
      leave(bucket);
    }
    return left;
  }

  private boolean isLeftSession(long time) {
    if (time < kept) {
      leave(time);
    }
    return time < kept;
  }

  private void leave(long time) {
    tally.addLeft();
    LOG.log(
        System.Logger.Level.INFO,
        "the metric {0} stays as it is at {1}: an event there was corrected or came too late, but rows of that time are gone by retention",
        plan.name(),
        Micros.text(time));
  }

  private NavigableMap<Long, Long> rows(Stretch run) throws InterruptedException {
    return batches
        .rows()
        .days(new StoredRows.Part(plan.spec().from(), run.from(), run.to(), Long.MAX_VALUE));
  }

  /** A stretch of sessions of all series, and those that touch it. */
  private void everything(Stretch run) throws InterruptedException {
    long gap = plan.windowMicros();
    new SessionJob(plan, live, store, batches, tally)
        .recompute(new Stretch(run.from() - gap, run.to() + gap + 1));
  }

  private Set<Need> sessions(List<Need.Around> needs) throws InterruptedException {
    IdentityHashMap<SessionPlace, Need> places = new IdentityHashMap<>();
    for (Need.Around need : needs) {
      if (!isLeftSession(need.time())) {
        places.put(new SessionPlace(need.series(), need.time(), need.time()), need);
      }
    }
    Set<Need> failed = new HashSet<>();
    if (!places.isEmpty()) {
      new SessionJob(plan, live, store, batches, tally)
          .repair(List.copyOf(places.keySet()))
          .forEach(place -> failed.add(places.get(place)));
    }
    return failed;
  }
}
