package dev.leat.pipeline;

import dev.leat.event.Metrics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Combines the slices of one series into windows that overlap.
 *
 * <p>Merging the {@code k} slices of each window would cost {@code k} merges a window. Instead time
 * is cut into blocks of {@code k} slices. A window that begins in a block is what remains of the
 * block from there, and the beginning of the next: so for each block the sums of its ends are made
 * from the back, the sums of the next one's beginnings from the front, and a window is one of each.
 * That is at most five merges a slice, whatever the size, and no merge is ever undone, which
 * sketches could not. It is the stack of a two-stack queue (Tangwongsan et al., "General
 * incremental sliding-window aggregation", VLDB 2015) with blocks as van Herk (1992) and Gil and
 * Werman (1993) set them: where they begin depends on time alone, so a window is the same sum of
 * the same parts in every answer.
 */
final class SlidingWindows {
  private final CellSums sums;
  private final WindowPoints points;
  private final long size;
  private final long every;
  private final long step;
  private final long from;
  private final long to;

  SlidingWindows(
      MetricPlan metric, CellLayout layout, WindowPoints points, long step, long from, long to) {
    this.sums = new CellSums(layout);
    this.points = points;
    this.size = metric.windowMicros();
    this.every = metric.bucketMicros();
    this.step = step;
    this.from = from;
    this.to = to;
  }

  /** Adds the points of one series. */
  void add(SeriesCells series, List<Metrics.Point> into) {
    int index = 0;
    long done = Long.MIN_VALUE;
    while (index < series.size() && !points.isFull()) {
      long block = Math.floorDiv(series.bucket(index), size) * size;
      int end = end(series, index, block + size);
      if (done < block) {
        block(series, block - size, index, index, end, into);
      }
      block(series, block, index, end, end(series, end, block + 2 * size), into);
      done = block + size;
      index = end;
    }
  }

  /** The index of the first slice that begins at the time or later. */
  private static int end(SeriesCells series, int from, long time) {
    int index = from;
    while (index < series.size() && series.bucket(index) < time) {
      index++;
    }
    return index;
  }

  /**
   * The windows that begin in one block.
   *
   * @param first the first slice of the block
   * @param middle the first of the next block
   * @param last the first behind that
   */
  private void block(
      SeriesCells series, long block, int first, int middle, int last, List<Metrics.Point> into) {
    long begin = Math.max(ceil(from, step), ceil(block, step));
    long limit = Math.min(to, block + size);
    if (begin >= limit) {
      return;
    }
    sums.clear();
    CellSums.@Nullable Place[] ends = ends(series, block, begin, first, middle);
    CellSums.@Nullable Place beginning = null;
    int next = middle;
    for (long window = begin; window < limit && !points.isFull(); window += step) {
      for (; next < last && series.bucket(next) < window + size; next++) {
        beginning = plus(beginning, series, next);
      }
      CellSums.Place end = ends[(int) ((window - block) / every)];
      CellSums.Place sum = both(end, beginning);
      if (sum != null) {
        points.add(into, window, window + size, sum.cells(), sum.slot());
      }
    }
  }

  /** For each slice of the block the sum of it and all behind it; null for nothing. */
  private CellSums.@Nullable Place[] ends(
      SeriesCells series, long block, long begin, int first, int middle) {
    CellSums.@Nullable Place[] ends = new CellSums.Place[(int) (size / every)];
    CellSums.@Nullable Place sum = null;
    int index = middle - 1;
    for (int slice = ends.length - 1; slice >= 0 && block + slice * every >= begin; slice--) {
      int from = index;
      while (from >= first && series.bucket(from) >= block + slice * every) {
        from--;
      }
      if (from < index) {
        sum = slice(series, from + 1, index + 1, sum);
      }
      index = from;
      ends[slice] = sum;
    }
    return ends;
  }

  /** The cells of one slice in their order, and what is behind them. */
  private CellSums.Place slice(
      SeriesCells series, int from, int to, CellSums.@Nullable Place behind) {
    CellSums.Place sum = sums.copy(series.cells(from), series.slot(from));
    for (int index = from + 1; index < to; index++) {
      sums.add(sum, series.cells(index), series.slot(index));
    }
    if (behind != null) {
      sums.add(sum, behind.cells(), behind.slot());
    }
    return sum;
  }

  private CellSums.Place plus(CellSums.@Nullable Place sum, SeriesCells series, int index) {
    if (sum == null) {
      return sums.copy(series.cells(index), series.slot(index));
    }
    sums.add(sum, series.cells(index), series.slot(index));
    return sum;
  }

  private CellSums.@Nullable Place both(
      CellSums.@Nullable Place end, CellSums.@Nullable Place beginning) {
    if (end == null || beginning == null) {
      return end == null ? beginning : end;
    }
    CellSums.Place sum = sums.copy(end.cells(), end.slot());
    sums.add(sum, beginning.cells(), beginning.slot());
    return sum;
  }

  private static long ceil(long micros, long step) {
    return -Math.floorDiv(-micros, step) * step;
  }
}
