package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a {@link SimStore}: its values by column, {@code log_offset} as {@code data.amount}.
 * Values are Long, Double, Boolean, String or byte[]; what is null is not there.
 */
record SimRow(String table, long offset, Map<String, Object> values) {
  /** Adds the rows that a chunk shows. */
  static void addAll(
      String table, RowChunk.View view, List<DataSchema.Entry> fields, List<SimRow> into) {
    List<String> paths = paths(fields);
    for (int row = 0; row < view.rows(); row++) {
      Map<String, Object> values = envelope(view.chunk(), row);
      for (DataSchema.Entry field : fields) {
        Column column = view.data(field.id());
        if (column != null && column.isPresent(row)) {
          values.put("data." + paths.get(field.id()), value(column, row));
        }
      }
      into.add(new SimRow(table, view.chunk().offset.get(row), values));
    }
  }

  /** The paths of fields by their ids. */
  static List<String> paths(List<DataSchema.Entry> fields) {
    List<String> paths = new ArrayList<>();
    for (DataSchema.Entry field : fields) {
      paths.add(field.parent() < 0 ? field.name() : paths.get(field.parent()) + '.' + field.name());
    }
    return paths;
  }

  private static Map<String, Object> envelope(RowChunk chunk, int row) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("shard", (long) chunk.shard());
    put(values, "log_offset", chunk.offset, row);
    put(values, "time", chunk.timeMicros, row);
    put(values, "received_at", chunk.receivedMicros, row);
    put(values, "sampled_rate", chunk.sampledRate, row);
    put(values, "id", chunk.id, row);
    put(values, "source", chunk.source, row);
    put(values, "type", chunk.type, row);
    put(values, "subject", chunk.subject, row);
    put(values, "partition_key", chunk.partitionKey, row);
    put(values, "attributes", chunk.attributes, row);
    put(values, "data_rest", chunk.rest, row);
    put(values, "flags", chunk.flags, row);
    if (chunk.raw.isPresent(row)) {
      values.put("data_raw", chunk.raw.get(row));
    }
    return values;
  }

  private static void put(Map<String, Object> into, String name, Column column, int row) {
    if (column.isPresent(row)) {
      into.put(name, value(column, row));
    }
  }

  private static Object value(Column column, int row) {
    return switch (column) {
      case Column.Longs longs -> (Object) longs.get(row);
      case Column.Doubles doubles -> doubles.get(row);
      case Column.Booleans booleans -> booleans.get(row);
      case Column.Bytes bytes -> new String(bytes.get(row), UTF_8);
    };
  }

  /** As a query has it where the field has become one of fractions. */
  @Nullable Object value(String column, @Nullable Kind kind) {
    Object value = values.get(column);
    return kind == Kind.DOUBLE && value instanceof Long whole ? Double.valueOf(whole) : value;
  }

  long number(String column) {
    return values.get(column) instanceof Long number ? number : 0;
  }

  String text(String column) {
    return values.get(column) instanceof String text ? text : "";
  }
}
