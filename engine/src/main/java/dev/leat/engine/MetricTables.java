package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.Metrics;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Metrics as SQL sees them: a table for each, and one of all. A row is a window of one series. Any
 * thread.
 */
final class MetricTables implements ProvidedTables {
  /** The table of all metrics. */
  static final String ALL = "metrics";

  private final Supplier<List<MetricPlan>> plans;
  private final Windows windows;
  private final java.util.function.Function<String, DataSchema> schemas;

  /** Yields all windows of a metric. */
  @FunctionalInterface
  interface Windows {
    void of(MetricPlan metric, Receiver receiver) throws InterruptedException;
  }

  /** Takes windows, a piece of time after the other. */
  @FunctionalInterface
  interface Receiver {
    void series(List<Metrics.Series> series);
  }

  MetricTables(
      Supplier<List<MetricPlan>> plans,
      Windows windows,
      java.util.function.Function<String, DataSchema> schemas) {
    this.plans = plans;
    this.windows = windows;
    this.schemas = schemas;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    plans.get().forEach(metric -> tables.add(table(metric)));
    tables.add(new Table(ALL, MetricColumns.ofAll()));
    return tables;
  }

  @Override
  public List<RowChunk.View> rows(String table) throws InterruptedException {
    List<MetricPlan> all = plans.get();
    if (table.equals(ALL)) {
      ProvidedRows rows = new ProvidedRows(new Table(ALL, MetricColumns.ofAll()));
      for (MetricPlan metric : all) {
        windows.of(metric, series -> series.forEach(each -> addToAll(rows, metric, each)));
      }
      return rows.finish();
    }
    for (MetricPlan metric : all) {
      if (metric.name().equals(table)) {
        ProvidedRows rows = new ProvidedRows(table(metric));
        windows.of(metric, series -> series.forEach(each -> add(rows, metric, each)));
        return rows.finish();
      }
    }
    throw new IllegalArgumentException("there is no table " + table);
  }

  private Table table(MetricPlan metric) {
    return new Table(metric.name(), MetricColumns.of(metric, schemas.apply(metric.spec().from())));
  }

  private static void add(ProvidedRows rows, MetricPlan metric, Metrics.Series series) {
    List<Measure> measures = metric.spec().measures();
    for (Metrics.Point point : series.points()) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(point.start());
      row.add(point.end());
      row.addAll(series.labels());
      for (int i = 0; i < measures.size(); i++) {
        Function function = measures.get(i).function();
        if (function != Function.FREQUENCY) {
          row.add(value(function, point.values()[i], rows.isJson(row.size())));
        }
      }
      row.add(point.revision());
      row.add(point.isFinal());
      row.add(point.exact());
      rows.add(row.toArray());
    }
  }

  private static @Nullable Object value(Function function, @Nullable Object value, boolean isJson) {
    if (value instanceof Double estimate && function == Function.DISTINCT) {
      return Math.round(estimate);
    }
    return value != null && isJson ? MetricJson.of(value) : value;
  }

  private static void addToAll(ProvidedRows rows, MetricPlan metric, Metrics.Series series) {
    String labels = MetricJson.of(named(metric.labels(), series.labels()));
    for (Metrics.Point point : series.points()) {
      rows.add(
          new @Nullable Object[] {
            metric.name(),
            point.start(),
            point.end(),
            labels,
            MetricJson.of(measures(metric, point)),
            point.revision(),
            point.isFinal(),
            point.exact()
          });
    }
  }

  private static Map<String, @Nullable Object> named(
      List<String> names, List<@Nullable String> values) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), values.get(i));
    }
    return named;
  }

  private static Map<String, @Nullable Object> measures(MetricPlan metric, Metrics.Point point) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    List<Measure> measures = metric.spec().measures();
    for (int i = 0; i < measures.size(); i++) {
      if (measures.get(i).function() != Function.FREQUENCY) {
        named.put(measures.get(i).name(), point.values()[i]);
      }
    }
    return named;
  }
}
