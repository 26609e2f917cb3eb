package dev.leat.engine;

import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.StreamSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which levels a metric has and how long each is kept. Levels are made of whole buckets: a bucket
 * of 25 minutes has no hour. Sessions have no level but their own.
 */
final class MetricLevels {
  private MetricLevels() {}

  /** The levels above the metric's own, finest first. */
  static List<Level> above(MetricPlan metric) {
    List<Level> levels = new ArrayList<>();
    for (Level level : List.of(Level.HOUR, Level.DAY)) {
      long bucket = metric.bucketMicros();
      if (!metric.isSession() && bucket < level.micros() && level.micros() % bucket == 0) {
        levels.add(level);
      }
    }
    return levels;
  }

  /** The level that buckets of another are made from. */
  static Level below(MetricPlan metric, Level level) {
    List<Level> levels = above(metric);
    int index = levels.indexOf(level);
    return index <= 0 ? Level.BASE : levels.get(index - 1);
  }

  /** How long buckets of a level are, in microseconds. */
  static long micros(MetricPlan metric, Level level) {
    return level == Level.BASE ? metric.bucketMicros() : level.micros();
  }

  /**
   * Buckets of the level that begin before this need not be kept; {@code Long.MIN_VALUE} if all
   * are. It lies between two buckets of the level above.
   */
  static long expired(MetricPlan metric, Level level, @Nullable Long watermark) {
    Duration kept = kept(metric, level);
    if (kept == null || watermark == null) {
      return Long.MIN_VALUE;
    }
    long unit = micros(metric, level);
    for (Level above : above(metric)) {
      if (above.compareTo(level) > 0) {
        unit = above.micros();
        break;
      }
    }
    return Math.floorDiv(watermark - kept.toMillis() * 1_000, unit) * unit;
  }

  private static @Nullable Duration kept(MetricPlan metric, Level level) {
    StreamSpec.Retention retention = metric.retention();
    if (retention == null) {
      return null;
    }
    long micros = micros(metric, level);
    if (micros < Level.HOUR.micros()) {
      return retention.minute();
    }
    return micros < Level.DAY.micros() ? retention.hour() : retention.day();
  }
}
