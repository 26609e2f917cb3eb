package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path to a field of the data, as {@code data.from}: where a step of enrichment writes. */
record FieldPath(List<String> names) {
  /** The data itself. */
  static final FieldPath ROOT = new FieldPath(List.of());

  FieldPath {
    names = List.copyOf(names);
  }

  /** The path that text such as {@code data.from} names; its shape was checked before. */
  static FieldPath of(String text) {
    List<String> names = List.of(text.split("\\."));
    return new FieldPath(names.subList(1, names.size()));
  }

  FieldPath member(String name) {
    List<String> longer = new ArrayList<>(names);
    longer.add(name);
    return new FieldPath(longer);
  }

  /** The field in a table's schema, declared with the objects around it; null if it can't be. */
  DataSchema.@Nullable Field declare(DataSchema schema, Kind kind) {
    DataSchema.Field field = schema.root();
    for (int i = 0; i < names.size() && field != null; i++) {
      field = schema.declare(field, names.get(i), i == names.size() - 1 ? kind : Kind.OBJECT);
    }
    return field;
  }

  /** Whether one of the two is the other, or inside it. */
  boolean overlaps(FieldPath other) {
    int common = Math.min(names.size(), other.names.size());
    return names.subList(0, common).equals(other.names.subList(0, common));
  }

  @Override
  public String toString() {
    return "data." + String.join(".", names);
  }
}
