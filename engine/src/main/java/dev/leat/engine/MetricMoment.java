package dev.leat.engine;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A metric between two batches: what memory holds of it, copied, so that nobody has to wait while
 * an answer is made.
 *
 * @param watermark null before the first event
 * @param position every event below it was counted
 * @param series how many there are in a bucket that still takes events
 * @param slices buckets that are whole; none for sessions
 * @param sessions what is held of buckets of sessions
 */
record MetricMoment(
    MetricPlan metric,
    @Nullable Long watermark,
    Metrics.Counts counts,
    long position,
    long series,
    NavigableMap<Long, Cells> slices,
    NavigableMap<Long, Aggregates.HeldSessions> sessions) {

  /** Only while nothing is counted; with the buckets that begin in the stretch. */
  static MetricMoment of(LiveMetrics.Moment moment, MetricPlan metric, long from, long to) {
    Aggregates aggregates = moment.aggregates();
    long id = metric.id();
    NavigableMap<Long, Cells> slices = null;
    NavigableMap<Long, Aggregates.HeldSessions> sessions = null;
    if (from < to && metric.isSession()) {
      sessions = aggregates.liveSessions(id, from, to);
    } else if (from < to) {
      slices = aggregates.live(id, from, to);
    }
    return new MetricMoment(
        metric,
        aggregates.watermark(id),
        aggregates.counts(id),
        moment.position(),
        aggregates.series(id),
        Objects.requireNonNullElseGet(slices, TreeMap::new),
        Objects.requireNonNullElseGet(sessions, TreeMap::new));
  }

  /** The buckets that memory holds anything of. */
  NavigableSet<Long> held() {
    return Collections.unmodifiableNavigableSet(
        metric.isSession() ? sessions.navigableKeySet() : slices.navigableKeySet());
  }
}
