package dev.leat.engine;

import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each stretch of an answer which level it is made from, and how long windows are
 * there.
 *
 * <p>A coarser level is taken for two reasons. Where the finer buckets are no longer kept there is
 * nothing else; windows are then at least as long as the level's buckets, from the first such
 * window on up to the last such bucket. And where the step is a multiple of it anyway it is the
 * same answer from fewer buckets, as long as they are up to date. For one question; one thread.
 */
final class LevelChoice {
  private final MetricMoment moment;
  private final MetricPlan metric;
  private final CellStore store;
  private final RollUp rollUp;
  private final @Nullable Long step;

  /** A stretch of time whose buckets come from one level. */
  record Stretch(Level level, long from, long to) {}

  /** A stretch of time in which windows begin that are so far apart, made of a level at least. */
  record Region(Level level, long step, long from, long to) {}

  /** What was decided, in the order of time. */
  record Chosen(List<Stretch> stretches, List<Region> regions) {}

  LevelChoice(MetricMoment moment, CellStore store, RollUp rollUp, @Nullable Long step) {
    this.moment = moment;
    this.metric = moment.metric();
    this.store = store;
    this.rollUp = rollUp;
    this.step = step;
  }

  /** For windows that begin in the stretch. */
  Chosen choose(long from, long to) {
    List<Stretch> stretches = List.of(new Stretch(Level.BASE, from, to + reach()));
    List<Region> regions = new ArrayList<>();
    long begin = from;
    for (Level level : MetricLevels.above(metric).reversed()) {
      long[] coarseUntil = {Long.MIN_VALUE};
      stretches = split(stretches, level, coarseUntil);
      long apart = apart(level);
      long end = Math.min(to, ceil(coarseUntil[0], apart));
      if (end > begin) {
        regions.add(new Region(level, apart, begin, end));
        begin = end;
      }
    }
    if (begin < to) {
      regions.add(new Region(Level.BASE, apart(Level.BASE), begin, to));
    }
    return new Chosen(stretches, regions);
  }

  /** How far the last window may go on behind its begin. */
  private long reach() {
    long reach = Math.max(metric.windowMicros(), apart(Level.BASE));
    for (Level level : MetricLevels.above(metric)) {
      reach = Math.max(reach, apart(level));
    }
    return metric.isSession() ? 0 : reach;
  }

  private long apart(Level level) {
    long own = MetricLevels.micros(metric, level);
    return step == null ? own : ceil(step, own);
  }

  private List<Stretch> split(List<Stretch> stretches, Level level, long[] coarseUntil) {
    List<Stretch> parts = new ArrayList<>();
    for (Stretch stretch : stretches) {
      if (stretch.level() != Level.BASE) {
        parts.add(stretch);
        continue;
      }
      long[] begin = {stretch.from()};
      LongPredicate taken = bucket -> isTaken(level, bucket, coarseUntil);
      store.scan(
          metric.id(),
          level,
          metric.bucketOf(level, stretch.from()),
          stretch.to(),
          (bucket, _, _) -> {
            if (taken.test(bucket)) {
              add(parts, new Stretch(Level.BASE, begin[0], Math.max(begin[0], bucket)));
              begin[0] = bucket + level.micros();
              add(parts, new Stretch(level, bucket, begin[0]));
            }
          });
      add(parts, new Stretch(Level.BASE, begin[0], Math.max(begin[0], stretch.to())));
    }
    return parts;
  }

  private boolean isTaken(Level level, long bucket, long[] coarseUntil) {
    long end = bucket + level.micros();
    boolean isHeld = !moment.held().subSet(bucket, end).isEmpty();
    if (isSame(level) && !isHeld && rollUp.isCurrent(metric.id(), level, bucket)) {
      return true;
    }
    Level below = MetricLevels.below(metric, level);
    boolean isAlone =
        bucket < MetricLevels.expired(metric, below, moment.watermark())
            || !(isHeld || hasFiner(level, bucket, end));
    if (isAlone) {
      coarseUntil[0] = end;
    }
    return isAlone;
  }

  /** Whether windows are made of whole buckets of the level, so that it gives the same answer. */
  private boolean isSame(Level level) {
    boolean isSliding = metric.windowMicros() != metric.bucketMicros();
    return !isSliding && step != null && step % level.micros() == 0;
  }

  private boolean hasFiner(Level level, long from, long to) {
    boolean[] found = {false};
    List<Level> finer = new ArrayList<>(List.of(Level.BASE));
    MetricLevels.above(metric).stream()
        .filter(each -> each.compareTo(level) < 0)
        .forEach(finer::add);
    for (Level each : finer) {
      store.scan(metric.id(), each, from, to, (_, _, _) -> found[0] = true);
    }
    return found[0];
  }

  /** Joins what follows one another. */
  private static void add(List<Stretch> stretches, Stretch next) {
    if (next.from() >= next.to()) {
      return;
    }
    if (!stretches.isEmpty()) {
      Stretch last = stretches.getLast();
      if (last.level() == next.level() && last.to() == next.from()) {
        stretches.set(stretches.size() - 1, new Stretch(last.level(), last.from(), next.to()));
        return;
      }
    }
    stretches.add(next);
  }

  private static long ceil(long micros, long unit) {
    return micros == Long.MIN_VALUE ? micros : -Math.floorDiv(-micros, unit) * unit;
  }
}
