package dev.leat.engine;

import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.SessionParts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Recomputes and verifies all sessions that begin in a stretch. One job of a metric at a time; for
 * its thread.
 *
 * <p>Where a session begins and ends is known only from the rows: it is whole if the rows of a gap
 * before and after it were read too. So rows are read for some time beyond the stretch, which is
 * then cut for each series where it has no session.
 */
final class SessionJob {
  /** So many sessions are replaced while the worker waits. */
  private static final int REPLACED_AT_ONCE = 2_000;

  private final MetricPlan plan;
  private final SessionWork work;
  private final JobTally tally;
  private final long gap;

  SessionJob(
      MetricPlan plan, LiveMetrics live, CellStore store, RowBatches batches, JobTally tally) {
    this.plan = plan;
    this.work = new SessionWork(plan, live, store, batches);
    this.tally = tally;
    this.gap = plan.windowMicros();
  }

  /** Recomputes the sessions at some places; returns those that could not be. */
  List<SessionPlace> repair(List<SessionPlace> places) throws InterruptedException {
    return new SessionRepair(plan, work, tally).repair(places);
  }

  /** Recomputes all sessions that begin in a stretch, and notes what changed. */
  void recompute(Stretch stretch) throws InterruptedException {
    List<SessionPlace> again = new ArrayList<>();
    boolean isWhole = false;
    for (Stretch read = read(stretch); !isWhole; read = wider(read)) {
      try {
        SessionWork.Begin begin = work.begin(read);
        NavigableMap<Long, Cells> computed = work.compute(null, read, begin.position(), tally);
        isWhole = isWhole(computed, stretch, read.to());
        if (isWhole) {
          NavigableMap<Long, Cells> served = work.served(begin, read.to());
          compare(stretch, served, computed, false, PendingMarks.NONE);
          SessionSpans spans = new SessionSpans(gap);
          SessionSpans.forEach(computed, spans::add);
          again.addAll(begunBefore(stretch, spans, served));
          for (Stretch piece : pieces(stretch, computed)) {
            again.addAll(replace(piece, spans, computed));
          }
        }
      } finally {
        work.end();
      }
    }
    if (!again.isEmpty()) {
      repair(again);
    }
  }

  /** What is read for the sessions that begin in a stretch. */
  private Stretch read(Stretch stretch) {
    return new Stretch(
        stretch.from() - gap, stretch.to() + Math.max(gap, SessionRepair.margin(stretch)) + 1);
  }

  private static Stretch wider(Stretch read) {
    long more = Math.min(read.to() - read.from(), SessionWork.MAX_MARGIN);
    return new Stretch(read.from(), read.to() + more);
  }

  private boolean isWhole(NavigableMap<Long, Cells> computed, Stretch stretch, long readTo) {
    boolean[] isWhole = {true};
    SessionSpans.forEach(
        computed,
        (_, first, last) ->
            isWhole[0] &= first < stretch.from() || first >= stretch.to() || last + gap < readTo);
    return isWhole[0];
  }

  /** Sessions that began before the stretch, and that what is served in it is part of. */
  private List<SessionPlace> begunBefore(
      Stretch stretch, SessionSpans spans, NavigableMap<Long, Cells> served) {
    List<SessionPlace> begun = new ArrayList<>();
    SessionSpans.forEach(
        served,
        (series, first, last) -> {
          if (first >= stretch.from() && first < spans.cut(series, stretch.from())) {
            begun.add(new SessionPlace(series, first, last));
          }
        });
    return begun;
  }

  /** The stretch in pieces of so many sessions as are replaced at once, or of one bucket. */
  private List<Stretch> pieces(Stretch stretch, NavigableMap<Long, Cells> computed) {
    List<Stretch> pieces = new ArrayList<>();
    long from = stretch.from();
    long sessions = 0;
    for (Map.Entry<Long, Cells> each :
        computed.subMap(from, false, stretch.to(), false).entrySet()) {
      if (sessions > 0 && sessions + each.getValue().size() > REPLACED_AT_ONCE) {
        pieces.add(new Stretch(from, each.getKey()));
        from = each.getKey();
        sessions = 0;
      }
      sessions += each.getValue().size();
    }
    pieces.add(new Stretch(from, stretch.to()));
    return pieces;
  }

  /** Returns what could not be replaced. */
  private List<SessionPlace> replace(
      Stretch piece, SessionSpans spans, NavigableMap<Long, Cells> computed) {
    SessionParts parts = SessionParts.all(piece.from(), piece.to());
    for (byte[] series : spans.series()) {
      long from = spans.cut(series, piece.from());
      long to = spans.cut(series, piece.to());
      if (from != piece.from() || to != piece.to()) {
        parts.add(series, from, to);
      }
    }
    long first = Math.floorDiv(piece.from(), plan.bucketMicros()) * plan.bucketMicros();
    Collection<byte[]> blocked =
        work.replace(computed.subMap(first, true, piece.to(), false), parts);
    return blocked.stream()
        .map(series -> new SessionPlace(series, piece.from(), piece.to() - 1))
        .toList();
  }

  /** Compares what is served with what rows yield, for sessions that begin in a stretch. */
  void verify(Stretch stretch, PendingMarks.Source pending) throws InterruptedException {
    SessionWork.Begin begin = work.look(stretch);
    Stretch read = read(stretch);
    NavigableMap<Long, Cells> computed = work.compute(null, read, begin.position(), tally);
    while (!isWhole(computed, stretch, read.to())) {
      read = wider(read);
      computed = work.compute(null, read, begin.position(), tally);
    }
    compare(stretch, work.served(begin, stretch.to()), computed, true, pending.now(plan));
  }

  private void compare(
      Stretch stretch,
      NavigableMap<Long, Cells> served,
      NavigableMap<Long, Cells> computed,
      boolean withinBounds,
      PendingMarks pending) {
    CellComparison comparison =
        withinBounds
            ? new CellComparison(plan, work.layout(), Map.of(), tally)
            : new CellComparison(plan, work.layout(), tally);
    NavigableSet<Long> buckets =
        new TreeSet<>(served.subMap(stretch.from(), stretch.to()).keySet());
    buckets.addAll(computed.subMap(stretch.from(), stretch.to()).keySet());
    for (long bucket : buckets) {
      Cells yielded = computed.get(bucket);
      comparison.compare(bucket, served.get(bucket), yielded, pending);
      tally.addWindows(yielded == null ? 0 : yielded.size());
    }
  }
}
