package dev.leat.engine;

import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes and verifies sessions. One job of a metric at a time; for its thread.
 *
 * <p>As with slices, what events add is kept apart while rows are read. But where a session begins
 * and ends is known only from the rows: a session is whole if the rows of a gap before and after it
 * were read too. If it is not, or crosses an end of the stretch, the stretch widens and all begins
 * again.
 */
final class SessionJob {
  /** A stretch that suits many series is looked for so often, then each gets its own. */
  private static final int MAX_SHARED_ATTEMPTS = 6;

  /** Each attempt at least doubles the stretch. */
  private static final int MAX_ATTEMPTS = 60;

  /** What begins later is not bounded: nothing can grow across. */
  private static final long OPEN = Long.MAX_VALUE;

  private final MetricPlan plan;
  private final MetricLock lock;
  private final CellStore store;
  private final RowBatches batches;
  private final CellLayout layout;
  private final long gap;

  SessionJob(MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches) {
    this.plan = plan;
    this.lock = new MetricLock(live, plan);
    this.store = store;
    this.batches = batches;
    this.layout = batches.layout(plan);
    this.gap = plan.windowMicros();
  }

  /** How it was at a position of the log. */
  private record Begin(long position, ServedCells served) {}

  /** A session that rows yield. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Session(byte[] series, long first, long last) {}

  /**
   * Recomputes the sessions of some series around some times.
   *
   * @return the series that could not be; nothing of them has changed
   */
  Collection<byte[]> repair(Collection<byte[]> series, long first, long last, JobTally tally)
      throws InterruptedException {
    Collection<byte[]> left = repairTogether(series, first, last, tally);
    if (series.size() == 1) {
      return left;
    }
    List<byte[]> failed = new ArrayList<>();
    for (byte[] one : left) {
      failed.addAll(repairTogether(List.of(one), first, last, tally));
    }
    return failed;
  }

  private Collection<byte[]> repairTogether(
      Collection<byte[]> series, long first, long last, JobTally tally)
      throws InterruptedException {
    Stretch stretch = new Stretch(minus(first, gap), plus(last, gap + 1));
    int attempts = series.size() == 1 ? MAX_ATTEMPTS : MAX_SHARED_ATTEMPTS;
    Collection<byte[]> left = series;
    boolean done = false;
    try {
      for (int i = 0; i < attempts && !done; i++) {
        Stretch present = stretch;
        long position =
            lock.between(
                moment -> {
                  moment
                      .aggregates()
                      .rotateSessions(plan.id(), present.from(), present.to(), series);
                  return moment.position();
                });
        NavigableMap<Long, Cells> computed =
            compute(series, minus(present.from(), gap), plus(present.to(), gap), position, tally);
        List<Session> sessions = sessions(computed);
        stretch = widened(present, sessions);
        if (stretch.equals(present)) {
          left = replace(computed);
          tally.addWindows(sessions.size());
          done = left.isEmpty() || series.size() > 1 || present.to() == OPEN;
          stretch = new Stretch(present.from(), OPEN);
        }
      }
      return done ? left : series;
    } finally {
      if (!done) {
        lock.abandon();
      }
    }
  }

  /** The stretch, wide enough for what crosses its ends; the same if nothing does. */
  private Stretch widened(Stretch stretch, List<Session> sessions) {
    long readFrom = minus(stretch.from(), gap);
    long readTo = plus(stretch.to(), gap);
    long more = Math.max(gap, stretch.to() - stretch.from()); // The gap if that overflows.
    long from = stretch.from();
    long to = stretch.to();
    for (Session session : sessions) {
      if (session.first() < stretch.from() && session.last() >= stretch.from()) {
        boolean whole = minus(session.first(), gap) >= readFrom;
        from = Math.min(from, whole ? session.first() : minus(session.first(), more));
      }
      if (session.first() < stretch.to() && session.last() >= stretch.to()) {
        boolean whole = plus(session.last(), gap) < readTo;
        to = Math.max(to, plus(session.last(), whole ? gap + 1 : more));
      }
    }
    return new Stretch(from, to);
  }

  /** Recomputes all sessions that begin in a stretch, and notes what changed. */
  void recompute(Stretch stretch, JobTally tally) throws InterruptedException {
    NavigableMap<byte[], Stretch> again = new TreeMap<>(Arrays::compareUnsigned);
    boolean done = false;
    try {
      long extra = gap;
      while (!done) {
        Begin begin =
            lock.between(
                moment -> {
                  moment.aggregates().rotateSessions(plan.id(), stretch.from(), stretch.to(), null);
                  return begin(moment, stretch, OPEN);
                });
        long readTo = plus(stretch.to(), extra);
        NavigableMap<Long, Cells> computed =
            compute(null, minus(stretch.from(), gap), readTo, begin.position(), tally);
        List<Session> sessions = sessions(computed);
        if (sessions.stream().allMatch(each -> isWhole(each, stretch, readTo))) {
          NavigableMap<Long, Cells> served = begin.served().read(store, layout, readTo);
          compare(stretch, served, computed, false, PendingMarks.NONE, tally);
          again.putAll(crossing(stretch, sessions, sessions(served)));
          for (byte[] series : replace(computed)) {
            again.put(series, stretch);
          }
          done = true;
        }
        extra = plus(extra, Math.max(extra, stretch.to() - stretch.from()));
      }
    } finally {
      if (!done) {
        lock.abandon();
      }
    }
    for (Map.Entry<byte[], Stretch> each : again.entrySet()) {
      Stretch around = each.getValue();
      repair(List.of(each.getKey()), around.from(), around.to() - 1, tally);
    }
  }

  private boolean isWhole(Session session, Stretch stretch, long readTo) {
    return session.first() < stretch.from()
        || session.first() >= stretch.to()
        || plus(session.last(), gap) < readTo;
  }

  /**
   * Series with a session across an end of the stretch, and one that is served and would have to be
   * part of it.
   */
  private NavigableMap<byte[], Stretch> crossing(
      Stretch stretch, List<Session> computed, List<Session> served) {
    NavigableMap<byte[], NavigableSet<Long>> starts = new TreeMap<>(Arrays::compareUnsigned);
    for (Session each : served) {
      starts.computeIfAbsent(each.series(), _ -> new TreeSet<>()).add(each.first());
    }
    NavigableMap<byte[], Stretch> crossing = new TreeMap<>(Arrays::compareUnsigned);
    for (Session each : computed) {
      for (long end : new long[] {stretch.from(), stretch.to()}) {
        NavigableSet<Long> known = starts.get(each.series());
        boolean crosses = each.first() < end && each.last() >= end;
        if (crosses
            && known != null
            && !known.subSet(end, true, plus(each.last(), gap), true).isEmpty()) {
          crossing.put(each.series(), new Stretch(each.first(), each.last() + 1));
        }
      }
    }
    return crossing;
  }

  /** Compares what is served with what rows yield, for sessions that begin in a stretch. */
  void verify(Stretch stretch, PendingMarks.Source pending, JobTally tally)
      throws InterruptedException {
    Begin begin = lock.between(moment -> begin(moment, stretch, stretch.to()));
    NavigableMap<Long, Cells> computed = null;
    long extra = gap;
    while (computed == null) {
      long readTo = plus(stretch.to(), extra);
      NavigableMap<Long, Cells> read =
          compute(null, minus(stretch.from(), gap), readTo, begin.position(), tally);
      if (sessions(read).stream().allMatch(each -> isWhole(each, stretch, readTo))) {
        computed = read;
      }
      extra = plus(extra, Math.max(extra, stretch.to() - stretch.from()));
    }
    NavigableMap<Long, Cells> served = begin.served().read(store, layout, stretch.to());
    compare(stretch, served, computed, true, pending.now(plan), tally);
  }

  private Begin begin(LiveMetrics.Moment moment, Stretch stretch, long to) {
    Stretch all = new Stretch(stretch.from(), to);
    return new Begin(moment.position(), ServedCells.copy(moment.aggregates(), plan, all));
  }

  private void compare(
      Stretch stretch,
      NavigableMap<Long, Cells> served,
      NavigableMap<Long, Cells> computed,
      boolean withinBounds,
      PendingMarks pending,
      JobTally tally) {
    CellComparison comparison =
        withinBounds
            ? new CellComparison(plan, layout, Map.of(), tally)
            : new CellComparison(plan, layout, tally);
    NavigableSet<Long> buckets =
        new TreeSet<>(served.subMap(stretch.from(), stretch.to()).keySet());
    buckets.addAll(computed.subMap(stretch.from(), stretch.to()).keySet());
    for (long bucket : buckets) {
      Cells yielded = computed.get(bucket);
      comparison.compare(bucket, served.get(bucket), yielded, pending);
      tally.addWindows(yielded == null ? 0 : yielded.size());
    }
  }

  private Collection<byte[]> replace(NavigableMap<Long, Cells> computed) {
    return lock.between(moment -> moment.aggregates().replaceSessions(plan.id(), computed));
  }

  private NavigableMap<Long, Cells> compute(
      @Nullable Collection<byte[]> series, long from, long to, long below, JobTally tally)
      throws InterruptedException {
    return batches.compute(
        plan, series, new StoredRows.Part(plan.spec().from(), from, to, below), tally);
  }

  private static List<Session> sessions(NavigableMap<Long, Cells> buckets) {
    List<Session> sessions = new ArrayList<>();
    for (Cells cells : buckets.values()) {
      for (int slot : cells.sorted()) {
        sessions.add(new Session(series(cells.key(slot)), cells.first(slot), cells.last(slot)));
      }
    }
    return sessions;
  }

  /** The key of the series a session is of. */
  static byte[] series(byte[] session) {
    return Arrays.copyOf(session, session.length - Long.BYTES);
  }

  /** Times may stand for the end of time, which stays where it is. */
  private static long plus(long micros, long more) {
    long sum = micros + more;
    return sum < micros ? OPEN : sum;
  }

  private static long minus(long micros, long less) {
    long difference = micros - less;
    return difference > micros ? Long.MIN_VALUE : difference;
  }
}
