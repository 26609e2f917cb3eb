package dev.leat.query;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.Metrics.Answer.Results;
import dev.leat.event.Metrics.MeasureInfo;
import dev.leat.event.Metrics.Point;
import dev.leat.event.Metrics.Series;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row for each window of each series: labels, start, end, measures, revision, final, exact. */
record MetricRows(RowFormat rows) implements MetricFormat {
  @Override
  public String contentType() {
    return rows.contentType();
  }

  @Override
  public void write(Results results, Instant now) throws IOException {
    rows.columns(columns(results));
    long count = 0;
    for (Series series : results.series()) {
      for (Point point : series.points()) {
        rows.row(row(series, point));
        count++;
      }
    }
    rows.end(
        new EventStore.Answer.Rows(count, false, new EventStore.Freshness(results.position(), 0)),
        now);
  }

  private static List<ColumnInfo> columns(Results results) {
    List<String> names = new ArrayList<>(results.labels());
    names.add("start");
    names.add("end");
    names.addAll(results.metric().measures().stream().map(MeasureInfo::name).toList());
    names.addAll(List.of("revision", "final", "exact"));
    // The formats need no types: values are written as what they are.
    return names.stream().map(name -> new ColumnInfo(name, "")).toList();
  }

  private static @Nullable Object[] row(Series series, Point point) {
    List<@Nullable Object> row = new ArrayList<>(series.labels());
    row.add(Times.ofMicros(point.start()));
    row.add(Times.ofMicros(point.end()));
    for (Object value : point.values()) {
      row.add(value);
    }
    row.add(point.revision());
    row.add(point.isFinal());
    row.add(point.exact());
    return row.toArray();
  }
}
