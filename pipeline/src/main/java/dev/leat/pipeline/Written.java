package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The fields that enrichment writes into the rows of one stream. They stand in columns only, not in
 * the data that was sent; what an event brings at their places does not count. For one thread.
 */
final class Written {
  private final List<FieldPath> paths;
  private final List<Leaf> leaves = new ArrayList<>();
  private final DataReader reader = new DataReader(false);

  private record Leaf(FieldPath path, FieldLookup lookup) {}

  Written(Map<FieldPath, DataType> outputs, DataSchema schema) {
    this.paths = List.copyOf(outputs.keySet());
    outputs.forEach((path, type) -> add(path, type, schema));
  }

  private void add(FieldPath path, DataType type, DataSchema schema) {
    if (type instanceof ObjectOf object) {
      object.members().forEach((name, member) -> add(path.member(name), member.type(), schema));
    } else {
      leaves.add(new Leaf(path, new FieldLookup(schema, path.names())));
    }
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  /** Whether enrichment writes there. */
  boolean has(FieldPath path) {
    return paths.contains(path);
  }

  /** The data as expressions see it: what was sent, and in its place what was written. */
  DataMap over(DataMap sent, Row row) {
    SequencedMap<String, Object> members = copy(sent);
    for (FieldPath path : paths) {
      remove(members, path.names());
    }
    for (Leaf leaf : leaves) {
      Object value = value(leaf, row);
      if (value != null) {
        put(members, leaf.path().names(), value);
      }
    }
    return seal(members);
  }

  /** Objects are copied as deep as paths go, for the maps of others never change. */
  private static SequencedMap<String, Object> copy(Map<?, ?> object) {
    SequencedMap<String, Object> copy = new LinkedHashMap<>();
    object.forEach((name, value) -> copy.put(String.valueOf(name), value));
    return copy;
  }

  private static void remove(Map<String, Object> object, List<String> names) {
    String name = names.getFirst();
    if (names.size() == 1) {
      object.remove(name);
    } else if (object.get(name) instanceof Map<?, ?> inner) {
      SequencedMap<String, Object> copy = copy(inner);
      remove(copy, names.subList(1, names.size()));
      object.put(name, copy);
    }
  }

  private static void put(Map<String, Object> object, List<String> names, Object value) {
    String name = names.getFirst();
    if (names.size() == 1) {
      object.put(name, value);
      return;
    }
    SequencedMap<String, Object> inner =
        object.get(name) instanceof Map<?, ?> known ? copy(known) : new LinkedHashMap<>();
    put(inner, names.subList(1, names.size()), value);
    object.put(name, inner);
  }

  private static DataMap seal(SequencedMap<String, Object> object) {
    object.replaceAll(
        (_, value) -> value instanceof LinkedHashMap<?, ?> inner ? seal(copy(inner)) : value);
    return new DataMap(object);
  }

  private @Nullable Object value(Leaf leaf, Row row) {
    DataSchema.Field field = leaf.lookup().field();
    return field == null
        ? null
        : reader.read(row.chunk().columnIfAny(field), field.kind(), row.index());
  }
}
