package dev.leat.engine;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Aggregates.HeldSessions;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricAssembly;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes the points of an answer, a piece of time after the other, so that only the buckets of one
 * piece are in memory at once: those that memory held at the moment, and the committed ones,
 * decoded once for all answers. Pieces grow as long as they are small. For one question; one
 * thread.
 */
final class MetricReader {
  private static final int FIRST_BUCKETS = 16;
  private static final int FEW_CELLS = 1 << 17;
  private static final int MANY_CELLS = 1 << 19;

  private final MetricMoment moment;
  private final MetricPlan metric;
  private final CellLayout layout;
  private final CellStore store;
  private final CellCache cache;
  private final LevelChoice.Chosen chosen;
  private final Metrics.Query query;
  private long bucketsOfPiece = FIRST_BUCKETS;

  /**
   * @param query with a begin and an end, and right in all its parts
   */
  MetricReader(
      MetricMoment moment,
      CellLayout layout,
      CellStore store,
      CellCache cache,
      RollUp rollUp,
      Metrics.Query query,
      long from,
      long to) {
    this.moment = moment;
    this.metric = moment.metric();
    this.layout = layout;
    this.store = store;
    this.cache = cache;
    this.query = query;
    this.chosen = new LevelChoice(moment, store, rollUp, query.step()).choose(from, to);
  }

  /** Which stretch is made of which level. */
  List<Metrics.Part> parts(long from, long to) {
    List<Metrics.Part> parts = new ArrayList<>();
    for (LevelChoice.Stretch stretch : chosen.stretches()) {
      long begin = Math.max(from, stretch.from());
      long end = Math.min(to, stretch.to());
      if (begin < end) {
        parts.add(new Metrics.Part(begin, end, resolution(stretch.level())));
      }
    }
    return parts;
  }

  private static String resolution(Level level) {
    return switch (level) {
      case BASE -> "window";
      case HOUR -> "hour";
      case DAY -> "day";
    };
  }

  /**
   * Hands over all series, piece by piece, each with its points in one piece of time. A piece with
   * more points than the question allows has one more than that. Ends when the receiver wants no
   * more.
   */
  void read(Predicate<List<Metrics.Series>> receiver) throws InterruptedException {
    for (LevelChoice.Region region : chosen.regions()) {
      long begin = region.from();
      while (begin < region.to()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while an answer was made");
        }
        long end = Math.min(region.to(), begin + piece(region));
        if (!receiver.test(piece(region, begin, end))) {
          return;
        }
        begin = end;
      }
    }
  }

  /** How long a piece is: long enough that windows that go on behind it cost little. */
  private long piece(LevelChoice.Region region) {
    long bucket = MetricLevels.micros(metric, region.level());
    long least = Math.max(bucketsOfPiece * bucket, 4 * metric.windowMicros());
    return Math.ceilDiv(least, region.step()) * region.step();
  }

  private List<Metrics.Series> piece(LevelChoice.Region region, long from, long to) {
    NavigableMap<Long, Cells> buckets = buckets(bucketOf(from), end(region, to));
    long cells = buckets.values().stream().mapToLong(Cells::size).sum();
    if (cells < FEW_CELLS) {
      bucketsOfPiece *= 2;
    } else if (cells > MANY_CELLS && bucketsOfPiece > 1) {
      bucketsOfPiece /= 2;
    }
    Metrics.Query part =
        new Metrics.Query(
            query.metric(),
            from,
            to,
            region.step(),
            query.by(),
            query.where(),
            query.value(),
            query.maxPoints());
    return MetricAssembly.assemble(
        metric, layout, buckets, region.level(), part, moment.watermark());
  }

  /** Only a session begins within its bucket. */
  private long bucketOf(long begin) {
    return metric.isSession() ? metric.bucketOf(Level.BASE, begin) : begin;
  }

  /** Where the last window ends that begins before a time. */
  private long end(LevelChoice.Region region, long to) {
    if (metric.isSession()) {
      return to;
    }
    long size = region.step();
    if (region.level() == Level.BASE && metric.windowMicros() != metric.bucketMicros()) {
      size = metric.windowMicros();
    }
    return Math.floorDiv(to - 1, region.step()) * region.step() + size;
  }

  private NavigableMap<Long, Cells> buckets(long from, long to) {
    NavigableMap<Long, Cells> buckets = new TreeMap<>();
    for (LevelChoice.Stretch stretch : chosen.stretches()) {
      long begin = Math.max(from, metric.isSession() ? Long.MIN_VALUE : stretch.from());
      long end = Math.min(to, stretch.to());
      if (begin < end) {
        scan(stretch.level(), begin, end, buckets);
        if (stretch.level() == Level.BASE) {
          buckets.putAll(moment.slices().subMap(begin, end));
          moment
              .sessions()
              .subMap(begin, end)
              .forEach((bucket, held) -> lay(bucket, held, buckets));
        }
      }
    }
    return buckets;
  }

  private void scan(Level level, long from, long to, NavigableMap<Long, Cells> into) {
    store.scan(
        metric.id(),
        level,
        from,
        to,
        (bucket, stamp, block) -> {
          if (level == Level.BASE && moment.slices().containsKey(bucket)) {
            return;
          }
          into.put(bucket, cache.get(metric, level, bucket, stamp, layout, block));
        });
  }

  private void lay(long bucket, HeldSessions held, NavigableMap<Long, Cells> buckets) {
    buckets.put(bucket, MetricAssembly.overlay(layout, buckets.get(bucket), held));
  }
}
