package dev.leat.event;

import dev.leat.event.DataSchema.Kind;
import java.util.List;
import java.util.Locale;

/**
 * The tables that Leat itself fills. Their rows have the envelope of the event they are about, and
 * fields of their own, which queries see as columns.
 */
public enum SystemTable {
  /**
   * Events that failed a stage, whole: the raw data and the attributes are in the row. Shows those
   * that were not sent again; {@code dead_letters_history} has all.
   */
  DEAD_LETTERS(
      text("stream"),
      text("stage"),
      text("reason"),
      text("pointer"),
      text("rule"),
      text("expected"),
      text("found"),
      text("schema_version"),
      number("definition_version"),
      number("attempt"),
      number("data_format")),

  /** Events that were accepted and are in no stream: copies of another, and what a rule drops. */
  DISCARDED(text("stream"), text("verdict"), text("rule"), number("first_offset")),

  /**
   * Rows of other tables that do not count any more: {@code how} is {@code retract}, {@code
   * replace}, {@code replay}, or {@code retraction} for the row of a retracting event itself. The
   * envelope is that of the event that did it.
   */
  SUPERSEDED(text("of_table"), number("of_offset"), text("how"));

  /** A field that the table has from the start. */
  public record Field(String name, Kind kind) {}

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, its type just does not say so.
  private final List<Field> fields;

  SystemTable(Field... fields) {
    this.fields = List.of(fields);
  }

  /** The table's name in SQL. */
  public String tableName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public List<Field> fields() {
    return fields;
  }

  public TableSpec spec() {
    return new TableSpec(tableName(), true, true, null, null);
  }

  /** Makes sure that the store has all system tables with all their fields. */
  public static void defineIn(EventStore store) {
    for (SystemTable table : values()) {
      store.define(table.spec());
      DataSchema schema = store.schema(table.tableName());
      for (Field field : table.fields) {
        if (schema.declare(schema.root(), field.name(), field.kind()) == null) {
          throw new IllegalStateException(
              "the table %s has another %s".formatted(table.tableName(), field.name()));
        }
      }
    }
  }

  /** Whether a stream may not be called so. */
  public static boolean isReserved(String name) {
    for (SystemTable table : values()) {
      if (table.tableName().equals(name)) {
        return true;
      }
    }
    return name.equals("metrics") || name.endsWith("_current") || name.endsWith("_history");
  }

  private static Field text(String name) {
    return new Field(name, Kind.TEXT);
  }

  private static Field number(String name) {
    return new Field(name, Kind.LONG);
  }
}
