package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.RowChunk;
import dev.leat.event.SystemTable;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the rows of the system tables. For one thread. */
final class SystemRows {
  /** They have few rows: one shard makes few files. */
  private static final int SHARD = 0;

  private final Intake intake;
  private final long definitionVersion;
  private final Map<SystemTable, Map<String, DataSchema.Field>> fields =
      new EnumMap<>(SystemTable.class);

  SystemRows(Function<String, DataSchema> schemas, Intake intake, long definitionVersion) {
    this.intake = intake;
    this.definitionVersion = definitionVersion;
    for (SystemTable table : SystemTable.values()) {
      DataSchema schema = schemas.apply(table.tableName());
      Map<String, DataSchema.Field> own = new HashMap<>();
      for (SystemTable.Field field : table.fields()) {
        DataSchema.Field known = schema.declare(schema.root(), field.name(), field.kind());
        if (known == null) {
          throw new IllegalStateException(
              "the table %s has another %s".formatted(table.tableName(), field.name()));
        }
        own.put(field.name(), known);
      }
      fields.put(table, own);
    }
  }

  /**
   * Keeps an event that failed.
   *
   * @param schemaVersion of the schema of the stream; null if it has none
   */
  void deadLetter(
      EventCursor event,
      long offset,
      String stream,
      Cause cause,
      @Nullable String schemaVersion,
      int attempt) {
    RowChunk chunk = begin(SystemTable.DEAD_LETTERS, event, offset);
    EnvelopeRow.writeRaw(event, chunk);
    Writer row = new Writer(chunk, SystemTable.DEAD_LETTERS);
    row.set("stream", stream);
    row.set("stage", cause.stage());
    row.set("reason", cause.reason());
    row.set("pointer", cause.pointer());
    row.set("rule", cause.rule());
    row.set("expected", cause.expected());
    row.set("found", cause.found());
    row.set("schema_version", schemaVersion);
    row.set("definition_version", definitionVersion);
    row.set("attempt", attempt);
    row.set("data_format", event.dataFormat().code());
    chunk.endRow(event.recordLength());
  }

  /** Notes that an event is a copy. */
  void duplicate(EventCursor event, long offset, String stream, long first) {
    RowChunk chunk = begin(SystemTable.DISCARDED, event, offset);
    Writer row = new Writer(chunk, SystemTable.DISCARDED);
    row.set("stream", stream);
    row.set("verdict", "duplicate");
    row.set("first_offset", first);
    end(event, chunk);
  }

  /** Notes that a rule dropped an event. */
  void filtered(EventCursor event, long offset, String stream, String rule) {
    RowChunk chunk = begin(SystemTable.DISCARDED, event, offset);
    Writer row = new Writer(chunk, SystemTable.DISCARDED);
    row.set("stream", stream);
    row.set("verdict", "filtered");
    row.set("rule", rule);
    end(event, chunk);
  }

  /** Notes that a row of another table does not count any more, because of this event. */
  void superseded(EventCursor event, long offset, String table, long position, String how) {
    RowChunk chunk = begin(SystemTable.SUPERSEDED, event, offset);
    Writer row = new Writer(chunk, SystemTable.SUPERSEDED);
    row.set("of_table", table);
    row.set("of_offset", position);
    row.set("how", how);
    end(event, chunk);
  }

  private RowChunk begin(SystemTable table, EventCursor event, long offset) {
    RowChunk chunk = intake.chunk(table.tableName(), SHARD);
    EnvelopeRow.write(event, offset, chunk);
    return chunk;
  }

  /** A row without the event's data weighs what its envelope does. */
  private static void end(EventCursor event, RowChunk chunk) {
    chunk.endRow(event.recordLength() - event.dataLength());
  }

  private final class Writer {
    private final RowChunk chunk;
    private final Map<String, DataSchema.Field> own;

    Writer(RowChunk chunk, SystemTable table) {
      this.chunk = chunk;
      this.own = java.util.Objects.requireNonNull(fields.get(table));
    }

    private Column column(String name) {
      return chunk.column(java.util.Objects.requireNonNull(own.get(name)));
    }

    void set(String name, @Nullable String value) {
      if (value != null) {
        byte[] bytes = value.getBytes(UTF_8);
        ((Column.Bytes) column(name)).set(chunk.rows(), bytes, 0, bytes.length);
      }
    }

    void set(String name, long value) {
      ((Column.Longs) column(name)).set(chunk.rows(), value);
    }
  }
}
