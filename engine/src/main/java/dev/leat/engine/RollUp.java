package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricAssembly;
import dev.leat.pipeline.MetricPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes hours and days from finer buckets that change no more, and lets the finer ones go when they
 * are old enough: after each commit, a bounded piece at a time.
 *
 * <p>A coarser bucket is made from all finer ones that begin in it, when the last of them is final,
 * and again when one of them has changed: they are told by their stamps. What was made how is
 * remembered for this life only, so after a start everything is made once more, which changes
 * nothing. A finer bucket of which corrections left nothing is still there, without cells; where
 * finer buckets have gone for their age, what was made of them stays as it is.
 *
 * <p>Finer buckets go only up to the first coarser one that is not committed yet. {@link #run} is
 * for one thread, {@link #isCurrent} for any.
 */
final class RollUp {
  /** Finer buckets that one run reads. */
  static final int DEFAULT_BUCKETS = 2_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final LiveMetrics live;
  private final CellStore store;
  private final Function<String, DataSchema> schemas;
  private final int maxBuckets;
  private final Map<Place, Made> made = new ConcurrentHashMap<>();

  private record Place(long metric, Level level, long bucket) {}

  /**
   * How a coarser bucket was made.
   *
   * @param parts says which finer buckets it was made from, as they were
   * @param before the stamp of what it replaced
   */
  private record Made(long parts, long before, boolean isCommitted) {
    Made outdated() {
      return new Made(NEVER, before, false);
    }
  }

  /** The finer buckets of one coarser one. */
  private static final class Parts {
    private long stamp;
    private int count;

    void add(long bucket, long stampOfPart) {
      stamp = (stamp * 31 + bucket) * 0x9e3779b97f4a7c15L + stampOfPart;
      count++;
    }
  }

  private record Work(MetricPlan metric, @Nullable Long watermark, long firstHeld) {}

  RollUp(LiveMetrics live, CellStore store, Function<String, DataSchema> schemas, int maxBuckets) {
    this.live = live;
    this.store = store;
    this.schemas = schemas;
    this.maxBuckets = maxBuckets;
  }

  /** Whether a coarser bucket is committed and made from the finer ones as they are. */
  boolean isCurrent(long metric, Level level, long bucket) {
    Made how = made.get(new Place(metric, level, bucket));
    return how != null && how.isCommitted();
  }

  /** Does some of what there is to do; true if there is more. */
  boolean run() {
    int left = maxBuckets;
    for (Work work : work()) {
      Long watermark = work.watermark();
      if (watermark != null) {
        left = roll(work, watermark, left);
      }
    }
    return left <= 0;
  }

  private List<Work> work() {
    return live.between(
        moment -> {
          List<Work> all = new ArrayList<>();
          for (MetricPlan metric : moment.plans()) {
            all.add(
                new Work(
                    metric,
                    moment.aggregates().watermark(metric.id()),
                    moment.aggregates().firstHeld(metric.id())));
          }
          return all;
        });
  }

  private int roll(Work work, long watermark, int maxParts) {
    MetricPlan metric = work.metric();
    int left = maxParts;
    // The first bucket that is not final, or not all in the commits.
    long done =
        Math.min(
            metric.bucketOf(Level.BASE, watermark - MetricAssembly.finalAfter(metric)),
            work.firstHeld());
    Level finer = Level.BASE;
    for (Level level : MetricLevels.above(metric)) {
      Round round = new Round(metric, finer, level, watermark, done, left);
      left = round.roll();
      done = round.done;
      forget(metric, finer, watermark, done);
      finer = level;
    }
    forget(metric, finer, watermark, finer == Level.BASE ? done : Long.MAX_VALUE);
    return left;
  }

  private void forget(MetricPlan metric, Level level, long watermark, long done) {
    long end = Math.min(MetricLevels.expired(metric, level, watermark), done);
    if (store.first(metric.id(), level) < end) {
      store.forget(metric.id(), level, end);
    }
  }

  /** One level of one metric in one run. */
  private final class Round {
    private final MetricPlan metric;
    private final Level finer;
    private final Level level;
    private final long expired;
    private final TreeMap<Long, Long> stamps = new TreeMap<>();
    private final TreeMap<Long, Parts> wanted = new TreeMap<>();
    private @Nullable CellLayout layout;
    private int left;

    /** What begins before this is whole and committed; before the round, in the finer level. */
    private long done;

    Round(
        MetricPlan metric, Level finer, Level level, long watermark, long finerDone, int maxParts) {
      this.metric = metric;
      this.finer = finer;
      this.level = level;
      this.expired = MetricLevels.expired(metric, finer, watermark);
      this.done = metric.bucketOf(level, finerDone);
      this.left = maxParts;
    }

    /** Makes what is missing or old; returns how many parts may still be read. */
    int roll() {
      long end = done;
      store.scan(metric.id(), level, NEVER, end, (bucket, stamp, _) -> stamps.put(bucket, stamp));
      store.scan(
          metric.id(),
          finer,
          NEVER,
          end,
          (bucket, stamp, _) ->
              wanted
                  .computeIfAbsent(metric.bucketOf(level, bucket), _ -> new Parts())
                  .add(bucket, stamp));
      List<BucketChange> changes = new ArrayList<>();
      for (Map.Entry<Long, Parts> each : wanted.entrySet()) {
        if (!isDone(each.getKey(), each.getValue(), changes)) {
          done = Math.min(done, each.getKey());
        }
      }
      if (!changes.isEmpty()) {
        store.submit(changes);
      }
      return left;
    }

    private boolean isDone(long bucket, Parts parts, List<BucketChange> changes) {
      Place place = new Place(metric.id(), level, bucket);
      Made how = made.get(place);
      Long stamp = stamps.get(bucket);
      if (how != null && how.parts() == parts.stamp) {
        boolean isCommitted = how.isCommitted() || (stamp != null && stamp != how.before());
        made.put(place, new Made(how.parts(), how.before(), isCommitted));
        return isCommitted;
      }
      if (bucket < expired && stamp != null) {
        return true; // Some of its parts may have gone, so that it can't be made again.
      }
      if (left > 0) {
        left -= parts.count;
        changes.add(new BucketChange(metric.id(), level, bucket, true, merged(bucket).encode()));
        made.put(place, new Made(parts.stamp, stamp == null ? NEVER : stamp, false));
      } else if (how != null) {
        made.put(place, how.outdated());
      }
      outdate(bucket);
      return false;
    }

    /** What was made of this bucket is not what it would be now. */
    private void outdate(long bucket) {
      for (Level above : MetricLevels.above(metric)) {
        if (above.compareTo(level) > 0) {
          made.computeIfPresent(
              new Place(metric.id(), above, metric.bucketOf(above, bucket)),
              (_, how) -> how.outdated());
        }
      }
    }

    private Cells merged(long bucket) {
      if (layout == null) {
        layout = metric.layout(schemas.apply(metric.spec().from()));
      }
      CellLayout known = layout;
      List<Cells> parts = new ArrayList<>();
      store.scan(
          metric.id(),
          finer,
          bucket,
          bucket + level.micros(),
          (_, _, block) -> parts.add(Cells.decode(known, block.get())));
      return MetricAssembly.rollUp(known, parts);
    }
  }
}
