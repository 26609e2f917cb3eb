package dev.leat.pipeline;

import dev.leat.event.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Combines buckets into the windows that a question asks for: pure, and the same for all that
 * serves results. For one thread.
 *
 * <p>Cells of one bucket are merged in the order of their keys, buckets in the order of time, so an
 * answer depends on what the buckets hold alone. A window without any event has no point.
 */
public final class MetricAssembly {
  /** By their labels, one after the other; none goes before any. */
  public static final Comparator<List<@Nullable String>> BY_LABELS = MetricAssembly::compare;

  private MetricAssembly() {}

  /**
   * The windows that begin in the stretch. If there are more points than the question allows, the
   * answer has one more than that and says no more.
   *
   * <p>At a coarser level windows are as long as its stretches, or as the step, which is a multiple
   * of that; among the buckets there may be some of finer levels. A session counts for itself even
   * if its labels are left out.
   *
   * @param buckets every bucket that has a part in them
   * @param level what windows are made of at least
   * @param query its labels are the metric's, its step is a multiple of the window's own
   * @param watermark null before the first event
   * @return by labels
   */
  public static List<Metrics.Series> assemble(
      MetricPlan metric,
      CellLayout layout,
      NavigableMap<Long, Cells> buckets,
      Level level,
      Metrics.Query query,
      @Nullable Long watermark) {
    SeriesGroups groups = new SeriesGroups(metric, query);
    groups.add(buckets);
    WindowPoints points = new WindowPoints(metric, layout, query, watermark);
    long from = query.from() == null ? Long.MIN_VALUE / 2 : query.from();
    long to = query.to() == null ? Long.MAX_VALUE / 2 : query.to();
    Windows windows = windows(metric, layout, points, level, query.step(), from, to);
    List<Metrics.Series> answer = new ArrayList<>();
    List<SeriesCells> series = new ArrayList<>(groups.series());
    series.sort(Comparator.comparing(SeriesCells::labels, BY_LABELS));
    for (SeriesCells each : series) {
      List<Metrics.Point> found = new ArrayList<>();
      windows.add(each, found);
      if (!found.isEmpty()) {
        answer.add(new Metrics.Series(each.labels(), found));
      }
    }
    return answer;
  }

  /** One bucket of a coarser level, from those in its stretch in the order of time. */
  public static Cells rollUp(CellLayout layout, Iterable<Cells> parts) {
    Cells sum = new Cells(layout, Integer.MAX_VALUE);
    for (Cells part : parts) {
      sum.merge(part);
    }
    return sum;
  }

  /**
   * The sessions that began in one bucket: those that were committed, as far as memory has none.
   */
  public static Cells overlay(
      CellLayout layout, @Nullable Cells committed, Aggregates.HeldSessions sessions) {
    Cells all = new Cells(layout, Integer.MAX_VALUE);
    if (committed != null) {
      Set<byte[]> gone = new TreeSet<>(Arrays::compareUnsigned);
      gone.addAll(sessions.gone());
      for (int slot : committed.sorted()) {
        byte[] key = committed.key(slot);
        if (sessions.held().find(key) < 0 && !gone.contains(key)) {
          layout.merge(all, all.slot(key, 0, key.length), committed, slot);
        }
      }
    }
    all.merge(sessions.held());
    return all;
  }

  /** How long after its end a window may still change, in microseconds. */
  public static long finalAfter(MetricPlan metric) {
    return WindowPoints.finalAfter(metric);
  }

  /** Turns the cells of one series into points. */
  @FunctionalInterface
  private interface Windows {
    void add(SeriesCells series, List<Metrics.Point> into);
  }

  private static Windows windows(
      MetricPlan metric,
      CellLayout layout,
      WindowPoints points,
      Level level,
      @Nullable Long step,
      long from,
      long to) {
    if (metric.isSession()) {
      return (series, into) -> sessions(series, metric.windowMicros(), points, from, to, into);
    }
    long own = level == Level.BASE ? metric.bucketMicros() : level.micros();
    long apart = step == null ? own : step;
    if (level == Level.BASE && metric.spec().window() instanceof MetricSpec.Window.Sliding) {
      return new SlidingWindows(metric, layout, points, apart, from, to)::add;
    }
    CellSums sums = new CellSums(layout);
    return (series, into) -> tumbling(series, sums, apart, points, from, to, into);
  }

  private static void tumbling(
      SeriesCells series,
      CellSums sums,
      long size,
      WindowPoints points,
      long from,
      long to,
      List<Metrics.Point> into) {
    int index = 0;
    while (index < series.size() && !points.isFull()) {
      long start = Math.floorDiv(series.bucket(index), size) * size;
      int first = index++;
      while (index < series.size() && series.bucket(index) - start < size) {
        index++;
      }
      if (start >= from && start < to) {
        Cells cells = series.cells(first);
        int slot = series.slot(first);
        if (index > first + 1) {
          CellSums.Place sum = sum(sums, series, first, index);
          cells = sum.cells();
          slot = sum.slot();
        }
        points.add(into, start, start + size, cells, slot);
      }
    }
  }

  private static CellSums.Place sum(CellSums sums, SeriesCells series, int from, int to) {
    sums.clear();
    CellSums.Place sum = sums.copy(series.cells(from), series.slot(from));
    for (int index = from + 1; index < to; index++) {
      sums.add(sum, series.cells(index), series.slot(index));
    }
    return sum;
  }

  private static void sessions(
      SeriesCells series,
      long gap,
      WindowPoints points,
      long from,
      long to,
      List<Metrics.Point> into) {
    for (int index = 0; index < series.size() && !points.isFull(); index++) {
      Cells cells = series.cells(index);
      int slot = series.slot(index);
      long start = cells.first(slot);
      if (start >= from && start < to) {
        points.add(into, start, cells.last(slot) + gap, cells, slot);
      }
    }
    into.sort(Comparator.comparingLong(Metrics.Point::start).thenComparingLong(Metrics.Point::end));
  }

  private static int compare(List<@Nullable String> one, List<@Nullable String> other) {
    for (int i = 0; i < one.size(); i++) {
      String left = one.get(i);
      String right = other.get(i);
      int order =
          left == null || right == null
              ? Boolean.compare(left != null, right != null)
              : left.compareTo(right);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
