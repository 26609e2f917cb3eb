package dev.leat.pipeline;

import dev.leat.event.TableSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stream, compiled: everything that was found out about it when the definition was read.
 * Immutable.
 *
 * @param match null for the stream that takes what no other does
 * @param type what is known of the data: the schema's fields and what enrichment adds
 * @param rules as many as the stream has rules
 * @param computed the expression of each step that computes, by the step's index
 * @param paths every path that the stream reads values at
 * @param outputs the fields that enrichment writes, with their types
 */
record StreamPlan(
    StreamSpec spec,
    ExpressionCompiler.@Nullable Compiled match,
    @Nullable EventSchema schema,
    DataType.ObjectOf type,
    List<ExpressionCompiler.Compiled> rules,
    Map<Integer, ExpressionCompiler.Compiled> computed,
    Map<String, KeyPath> paths,
    Map<FieldPath, DataType> outputs) {
  StreamPlan {
    rules = List.copyOf(rules);
    computed = Map.copyOf(computed);
    paths = Map.copyOf(paths);
    outputs = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(outputs));
  }

  String name() {
    return spec.name();
  }

  /** The key that the definition gives to the stream's events; null if they keep their own. */
  @Nullable KeyPath key() {
    return spec.key() == null ? null : paths.get(spec.key());
  }

  /** What the table has columns for: all that is known of the data, and what enrichment adds. */
  DataType.ObjectOf tableType() {
    DataType.ObjectOf all = type;
    for (Map.Entry<FieldPath, DataType> output : outputs.entrySet()) {
      DataType.ObjectOf wider = Outputs.add(all, output.getKey(), output.getValue());
      all = wider == null ? all : wider; // A typed stream has its outputs in the type already.
    }
    return all;
  }

  /** The envelope's column of the key has another name than the attribute. */
  private static String column(String path) {
    return path.equals("partitionkey") ? "partition_key" : path;
  }

  TableSpec table() {
    StreamSpec.Entity entity = spec.entity();
    StreamSpec.Retention retention = spec.retention();
    return new TableSpec(
        spec.name(),
        schema != null,
        false,
        entity == null ? null : column(entity.key()),
        retention == null ? null : retention.raw());
  }
}
