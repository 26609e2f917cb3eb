package dev.leat.engine;

import dev.leat.engine.MarkNeeds.Need;
import dev.leat.event.EventStore;
import dev.leat.event.Metrics.Recomputation;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates.Mark;
import dev.leat.pipeline.MetricPlan;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Computes metrics anew from the stored rows: on a thread of its own what events that came too late
 * and corrections have left behind, and when asked to a whole stretch of time. One job works on a
 * metric at a time; the worker waits only for as long as results take to be put in their places.
 *
 * <p>What waits is known to the metrics and committed with them: a round that ends in the middle,
 * or with a crash, is done again.
 */
final class Recomputer implements Runnable {
  private static final System.Logger LOG = System.getLogger(Recomputer.class.getName());

  private final Threads threads;
  private final Duration lookEvery;
  private final LiveMetrics live;
  private final CellStore store;
  private final StoredRows rows;
  private final RowBatches batches;
  private final KeptRows kept;
  private final MarkNeeds needs;
  private final DueMarks due = new DueMarks();
  private final Map<Long, ReentrantLock> jobs = new ConcurrentHashMap<>();
  private final Map<Long, String> failures = new ConcurrentHashMap<>();

  private final StopSignal stop;

  // Of the thread, once it runs.
  private boolean everything;
  private final Set<Long> computed = new HashSet<>();

  Recomputer(
      Duration lookEvery,
      LiveMetrics live,
      CellStore cells,
      EventStore store,
      InstantSource clock,
      Threads threads) {
    this.threads = threads;
    this.stop = new StopSignal(threads);
    this.lookEvery = lookEvery;
    this.live = live;
    this.store = cells;
    this.rows = new StoredRows(store, threads);
    this.batches = new RowBatches(store, rows);
    this.kept = new KeptRows(store, rows, clock);
    this.needs = new MarkNeeds(batches);
  }

  /** What keeps a metric from being recomputed, in words; empty if nothing does. Any thread. */
  String detail(MetricPlan plan) {
    return failures.getOrDefault(plan.id(), "");
  }

  /** Ends the thread and what others wait for, soon. Any thread. */
  void stop() {
    rows.stop();
    stop.give();
  }

  @Override
  public void run() {
    try {
      while (!stop.isGiven()) {
        computeAll();
        if (!round()) {
          stop.await(everything ? Duration.ofMillis(100) : lookEvery);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has all metrics computed from rows before anything else: results of the past are missing. */
  void beginWithAll() {
    everything = true;
  }

  /** Works on what {@link #beginWithAll} asked for, once metrics are in force, until it is done. */
  private void computeAll() throws InterruptedException {
    if (!everything) {
      return;
    }
    List<MetricPlan> plans = live.between(LiveMetrics.Moment::plans);
    boolean all = !plans.isEmpty();
    for (MetricPlan plan : plans) {
      all &= computed.contains(plan.id()) || compute(plan);
    }
    everything = !all;
  }

  private boolean compute(MetricPlan plan) throws InterruptedException {
    ReentrantLock job = job(plan);
    job.lockInterruptibly();
    try {
      JobTally tally = new JobTally(threads);
      new HandJob(plan, live, store, batches)
          .recompute(Long.MIN_VALUE, Long.MAX_VALUE, kept.from(plan), tally);
      store.wantCommit();
      computed.add(plan.id());
      failures.remove(plan.id());
      LOG.log(
          System.Logger.Level.INFO,
          "metric {0}: results were computed anew from rows after damage: {1} windows",
          plan.name(),
          Long.toString(tally.windows()));
      return true;
    } catch (RuntimeException | StackOverflowError failed) {
      fail(plan, failed);
      return false;
    } finally {
      job.unlock();
    }
  }

  private record Chosen(List<Mark> marks, List<MetricPlan> plans) {}

  /** Works on what is due; whether there may be more at once. */
  boolean round() throws InterruptedException {
    long begun = threads.nanoTime();
    Chosen chosen =
        live.between(
            moment ->
                new Chosen(due.choose(moment.aggregates(), moment.plans(), begun), moment.plans()));
    boolean isDone = false;
    for (List<Mark> bite : DueMarks.bites(chosen.marks())) {
      isDone |= work(new Chosen(bite, chosen.plans()));
    }
    return chosen.marks().size() >= DueMarks.MANY && isDone;
  }

  /** Works on some of what is due, and settles it; whether anything could be done. */
  private boolean work(Chosen chosen) throws InterruptedException {
    long begun = threads.nanoTime();
    Map<Mark, List<Need>> asked;
    try {
      asked = needs.of(chosen.marks(), chosen.plans());
    } catch (RuntimeException failed) {
      chosen.plans().forEach(plan -> fail(plan, failed));
      return false;
    }
    Map<MetricPlan, List<Need>> byMetric = new LinkedHashMap<>();
    asked
        .values()
        .forEach(
            all ->
                all.forEach(
                    need ->
                        byMetric.computeIfAbsent(need.plan(), _ -> new ArrayList<>()).add(need)));
    Set<Need> undone = new HashSet<>();
    for (Map.Entry<MetricPlan, List<Need>> each : byMetric.entrySet()) {
      undone.addAll(work(each.getKey(), each.getValue()));
    }
    List<Mark> done =
        asked.entrySet().stream()
            .filter(each -> each.getValue().stream().noneMatch(undone::contains))
            .map(Map.Entry::getKey)
            .toList();
    live.between(
        moment -> {
          moment.aggregates().settle(done);
          return done;
        });
    store.wantCommit();
    long now = threads.nanoTime();
    due.done(done, now - begun, now);
    return !done.isEmpty();
  }

  /** What could not be done for a metric. */
  private Collection<Need> work(MetricPlan plan, List<Need> all) throws InterruptedException {
    ReentrantLock job = job(plan);
    if (stop.isGiven() || due.isPaused(plan.id(), threads.nanoTime()) || !job.tryLock()) {
      return all; // It failed just now, or somebody recomputes it by hand.
    }
    try {
      MarkRound round =
          new MarkRound(plan, live, store, batches, kept.from(plan), new JobTally(threads));
      Set<Need> undone = round.run(all);
      failures.remove(plan.id());
      due.succeeded(plan.id());
      return undone;
    } catch (MetricLock.NotInForceException changedMeanwhile) {
      return all;
    } catch (RuntimeException | StackOverflowError failed) {
      fail(plan, failed);
      return all;
    } finally {
      job.unlock();
    }
  }

  private void fail(MetricPlan plan, Throwable failed) {
    if (stop.isGiven()) {
      return;
    }
    long seconds = due.failed(plan.id(), threads.nanoTime());
    String reason =
        "results that late events and corrections have changed can't be recomputed: %s; it is tried again every %d s or later"
            .formatted(failed.getMessage(), seconds);
    failures.put(plan.id(), reason);
    LOG.log(System.Logger.Level.WARNING, "metric %s: %s".formatted(plan.name(), reason), failed);
  }

  private ReentrantLock job(MetricPlan plan) {
    return jobs.computeIfAbsent(plan.id(), _ -> new ReentrantLock(true));
  }

  /** Recomputes the windows of a metric that begin in a stretch of time. Any thread; blocks. */
  Recomputation recompute(MetricPlan plan, long from, long to) throws InterruptedException {
    return byHand(
        plan,
        tally -> {
          long whole = kept.from(plan);
          HandJob job = new HandJob(plan, live, store, batches);
          job.recompute(from, to, whole, tally);
          store.wantCommit();
          if (tally.left() > 0 && tally.windows() == 0) {
            return new Recomputation.Refused(
                "rows from before %s are gone by retention, and the results of that time stay as they are; recompute what is younger"
                    .formatted(Micros.text(whole)));
          }
          return tally.done();
        });
  }

  /** Says where the results of a metric differ from the rows. Any thread; blocks. */
  Recomputation verify(MetricPlan plan, long from, long to) throws InterruptedException {
    return byHand(
        plan,
        tally -> {
          long whole = kept.from(plan);
          new HandJob(plan, live, store, batches).verify(from, to, whole, this::pending, tally);
          if (tally.left() > 0 && tally.windows() == 0) {
            return new Recomputation.Refused(
                "rows from before %s are gone by retention, so that there is nothing to compare with; verify what is younger"
                    .formatted(Micros.text(whole)));
          }
          return tally.done();
        });
  }

  @FunctionalInterface
  private interface Work {
    Recomputation run(JobTally tally) throws InterruptedException;
  }

  private Recomputation byHand(MetricPlan plan, Work work) throws InterruptedException {
    ReentrantLock job = job(plan);
    job.lockInterruptibly();
    try {
      return work.run(new JobTally(threads));
    } catch (Tables.TablesException | MetricLock.NotInForceException cantNow) {
      return new Recomputation.Refused(String.valueOf(cantNow.getMessage()));
    } finally {
      job.unlock();
    }
  }

  /** What waits for a recomputation now. */
  private PendingMarks pending(MetricPlan plan) throws InterruptedException {
    List<Mark> marks = live.between(moment -> List.copyOf(moment.aggregates().marks()));
    PendingMarks pending = new PendingMarks();
    for (List<Need> each : needs.of(marks, List.of(plan)).values()) {
      for (Need need : each) {
        switch (need) {
          case Need.Slice slice -> pending.addBucket(slice.bucket());
          case Need.Everything sessions -> pending.addBucket(sessions.bucket());
          case Need.Around around -> pending.addSession(around.series(), around.time());
        }
      }
    }
    return pending;
  }
}
