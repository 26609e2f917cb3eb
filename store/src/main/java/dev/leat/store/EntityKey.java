package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a table's rows are grouped by to find the newest of each entity.
 *
 * @param sql an expression over the table's columns; null for all rows while there is no such field
 * @param paths the fields of the data that it reads, as {@link DataMentions} has them
 */
record EntityKey(String sql, Set<List<String>> paths) {
  private static final String DATA = "data.";
  private static final String ATTRIBUTES = "attributes.";

  /** A row without a key is no entity's state. */
  static final EntityKey NONE = new EntityKey("NULL", Set.of());

  EntityKey {
    paths = Set.copyOf(paths);
  }

  static EntityKey of(TableSpec spec, TableSql table) {
    String key = spec.entityKey();
    if (key == null) {
      return NONE;
    }
    if (key.startsWith(ATTRIBUTES)) {
      String name = key.substring(ATTRIBUTES.length());
      return new EntityKey(
          "json_extract_string(attributes, "
              + TableSql.literal("$.\"" + name.replace("\"", "") + "\"")
              + ")",
          Set.of());
    }
    if (!key.startsWith(DATA)) {
      return TableSql.isEnvelope(key) ? new EntityKey(TableSql.quoted(key), Set.of()) : NONE;
    }
    List<String> path = List.of(key.substring(DATA.length()).split("\\.", -1));
    List<String> names = new ArrayList<>();
    int object = -1;
    for (String name : path) {
      DataSchema.Entry field = table.find(object, name);
      boolean leads = names.size() == path.size() - 1;
      if (field == null
          || !table.hasValues(field)
          || (!leads && field.kind() != DataSchema.Kind.OBJECT)) {
        return NONE;
      }
      names.add(TableSql.quoted(field.name()));
      object = field.id();
    }
    String sql = String.join(".", names);
    return spec.flat()
        ? new EntityKey(sql, Set.of())
        : new EntityKey(
            DATA + sql, Set.of(path.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList()));
  }
}
