package dev.leat.engine;

import dev.leat.event.Metrics;
import dev.leat.pipeline.MetricAssembly;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The points of an answer, gathered piece by piece until there are too many. For one thread. */
final class MetricResults {
  private final long maxPoints;
  private final Map<List<@Nullable String>, List<Metrics.Point>> points =
      new TreeMap<>(MetricAssembly.BY_LABELS);
  private long size;
  private boolean isExact = true;

  MetricResults(long maxPoints) {
    this.maxPoints = maxPoints;
  }

  /** Adds a later piece of time; false if there are too many points. */
  boolean add(List<Metrics.Series> piece) {
    for (Metrics.Series series : piece) {
      size += series.points().size();
      for (Metrics.Point point : series.points()) {
        isExact &= point.exact();
      }
      List<Metrics.Point> before = points.putIfAbsent(series.labels(), series.points());
      if (before != null) {
        before.addAll(series.points());
      }
    }
    return !isTooMany();
  }

  boolean isTooMany() {
    return size > maxPoints;
  }

  /** Sorted by their labels. */
  List<Metrics.Series> series() {
    List<Metrics.Series> all = new ArrayList<>(points.size());
    for (Map.Entry<List<@Nullable String>, List<Metrics.Point>> each : points.entrySet()) {
      all.add(new Metrics.Series(each.getKey(), each.getValue()));
    }
    return all;
  }

  /** Those that are not exact by nature, unless every point happens to be. */
  List<Metrics.MeasureInfo> approximate(List<Metrics.MeasureInfo> measures) {
    return isExact
        ? List.of()
        : measures.stream().filter(measure -> measure.bound() != null).toList();
  }
}
