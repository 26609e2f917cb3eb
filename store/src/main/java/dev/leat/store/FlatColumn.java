package dev.leat.store;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.duckdb.DuckDBColumnType;
import org.jspecify.annotations.Nullable;

/**
 * A column of rows in memory as DuckDB reads them: flat, and of one of four types. SQL around it
 * makes times, objects and JSON of them; see {@link TableSql}.
 */
record FlatColumn(String name, DuckDBColumnType type, Source source) {

  /** Where a column's values are. */
  sealed interface Source {
    /** A column that every chunk has, or something computed from one. */
    record Envelope(Finder finder) implements Source {}

    /** Shard of the chunk. */
    record Shard() implements Source {}

    /** Bytes that are UTF-8 as they are; null for the others. */
    record RawText() implements Source {}

    /** Bytes that are not UTF-8, in hexadecimal; null for the others. */
    record RawHex() implements Source {}

    /** A field of the data, by its id. */
    record Field(int id) implements Source {}
  }

  /** Finds an envelope column in a chunk. */
  @FunctionalInterface
  interface Finder {
    Column in(RowChunk chunk);
  }

  private static final List<FlatColumn> ENVELOPE =
      List.of(
          text("id", chunk -> chunk.id),
          text("source", chunk -> chunk.source),
          text("type", chunk -> chunk.type),
          text("subject", chunk -> chunk.subject),
          number("time_us", chunk -> chunk.timeMicros),
          number("received_us", chunk -> chunk.receivedMicros),
          text("partition_key", chunk -> chunk.partitionKey),
          number("sampled_rate", chunk -> chunk.sampledRate),
          new FlatColumn("shard", DuckDBColumnType.BIGINT, new Source.Shard()),
          number("log_offset", chunk -> chunk.offset),
          text("rest", chunk -> chunk.rest),
          text("attributes", chunk -> chunk.attributes),
          text("flags", chunk -> chunk.flags),
          new FlatColumn("raw_text", DuckDBColumnType.VARCHAR, new Source.RawText()),
          new FlatColumn("raw_hex", DuckDBColumnType.VARCHAR, new Source.RawHex()));

  /** The envelope's columns, then one for each field that has values of its own. */
  static List<FlatColumn> of(List<DataSchema.Entry> fields) {
    List<FlatColumn> columns = new ArrayList<>(ENVELOPE);
    for (DataSchema.Entry field : fields) {
      DuckDBColumnType type = type(field.kind());
      if (type != null) {
        columns.add(new FlatColumn(nameOf(field), type, new Source.Field(field.id())));
      }
    }
    return columns;
  }

  /** The columns of a provided table and no envelope. */
  static List<FlatColumn> ofProvided(List<ProvidedTables.Column> provided) {
    List<FlatColumn> columns = new ArrayList<>();
    for (ProvidedTables.Column column : provided) {
      int id = columns.size();
      DuckDBColumnType type = Objects.requireNonNull(type(column.type().kind()));
      columns.add(new FlatColumn(nameOf(id), type, new Source.Field(id)));
    }
    return columns;
  }

  static String nameOf(DataSchema.Entry field) {
    return nameOf(field.id());
  }

  static String nameOf(int fieldId) {
    return "f" + fieldId;
  }

  private static @Nullable DuckDBColumnType type(DataSchema.Kind kind) {
    return switch (kind) {
      case OBJECT -> null;
      case BOOLEAN -> DuckDBColumnType.BOOLEAN;
      case LONG -> DuckDBColumnType.BIGINT;
      case DOUBLE -> DuckDBColumnType.DOUBLE;
      case TEXT, JSON -> DuckDBColumnType.VARCHAR;
    };
  }

  private static FlatColumn text(String name, Finder finder) {
    return new FlatColumn(name, DuckDBColumnType.VARCHAR, new Source.Envelope(finder));
  }

  private static FlatColumn number(String name, Finder finder) {
    return new FlatColumn(name, DuckDBColumnType.BIGINT, new Source.Envelope(finder));
  }
}
