package dev.leat.engine;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * From when to when an answer goes: as far as it is asked for and there is anything. For one
 * question; one thread.
 */
final class MetricExtent {
  /** Times further from 1970 than this are none that an event has; they leave room to add. */
  private static final long MAX_MICROS = 1L << 58;

  private final MetricPlan metric;
  private final CellStore store;
  private final Metrics.Query query;
  private final long first;
  private final long end;

  /** Windows that begin from here to there. */
  record Range(long from, long to) {}

  /**
   * @param watermark where to look for the last bucket first; null before the first event
   */
  MetricExtent(MetricPlan metric, CellStore store, Metrics.Query query, @Nullable Long watermark) {
    this.metric = metric;
    this.store = store;
    this.query = query;
    List<Level> levels = new ArrayList<>(List.of(Level.BASE));
    levels.addAll(MetricLevels.above(metric));
    long begin = Long.MAX_VALUE;
    long behind = Long.MIN_VALUE;
    for (Level level : levels) {
      long firstOfLevel = store.first(metric.id(), level);
      if (firstOfLevel != Long.MAX_VALUE) {
        begin = Math.min(begin, firstOfLevel);
        long last = last(level, firstOfLevel, watermark);
        // An hour that has finer buckets ends with those.
        behind = last < behind ? behind : last + MetricLevels.micros(metric, level);
      }
    }
    this.first = begin;
    this.end = behind;
  }

  /** What there is ends where event time is, or not long before. */
  private long last(Level level, long firstOfLevel, @Nullable Long watermark) {
    long[] last = {Long.MIN_VALUE};
    long from = watermark == null ? firstOfLevel : Math.max(firstOfLevel, watermark);
    long back = 16 * MetricLevels.micros(metric, level);
    while (last[0] == Long.MIN_VALUE) {
      from = Math.max(firstOfLevel, from - back);
      back = Math.min(MAX_MICROS, back * 4);
      store.scan(metric.id(), level, from, Long.MAX_VALUE, (bucket, _, _) -> last[0] = bucket);
      if (from == firstOfLevel) {
        break;
      }
    }
    return Math.max(last[0], firstOfLevel);
  }

  /** No bucket that begins earlier has a part in the answer, whatever memory holds. */
  long earliest() {
    if (query.from() != null) {
      return begin(query.from());
    }
    if (query.to() == null && end == Long.MIN_VALUE) {
      return -MAX_MICROS;
    }
    long to = query.to() == null ? end : clamp(query.to());
    return begin(to - MetricQuestion.defaultMicros(metric, query.step()));
  }

  private long begin(long micros) {
    long begin = clamp(micros);
    return metric.isSession() ? metric.bucketOf(Level.BASE, begin) : begin;
  }

  /** No bucket that begins at this time or later has a part in the answer. */
  long latest() {
    return query.to() == null ? MAX_MICROS : clamp(query.to()) + reach();
  }

  /** How long a window can be. */
  private long reach() {
    long step = query.step() == null ? 0 : query.step();
    return Math.max(step + Level.DAY.micros(), metric.windowMicros());
  }

  /** What to answer, given the buckets that memory holds. */
  Range range(NavigableSet<Long> held) {
    long begin = held.isEmpty() ? first : Math.min(first, held.first());
    long behind = held.isEmpty() ? end : Math.max(end, held.last() + metric.bucketMicros());
    if (begin == Long.MAX_VALUE) {
      return new Range(0, 0);
    }
    long to = query.to() == null ? behind : clamp(query.to());
    long from =
        query.from() == null
            ? to - MetricQuestion.defaultMicros(metric, query.step())
            : clamp(query.from());
    to = Math.min(to, behind);
    return new Range(Math.min(to, Math.max(from, begin - reach())), to);
  }

  private static long clamp(long micros) {
    return Math.clamp(micros, -MAX_MICROS, MAX_MICROS);
  }
}
