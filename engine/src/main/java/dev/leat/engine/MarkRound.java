package dev.leat.engine;

import dev.leat.engine.MarkNeeds.Need;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Recomputes what some marks of one metric ask for. For one thread, which holds its lock. */
final class MarkRound {
  private static final System.Logger LOG = System.getLogger(MarkRound.class.getName());

  /** So many series of sessions share a stretch. */
  private static final int MAX_SERIES = 1_000;

  /** So many rows are rather read at once than in many small pieces, each a query of its own. */
  private static final long FEW_ROWS = 200_000;

  private static final long DAY = Level.DAY.micros();

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
    for (Stretch run : Stretch.runs(List.copyOf(own), plan.bucketMicros())) {
      for (Stretch stretch : Stretch.cut(run, plan.bucketMicros(), rows(run), own)) {
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
    new SessionJob(plan, live, store, batches)
        .recompute(new Stretch(run.from() - gap, run.to() + gap + 1), tally);
  }

  private Set<Need> sessions(List<Need.Around> needs) throws InterruptedException {
    Set<Need> failed = new HashSet<>();
    if (needs.isEmpty()) {
      return failed;
    }
    List<Need.Around> inOrder = new ArrayList<>(needs);
    inOrder.removeIf(need -> isLeftSession(need.time()));
    if (inOrder.isEmpty()) {
      return failed;
    }
    inOrder.sort(Comparator.comparingLong(Need.Around::time));
    if (inOrder.size() > MAX_SERIES) {
      long first = inOrder.getFirst().time();
      long last = inOrder.getLast().time();
      new HandJob(plan, live, store, batches)
          .recompute(first - DAY, last + plan.windowMicros() + 1, kept, tally);
      // Sessions of the first day may have begun before what was computed.
      inOrder.removeIf(need -> need.time() - first > DAY);
    }
    SessionJob job = new SessionJob(plan, live, store, batches);
    NavigableMap<Long, Long> rowsByDay =
        rows(new Stretch(inOrder.getFirst().time(), inOrder.getLast().time() + 1));
    int from = 0;
    while (from < inOrder.size()) {
      int to = clusterEnd(inOrder, from, rowsByDay);
      failed.addAll(repair(job, inOrder.subList(from, to)));
      from = to;
    }
    return failed;
  }

  /** What lies close together is read together, and what has few rows between. */
  private int clusterEnd(List<Need.Around> needs, int from, NavigableMap<Long, Long> rowsByDay) {
    long begin = needs.get(from).time();
    int to = from + 1;
    while (to < needs.size()
        && to - from < MAX_SERIES
        && isNear(begin, needs.get(to).time(), rowsByDay)) {
      to++;
    }
    return to;
  }

  private boolean isNear(long begin, long time, NavigableMap<Long, Long> rowsByDay) {
    if (time - begin <= plan.bucketMicros()) {
      return true;
    }
    long rows =
        rowsByDay.subMap(Math.floorDiv(begin, DAY) * DAY, true, time, true).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    return rows <= FEW_ROWS;
  }

  private Set<Need> repair(SessionJob job, List<Need.Around> needs) throws InterruptedException {
    Set<Need> failed = new HashSet<>();
    long first = needs.getFirst().time();
    long last = needs.getLast().time();
    NavigableMap<byte[], List<Need>> bySeries = new TreeMap<>(Arrays::compareUnsigned);
    for (Need.Around need : needs) {
      bySeries.computeIfAbsent(need.series(), _ -> new ArrayList<>()).add(need);
    }
    for (byte[] series : job.repair(bySeries.keySet(), first, last, tally)) {
      failed.addAll(bySeries.getOrDefault(series, List.of()));
    }
    return failed;
  }
}
