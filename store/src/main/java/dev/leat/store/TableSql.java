package dev.leat.store;

import static dev.leat.store.EnvelopeColumn.AFTER_DATA;
import static dev.leat.store.EnvelopeColumn.BEFORE_DATA;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The SQL that makes a table of files and of rows in memory. Both sides list the same columns of
 * the same types in the same order, so that they can stand in one UNION ALL.
 */
final class TableSql {
  /** The name that gives an object's own field id in COPY's FIELD_IDS. */
  private static final String OWN_ID = "__duckdb_field_id";

  /** Without the rest of the data, for tables that show no data. */
  private static final List<EnvelopeColumn> AFTER_FIELDS = AFTER_DATA.subList(1, AFTER_DATA.size());

  private final List<DataSchema.Entry> fields;
  private final List<List<DataSchema.Entry>> children = new ArrayList<>();
  private final boolean[] hasValues;

  TableSql(List<DataSchema.Entry> fields) {
    this.fields = fields;
    this.hasValues = new boolean[fields.size()];
    for (int i = 0; i <= fields.size(); i++) {
      children.add(new ArrayList<>());
    }
    for (DataSchema.Entry field : fields) {
      childrenOf(field.parent()).add(field);
      if (field.kind() != Kind.OBJECT) {
        for (int id = field.id(); id >= 0 && !hasValues[id]; id = fields.get(id).parent()) {
          hasValues[id] = true;
        }
      }
    }
  }

  /**
   * An object's fields that hold something; {@code -1} is the data itself. An object without fields
   * has no column.
   */
  List<DataSchema.Entry> valued(int parent) {
    return childrenOf(parent).stream().filter(this::hasValues).toList();
  }

  List<DataSchema.Entry> childrenOf(int parent) {
    return children.get(parent + 1);
  }

  /** Whether the field has a value somewhere in it, and so a place in SQL. */
  boolean hasValues(DataSchema.Entry field) {
    return hasValues[field.id()];
  }

  boolean hasData() {
    return !valued(-1).isEmpty();
  }

  /** The columns out of rows in memory, for a view. */
  String fromRows(DataUse use) {
    if (use instanceof DataUse.Flat) {
      return flat(EnvelopeColumn::fromRows, this::valueFromRows);
    }
    return columns(AFTER_DATA, EnvelopeColumn::fromRows, asData(dataFromRows(use)));
  }

  /** The columns out of files that begin with the carrier of these fields, for a view. */
  String fromFiles(DataUse use) {
    if (use instanceof DataUse.Flat) {
      return flat(EnvelopeColumn::name, field -> "data." + quoted(field.name()));
    }
    String data =
        switch (use) {
          case DataUse.Whole _, DataUse.Flat _ -> hasData() ? "data" : "NULL::JSON";
          case DataUse.Paths paths -> picked(paths.roots(), "data");
        };
    return columns(AFTER_DATA, EnvelopeColumn::name, asData(data));
  }

  /**
   * The columns of a file with these fields, out of files that begin with their carrier; data is
   * left out if there are none.
   */
  String forMergedFile() {
    return columns(AFTER_DATA, EnvelopeColumn::name, hasData() ? asData("data") : "");
  }

  /** A row-less table with exactly a file's columns. */
  String carrier() {
    return "SELECT "
        + columns(
            AFTER_DATA,
            column -> "NULL::" + column.type().sql(),
            hasData() ? asData("NULL::" + structType(-1)) : "")
        + " LIMIT 0";
  }

  /**
   * COPY's FIELD_IDS. A data field whose name means something else there leaves the data without.
   */
  String fieldIds() {
    List<String> ids = new ArrayList<>();
    for (EnvelopeColumn column : BEFORE_DATA) {
      ids.add(column.name() + ": " + column.id());
    }
    if (hasData()) {
      boolean clash =
          fields.stream().anyMatch(field -> field.name().toLowerCase(Locale.ROOT).equals(OWN_ID));
      ids.add("data: " + (clash ? EnvelopeColumn.DATA_ID : structIds(-1, EnvelopeColumn.DATA_ID)));
    }
    for (EnvelopeColumn column : AFTER_DATA) {
      ids.add(column.name() + ": " + column.id());
    }
    return "{" + String.join(", ", ids) + "}";
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Whether every table has a column of this name. */
  static boolean isEnvelope(String name) {
    return BEFORE_DATA.stream().anyMatch(column -> column.name().equals(name))
        || AFTER_DATA.stream().anyMatch(column -> column.name().equals(name));
  }

  /** The field of an object with this name in any case; {@code -1} is the data itself. */
  DataSchema.@Nullable Entry find(int object, String name) {
    for (DataSchema.Entry field : childrenOf(object)) {
      if (field.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return field;
      }
    }
    return null;
  }

  private static String asData(String expression) {
    return expression + " AS data";
  }

  private String flat(
      Function<EnvelopeColumn, String> envelope, Function<DataSchema.Entry, String> value) {
    List<String> all = new ArrayList<>();
    for (DataSchema.Entry field : valued(-1)) {
      all.add(value.apply(field) + " AS " + quoted(field.name()));
    }
    return columns(AFTER_FIELDS, envelope, String.join(", ", all));
  }

  private static String columns(
      List<EnvelopeColumn> after, Function<EnvelopeColumn, String> expression, String data) {
    List<String> all = new ArrayList<>();
    for (EnvelopeColumn column : BEFORE_DATA) {
      all.add(expression.apply(column) + " AS " + quoted(column.name()));
    }
    if (!data.isEmpty()) {
      all.add(data);
    }
    for (EnvelopeColumn column : after) {
      all.add(expression.apply(column) + " AS " + quoted(column.name()));
    }
    return String.join(", ", all);
  }

  private String dataFromRows(DataUse use) {
    if (!hasData()) {
      return "NULL::JSON";
    }
    return switch (use) {
      case DataUse.Whole _, DataUse.Flat _ -> whole(-1);
      case DataUse.Paths paths -> picked(paths.roots(), "");
    };
  }

  /** The chosen fields; {@code from} is the object in a file, or empty for rows in memory. */
  private String picked(Collection<DataUse.Node> chosen, String from) {
    if (chosen.isEmpty()) {
      return "NULL::JSON";
    }
    List<String> members = new ArrayList<>();
    for (DataUse.Node node : chosen) {
      DataSchema.Entry field = fields.get(node.field());
      String inFile = from.isEmpty() ? "" : from + "." + quoted(field.name());
      String value =
          node.isWhole()
              ? (from.isEmpty() ? valueFromRows(field) : inFile)
              : picked(node.children(), inFile);
      members.add(literal(field.name()) + ": " + value);
    }
    return "{" + String.join(", ", members) + "}";
  }

  private String valueFromRows(DataSchema.Entry field) {
    return switch (field.kind()) {
      case OBJECT -> whole(field.id());
      case JSON -> "try_cast(" + FlatColumn.nameOf(field) + " AS JSON)";
      case BOOLEAN, LONG, DOUBLE, TEXT -> FlatColumn.nameOf(field);
    };
  }

  /**
   * All of an object out of rows in memory: null if none of its fields has a value, as in files
   * that lack it.
   */
  private String whole(int object) {
    List<String> members = new ArrayList<>();
    for (DataSchema.Entry field : valued(object)) {
      members.add(literal(field.name()) + ": " + valueFromRows(field));
    }
    List<String> leaves = new ArrayList<>();
    addLeaves(object, leaves);
    return "CASE WHEN "
        + String.join(" OR ", leaves)
        + " THEN {"
        + String.join(", ", members)
        + "} END";
  }

  private void addLeaves(int object, List<String> into) {
    for (DataSchema.Entry field : valued(object)) {
      if (field.kind() == Kind.OBJECT) {
        addLeaves(field.id(), into);
      } else {
        into.add(FlatColumn.nameOf(field) + " IS NOT NULL");
      }
    }
  }

  private String structType(int object) {
    List<String> members = new ArrayList<>();
    for (DataSchema.Entry field : valued(object)) {
      members.add(quoted(field.name()) + " " + type(field));
    }
    return "STRUCT(" + String.join(", ", members) + ")";
  }

  private String type(DataSchema.Entry field) {
    return field.kind() == Kind.OBJECT
        ? structType(field.id())
        : ParquetType.of(field.kind()).sql();
  }

  private String structIds(int object, int id) {
    List<String> members = new ArrayList<>();
    members.add(OWN_ID + ": " + id);
    for (DataSchema.Entry field : valued(object)) {
      int own = EnvelopeColumn.FIRST_FIELD_ID + field.id();
      members.add(
          literal(field.name())
              + ": "
              + (field.kind() == Kind.OBJECT ? structIds(field.id(), own) : own));
    }
    return "{" + String.join(", ", members) + "}";
  }
}
