package dev.leat.engine;

import dev.leat.event.Metrics.Bound;
import dev.leat.event.Metrics.Difference;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.SeriesKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares results that are served with what rows yield, cell by cell and measure by measure, and
 * notes what differs. For one thread.
 */
final class CellComparison {
  /** What stands where there is no result. */
  private static final String NOTHING = "nothing";

  private final MetricPlan plan;
  private final CellLayout layout;
  private final boolean withinBounds;
  private final Map<Long, Cells> kept;
  private final JobTally tally;
  private long bucketMicros;

  /** Notes every change. */
  CellComparison(MetricPlan plan, CellLayout layout, JobTally tally) {
    this(plan, layout, false, Map.of(), tally);
  }

  /**
   * Lets a measure that is approximate by nature differ by as much as it says.
   *
   * @param kept what rows yield in cells of the exact layout, by bucket: they say where a number
   *     ranks
   */
  CellComparison(MetricPlan plan, CellLayout layout, Map<Long, Cells> kept, JobTally tally) {
    this(plan, layout, true, kept, tally);
  }

  private CellComparison(
      MetricPlan plan,
      CellLayout layout,
      boolean withinBounds,
      Map<Long, Cells> kept,
      JobTally tally) {
    this.plan = plan;
    this.layout = layout;
    this.withinBounds = withinBounds;
    this.kept = kept;
    this.tally = tally;
    this.bucketMicros = plan.bucketMicros();
  }

  /** A bucket on both sides; null where it has none. What waits is counted as that. */
  void compare(
      long bucket, @Nullable Cells served, @Nullable Cells computed, PendingMarks pending) {
    if (!plan.isSession() && pending.has(bucket)) {
      tally.addPending();
      return;
    }
    for (byte[] key : keys(served, computed)) {
      Cell before = cell(served, key);
      Cell after = cell(computed, key);
      if (plan.isSession() && isPending(key, before, after, pending)) {
        tally.addPending();
      } else if (!compareCell(bucket, key, before, after)) {
        tally.addDifferent();
      }
    }
  }

  /** A bucket of another length on both sides. */
  void compare(long bucket, long micros, @Nullable Cells served, @Nullable Cells computed) {
    bucketMicros = micros;
    compare(bucket, served, computed, PendingMarks.NONE);
  }

  private static Set<byte[]> keys(@Nullable Cells served, @Nullable Cells computed) {
    Set<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    addKeys(served, keys);
    addKeys(computed, keys);
    return keys;
  }

  private boolean isPending(
      byte[] key, @Nullable Cell served, @Nullable Cell computed, PendingMarks pending) {
    long first = SeriesKey.start(key);
    long last =
        Math.max(served == null ? first : end(served), computed == null ? first : end(computed));
    return pending.has(plan, SessionSpans.series(key), first, last);
  }

  private static void addKeys(@Nullable Cells cells, Set<byte[]> keys) {
    if (cells != null) {
      for (int slot : cells.sorted()) {
        keys.add(cells.key(slot));
      }
    }
  }

  private record Cell(Cells cells, int slot) {}

  private static @Nullable Cell cell(@Nullable Cells cells, byte[] key) {
    int slot = cells == null ? -1 : cells.find(key);
    return cells == null || slot < 0 ? null : new Cell(cells, slot);
  }

  /** Whether both agree. */
  private boolean compareCell(
      long bucket, byte[] key, @Nullable Cell served, @Nullable Cell computed) {
    boolean same = true;
    List<Measure> measures = plan.spec().measures();
    for (int i = 0; i < measures.size(); i++) {
      Object before = served == null ? NOTHING : value(i, served);
      Object after = computed == null ? NOTHING : value(i, computed);
      if (!agree(i, served, cell(kept.get(bucket), key), before, after)) {
        same = false;
        tally.add(
            new Difference(
                SeriesKey.labels(key, plan.labels().size()),
                plan.isSession() ? SeriesKey.start(key) : bucket,
                measures.get(i).name(),
                text(before),
                text(after)));
      }
    }
    return same && sameSpan(key, served, computed);
  }

  /** Sessions that began at the same time may end at different ones. */
  private boolean sameSpan(byte[] key, @Nullable Cell served, @Nullable Cell computed) {
    if (!plan.isSession() || served == null || computed == null || end(served) == end(computed)) {
      return true;
    }
    tally.add(
        new Difference(
            SeriesKey.labels(key, plan.labels().size()),
            SeriesKey.start(key),
            "end",
            String.valueOf(end(served)),
            String.valueOf(end(computed))));
    return false;
  }

  private static long end(Cell cell) {
    return cell.cells().last(cell.slot());
  }

  private @Nullable Object value(int measure, Cell cell) {
    long length = bucketMicros;
    if (plan.isSession()) {
      length = end(cell) + plan.windowMicros() - cell.cells().first(cell.slot());
    }
    return layout.value(measure, cell.cells(), cell.slot(), length, null);
  }

  private boolean agree(
      int measure,
      @Nullable Cell served,
      @Nullable Cell values,
      @Nullable Object before,
      @Nullable Object after) {
    if (Objects.equals(before, after)) {
      return true;
    }
    Bound bound = withinBounds ? layout.bound(measure) : null;
    if (bound == null
        || served == null
        || before == null
        || after == null
        || layout.isExact(measure, served.cells(), served.slot())) {
      return false;
    }
    if (!(before instanceof Number near) || !(after instanceof Number exact)) {
      return true; // Lists of the most frequent can't be judged without all counts.
    }
    return bound.kind().equals("rank")
        ? isRanked(measure, values, near.doubleValue(), bound.error())
        : isNear(near.doubleValue(), exact.doubleValue(), bound.error());
  }

  /** Whether the number stands among the values where the quantile says, or nearly. */
  private boolean isRanked(int measure, @Nullable Cell values, double number, double error) {
    Double wanted = plan.spec().measures().get(measure).argument();
    double[] shares =
        values == null ? null : layout.rank(measure, values.cells(), values.slot(), number);
    return wanted == null
        || shares == null
        || (shares[0] - error <= wanted && wanted <= shares[1] + error);
  }

  /** Half of one is for values that are rounded to whole numbers. */
  private static boolean isNear(double near, double exact, double error) {
    return Math.abs(near - exact) <= Math.abs(exact) * error + 0.5;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "null" : value.toString();
  }
}
