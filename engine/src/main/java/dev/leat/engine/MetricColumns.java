package dev.leat.engine;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.ProvidedTables;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.MetricSpec.Measure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which columns the table of a metric has in SQL, by what its stream's data has shown. */
final class MetricColumns {
  private static final String DATA = "data.";

  private MetricColumns() {}

  /** Start and end, the labels, the measures that have a value without a question, and the rest. */
  static List<ProvidedTables.Column> of(MetricPlan metric, DataSchema schema) {
    List<ProvidedTables.Column> columns = new ArrayList<>();
    columns.add(new ProvidedTables.Column("start", ProvidedTables.Type.TIMESTAMP));
    columns.add(new ProvidedTables.Column("end", ProvidedTables.Type.TIMESTAMP));
    metric
        .labels()
        .forEach(
            label -> columns.add(new ProvidedTables.Column(label, ProvidedTables.Type.VARCHAR)));
    List<DataSchema.Entry> fields = schema.entries();
    for (Measure measure : metric.spec().measures()) {
      ProvidedTables.Type type = type(measure, fields);
      if (type != null) {
        columns.add(new ProvidedTables.Column(measure.name(), type));
      }
    }
    addState(columns);
    return columns;
  }

  /** Those of the table of all metrics. */
  static List<ProvidedTables.Column> ofAll() {
    List<ProvidedTables.Column> columns = new ArrayList<>();
    columns.add(new ProvidedTables.Column("metric", ProvidedTables.Type.VARCHAR));
    columns.add(new ProvidedTables.Column("start", ProvidedTables.Type.TIMESTAMP));
    columns.add(new ProvidedTables.Column("end", ProvidedTables.Type.TIMESTAMP));
    columns.add(new ProvidedTables.Column("labels", ProvidedTables.Type.JSON));
    columns.add(new ProvidedTables.Column("measures", ProvidedTables.Type.JSON));
    addState(columns);
    return columns;
  }

  private static void addState(List<ProvidedTables.Column> columns) {
    columns.add(new ProvidedTables.Column("revision", ProvidedTables.Type.BIGINT));
    columns.add(new ProvidedTables.Column("final", ProvidedTables.Type.BOOLEAN));
    columns.add(new ProvidedTables.Column("exact", ProvidedTables.Type.BOOLEAN));
  }

  /** Null for a measure that has no value of its own. */
  static ProvidedTables.@Nullable Type type(Measure measure, List<DataSchema.Entry> fields) {
    return switch (measure.function()) {
      case COUNT, DISTINCT -> ProvidedTables.Type.BIGINT;
      case RATE, AVG, QUANTILE -> ProvidedTables.Type.DOUBLE;
      case SUM, MIN, MAX ->
          kind(measure, fields) == Kind.LONG
              ? ProvidedTables.Type.BIGINT
              : ProvidedTables.Type.DOUBLE;
      case TOPK -> ProvidedTables.Type.JSON;
      case FIRST, LAST ->
          kind(measure, fields) == Kind.TEXT
              ? ProvidedTables.Type.VARCHAR
              : ProvidedTables.Type.JSON;
      case FREQUENCY -> null;
    };
  }

  /** What the values are; null if none has been seen. */
  private static @Nullable Kind kind(Measure measure, List<DataSchema.Entry> fields) {
    String path = measure.path();
    if (path == null) {
      return null;
    }
    if (!path.startsWith(DATA)) {
      return Kind.TEXT;
    }
    int parent = -1;
    Kind kind = null;
    for (String name : path.substring(DATA.length()).split("\\.", -1)) {
      kind = null;
      for (DataSchema.Entry field : DataSchema.childrenOf(fields, parent)) {
        if (field.name().equals(name)) {
          kind = field.kind();
          parent = field.id();
          break;
        }
      }
      if (kind == null) {
        return null;
      }
    }
    return kind;
  }
}
