package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.MetricSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of its stream's table a metric needs, as SQL selects them, and how they come back
 * into a chunk just as the pipeline had filled it: integers as integers, fractions as fractions,
 * text as bytes. For one thread.
 */
final class RowColumns {
  /** The name of the table in statements, so that no field can be taken for another table. */
  static final String ALIAS = "h";

  private static final String DATA = "data";

  private final DataSchema schema;
  private final Set<String> envelope = new HashSet<>();
  private final List<List<String>> paths = new ArrayList<>();
  private final boolean everything;
  private final List<Selected> selected = new ArrayList<>();

  /** A column and where its value goes. */
  private record Selected(String sql, Setter setter) {}

  @FunctionalInterface
  private interface Setter {
    void set(RowChunk chunk, int row, Object value);
  }

  private RowColumns(DataSchema schema, boolean everything) {
    this.schema = schema;
    this.everything = everything;
  }

  /** What a metric needs of a table with this schema; with a condition that is all there is. */
  static RowColumns of(MetricSpec spec, DataSchema schema) {
    RowColumns columns = new RowColumns(schema, spec.where() != null);
    spec.by().forEach(columns::need);
    for (MetricSpec.Measure measure : spec.measures()) {
      String path = measure.path();
      if (path != null) {
        columns.need(path);
      }
    }
    if (spec.window() instanceof MetricSpec.Window.Session session) {
      columns.need(session.key());
    }
    columns.selectEnvelope();
    columns.selectData();
    return columns;
  }

  private void need(String path) {
    List<String> names = List.of(path.strip().split("\\."));
    if (names.getFirst().equals(DATA)) {
      paths.add(names.subList(1, names.size()));
    } else {
      envelope.add(names.getFirst());
    }
  }

  private void selectEnvelope() {
    select("log_offset", (chunk, row, value) -> chunk.offset.set(row, number(value)));
    select("epoch_us(h.time)", (chunk, row, value) -> chunk.timeMicros.set(row, number(value)));
    select("sampled_rate", (chunk, row, value) -> chunk.sampledRate.set(row, number(value)));
    if (wants("received_at")) {
      select(
          "epoch_us(h.received_at)",
          (chunk, row, value) -> chunk.receivedMicros.set(row, number(value)));
    }
    text("id", "id", chunk -> chunk.id);
    text("source", "source", chunk -> chunk.source);
    text("type", "type", chunk -> chunk.type);
    text("subject", "subject", chunk -> chunk.subject);
    text("partitionkey", "partition_key", chunk -> chunk.partitionKey);
    text("attributes", "attributes", chunk -> chunk.attributes);
    if (everything) {
      text("data_rest", "data_rest", chunk -> chunk.rest);
      text("data_raw", "data_raw", chunk -> chunk.raw);
      text("flags", "flags", chunk -> chunk.flags);
    }
  }

  private boolean wants(String name) {
    return everything || envelope.contains(name);
  }

  private void text(String name, String column, Function<RowChunk, Column.Bytes> into) {
    if (wants(name)) {
      select(column, (chunk, row, value) -> setText(into.apply(chunk), row, value));
    }
  }

  private void select(String column, Setter setter) {
    String sql = column.contains("(") ? column : ALIAS + "." + column;
    selected.add(new Selected(sql, setter));
  }

  private void selectData() {
    List<Entry> entries = schema.entries();
    List<Field> fields = new ArrayList<>();
    List<List<String>> names = new ArrayList<>();
    for (Entry entry : entries) {
      Field parent = entry.parent() < 0 ? schema.root() : fields.get(entry.parent());
      // Declaring what is there already only hands it out.
      Field field = schema.declare(parent, entry.name(), entry.kind());
      if (field == null) {
        throw new IllegalStateException("the field %s is not what it was".formatted(entry));
      }
      fields.add(field);
      List<String> path =
          new ArrayList<>(entry.parent() < 0 ? List.of() : names.get(entry.parent()));
      path.add(entry.name());
      names.add(path);
      if (entry.kind() != Kind.OBJECT && (everything || isNeeded(path))) {
        selected.add(
            new Selected(sql(path), (chunk, row, value) -> setField(chunk, row, field, value)));
      }
    }
  }

  /** A path may name an object around the field, or something inside its JSON. */
  private boolean isNeeded(List<String> field) {
    return paths.stream()
        .anyMatch(
            path -> {
              int common = Math.min(path.size(), field.size());
              return path.subList(0, common).equals(field.subList(0, common));
            });
  }

  private static String sql(List<String> path) {
    StringBuilder sql = new StringBuilder(ALIAS + "." + DATA);
    for (String name : path) {
      sql.append(".\"").append(name.replace("\"", "\"\"")).append('"');
    }
    return sql.toString();
  }

  /** What a statement selects, the position of the row first and its time second. */
  String sql() {
    return String.join(", ", selected.stream().map(Selected::sql).toList());
  }

  /** Makes the values of a statement's row the chunk's next row, and returns its index. */
  int add(@Nullable Object[] values, RowChunk chunk) {
    int row = chunk.rows();
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        selected.get(i).setter().set(chunk, row, value);
      }
    }
    chunk.endRow(0);
    return row;
  }

  private static void setField(RowChunk chunk, int row, Field field, Object value) {
    switch (value) {
      case Boolean truth -> ((Column.Booleans) chunk.column(field)).set(row, truth);
      case Double number -> chunk.doubles(field).set(row, number);
      case Long number -> {
        switch (chunk.column(field)) {
          case Column.Doubles doubles -> doubles.set(row, number);
          case Column.Longs longs -> longs.set(row, number);
          case Column.Booleans _, Column.Bytes _ -> throw unexpected(field, value);
        }
      }
      case String _, byte[] _ -> setText((Column.Bytes) chunk.column(field), row, value);
      default -> throw unexpected(field, value);
    }
  }

  private static IllegalStateException unexpected(Field field, Object value) {
    return new IllegalStateException(
        "the tables have a %s in the field %s of %s"
            .formatted(value.getClass().getSimpleName(), field.name(), field.kind()));
  }

  private static void setText(Column.Bytes column, int row, Object value) {
    byte[] bytes = value instanceof byte[] raw ? raw : value.toString().getBytes(UTF_8);
    column.set(row, bytes, 0, bytes.length);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
