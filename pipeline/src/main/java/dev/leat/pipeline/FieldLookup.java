package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The field of a table that a path names. A field never goes away, so it is looked up until it is
 * found, and again only when the schema has grown. For one thread.
 */
final class FieldLookup {
  private final DataSchema schema;
  private final List<String> path;
  private @Nullable Field field;
  private int searchedVersion = -1;

  FieldLookup(DataSchema schema, List<String> path) {
    this.schema = schema;
    this.path = List.copyOf(path);
  }

  /** The field, if there is one by now and it has a column. */
  @Nullable Field field() {
    Field known = field;
    return known == null ? search() : known;
  }

  private @Nullable Field search() {
    int version = schema.version();
    if (version == searchedVersion) {
      return null;
    }
    searchedVersion = version;
    List<Entry> entries = schema.entries();
    Field at = schema.root();
    int parent = -1;
    for (String name : path) {
      Entry entry = child(entries, parent, name);
      // Declaring what is there already only hands it out.
      at = entry == null ? null : schema.declare(at, name, entry.kind());
      if (entry == null || at == null) {
        return null;
      }
      parent = entry.id();
    }
    field = at.kind() == Kind.OBJECT ? null : at;
    return field;
  }

  private static @Nullable Entry child(List<Entry> entries, int parent, String name) {
    for (Entry entry : entries) {
      if (entry.parent() == parent && entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }
}
