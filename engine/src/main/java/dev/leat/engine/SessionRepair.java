package dev.leat.engine;

import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.SessionParts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Recomputes the sessions at some places. One job of a metric at a time; for its thread.
 *
 * <p>Rows are read once for all places, and some more around them: only a session that was read
 * whole is replaced, and of each series only what lies around its places. The few places for which
 * that was not enough are tried again with more.
 */
final class SessionRepair {
  private static final int MAX_ATTEMPTS = 30;

  /** From then on what is served counts as well: it may lie across what rows yield. */
  private static final int WITH_SERVED = 1;

  /** From then on what begins later is not bounded: nothing can grow across. */
  private static final int WITHOUT_END = 4;

  /** Rows around that are read at first, as a part of the time between the places. */
  private static final int MARGIN_PART = 8;

  private static final int MARGIN_GROWTH = 4;
  private static final long MAX_GROWTH = 1 << 14;

  /** So many places share what is read. */
  private static final int MAX_TOGETHER = 1_000;

  /** So many places are replaced while the worker waits. */
  private static final int REPLACED_AT_ONCE = 250;

  private static final long OPEN = Long.MAX_VALUE;

  private final MetricPlan plan;
  private final SessionWork work;
  private final JobTally tally;
  private final long gap;

  SessionRepair(MetricPlan plan, SessionWork work, JobTally tally) {
    this.plan = plan;
    this.work = work;
    this.tally = tally;
    this.gap = plan.windowMicros();
  }

  private record Found(SessionPlace place, Stretch stretch) {}

  /** Returns the places that could not be; nothing of them has changed. */
  List<SessionPlace> repair(List<SessionPlace> places) throws InterruptedException {
    List<SessionPlace> left = new ArrayList<>(places);
    DayRows rows = work.rows(around(places, 0, false));
    long growth = 1;
    for (int i = 0; i < MAX_ATTEMPTS && !left.isEmpty(); i++) {
      boolean isOpen = i >= WITHOUT_END;
      left.sort(Comparator.comparingLong(SessionPlace::first));
      List<SessionPlace> again = new ArrayList<>();
      for (List<SessionPlace> some :
          isOpen ? List.of(left) : rows.clusters(left, SessionPlace::first, gap, MAX_TOGETHER)) {
        long margin = Math.max(gap, margin(around(some, 0, false)));
        Stretch read = around(some, Math.min(margin * growth, SessionWork.MAX_MARGIN), isOpen);
        again.addAll(attempt(some, read, i >= WITH_SERVED));
      }
      left = again;
      growth = Math.min(growth * MARGIN_GROWTH, MAX_GROWTH);
    }
    return left;
  }

  /** How much is read around a stretch. */
  static long margin(Stretch stretch) {
    return (stretch.to() - stretch.from()) / MARGIN_PART;
  }

  private Stretch around(List<SessionPlace> places, long margin, boolean isOpen) {
    long first = places.stream().mapToLong(SessionPlace::first).min().orElseThrow();
    long last = places.stream().mapToLong(SessionPlace::last).max().orElseThrow();
    return new Stretch(first - gap - margin, isOpen ? OPEN : last + gap + margin + 1);
  }

  private List<SessionPlace> attempt(List<SessionPlace> places, Stretch read, boolean withServed)
      throws InterruptedException {
    NavigableSet<byte[]> series = new TreeSet<>(Arrays::compareUnsigned);
    places.forEach(place -> series.add(place.series()));
    List<SessionPlace> again = new ArrayList<>();
    try {
      long position = work.prepare(read, series);
      NavigableMap<Long, Cells> computed = work.compute(series, read, position, tally);
      SessionSpans spans = new SessionSpans(gap);
      SessionSpans.forEach(computed, spans::add);
      if (withServed) {
        SessionSpans.forEach(
            work.served(work.look(read), read.to()),
            (one, first, last) -> {
              if (series.contains(one)) {
                spans.add(one, first, last);
              }
            });
      }
      List<Found> found = new ArrayList<>();
      for (SessionPlace place : places) {
        Stretch own = new Stretch(place.first() - gap, place.last() + gap + 1);
        Stretch whole = spans.around(place.series(), own);
        if (whole.from() < read.from() || whole.to() > read.to()) {
          again.add(place);
        } else {
          long to = read.to() == OPEN ? OPEN : whole.to();
          found.add(new Found(place, new Stretch(whole.from(), to)));
        }
      }
      found.sort(Comparator.comparingLong(each -> each.stretch().from()));
      for (int from = 0; from < found.size(); from += REPLACED_AT_ONCE) {
        int to = Math.min(found.size(), from + REPLACED_AT_ONCE);
        again.addAll(replace(found.subList(from, to), computed));
      }
    } finally {
      work.end();
    }
    return again;
  }

  private List<SessionPlace> replace(List<Found> found, NavigableMap<Long, Cells> computed) {
    SessionParts parts = SessionParts.none();
    for (Found each : found) {
      parts.add(each.place().series(), each.stretch().from(), each.stretch().to());
    }
    long from = Math.floorDiv(found.getFirst().stretch().from(), plan.bucketMicros());
    long to = found.stream().mapToLong(each -> each.stretch().to()).max().orElseThrow();
    NavigableMap<Long, Cells> some = computed.subMap(from * plan.bucketMicros(), true, to, false);
    Collection<byte[]> blocked = work.replace(some, parts);
    SessionSpans.forEach(
        some,
        (series, first, _) ->
            tally.addWindows(parts.has(series, first) && !blocked.contains(series) ? 1 : 0));
    return found.stream()
        .map(Found::place)
        .filter(place -> blocked.contains(place.series()))
        .toList();
  }
}
