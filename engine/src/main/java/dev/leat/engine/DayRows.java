package dev.leat.engine;

import dev.leat.pipeline.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.ToLongFunction;

/** How many rows each day has: it says what is rather read at once, though not all is needed. */
final class DayRows {
  /** So many rows are rather read at once than in many small pieces, each a query of its own. */
  private static final long FEW_ROWS = 200_000;

  private static final long DAY = Level.DAY.micros();

  private final NavigableMap<Long, Long> rows;

  DayRows(NavigableMap<Long, Long> rows) {
    this.rows = rows;
  }

  /**
   * Things in the order of time, those together that are read at once.
   *
   * @param near what is not further from the first is near, whatever rows there are
   * @param max so many at once
   */
  <T> List<List<T>> clusters(List<T> things, ToLongFunction<T> time, long near, int max) {
    List<List<T>> clusters = new ArrayList<>();
    int from = 0;
    while (from < things.size()) {
      long begin = time.applyAsLong(things.get(from));
      int to = from + 1;
      while (to < things.size()
          && to - from < max
          && isNear(begin, time.applyAsLong(things.get(to)), near)) {
        to++;
      }
      clusters.add(things.subList(from, to));
      from = to;
    }
    return clusters;
  }

  private boolean isNear(long begin, long time, long near) {
    if (time - begin <= near) {
      return true;
    }
    long between =
        rows.subMap(Math.floorDiv(begin, DAY) * DAY, true, time, true).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    return between <= FEW_ROWS;
  }
}
