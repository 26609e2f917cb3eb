package dev.leat.store;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The tables there are, by name: what is wanted of each, and its fields. It only grows; a commit
 * writes down what the catalogue does not have yet. Any thread.
 */
final class Definitions {
  /** A table; the schema stays the same object for as long as the store is open. */
  record Definition(TableSpec spec, DataSchema schema) {
    String name() {
      return spec.name();
    }
  }

  private final Map<String, Definition> tables = new ConcurrentSkipListMap<>();

  /** The tables that the catalogue has. */
  static Definitions of(CatalogueState state) {
    Definitions definitions = new Definitions();
    state
        .tables()
        .values()
        .forEach(table -> definitions.put(table.spec(), DataSchema.of(table.fields())));
    return definitions;
  }

  void define(TableSpec spec) {
    Definition known = tables.get(spec.name());
    if (known == null || !known.spec().equals(spec)) {
      tables.compute(
          spec.name(),
          (_, present) -> opened(spec, present == null ? new DataSchema() : present.schema()));
    }
  }

  /** The fields of every table, as they are now. */
  Map<String, List<DataSchema.Entry>> fields() {
    Map<String, List<DataSchema.Entry>> fields = new HashMap<>();
    tables.forEach((name, table) -> fields.put(name, table.schema().entries()));
    return fields;
  }

  private void put(TableSpec spec, DataSchema schema) {
    tables.put(spec.name(), opened(spec, schema));
  }

  private static Definition opened(TableSpec spec, DataSchema schema) {
    schema.setClosed(spec.declared());
    return new Definition(spec, schema);
  }

  /**
   * The table of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Definition get(String name) {
    Definition table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException("there is no table " + name);
    }
    return table;
  }

  /** All tables, by name. */
  List<Definition> all() {
    return new ArrayList<>(tables.values());
  }
}
