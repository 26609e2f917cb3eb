package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table with the fields of one schema, to which events are checked and written one by one. */
final class SchemaTable {
  final EventSchema schema;
  final DataSchema fields = new DataSchema();
  final RowChunk chunk = new RowChunk(0);
  final SchemaCheck check;
  private final Shredder shredder;
  private final Row row = new Row(fields);
  private final EventCursor event = new EventCursor();

  SchemaTable(EventSchema schema) {
    this.schema = schema;
    fields.setClosed(true);
    assertEquals(List.of(), SchemaFields.conflicts(fields.entries(), List.of(schema.type())));
    SchemaFields.declare(fields, schema.type());
    shredder = new Shredder(fields, schema.type(), Set.of());
    check = new SchemaCheck(schema, fields);
  }

  static SchemaTable of(String schema) {
    return new SchemaTable(read(schema));
  }

  static EventSchema read(String schema) {
    return switch (EventSchema.parse("test", schema)) {
      case EventSchema.Valid(EventSchema valid) -> valid;
      case EventSchema.Invalid(List<EventSchema.Problem> problems) ->
          throw new AssertionError(problems + " in " + schema);
    };
  }

  @Nullable Violation check(String data) {
    return check(data, DataFormat.JSON);
  }

  @Nullable Violation check(String data, DataFormat format) {
    EventDraft draft = new EventDraft();
    draft.clear();
    draft.id.set("1");
    draft.source.set("/test");
    draft.type.set("test");
    draft.data.set(data.getBytes(UTF_8));
    draft.dataFormat = format;
    EventBatch.Writer writer = new EventBatch.Writer(256);
    writer.add(draft);
    event.reset(writer.batch());
    event.next();
    row.begin(event, chunk);
    if (format == DataFormat.JSON) {
      row.setRegular(shredder.shred(event.bytes(), event.dataAt(), event.dataLength(), chunk));
    }
    Violation violation = check.check(row);
    chunk.endRow(event.recordLength());
    return violation;
  }

  /** Whether the last event's row was regular. */
  boolean wasRegular() {
    return row.isRegular();
  }

  /** What the library says by itself. */
  boolean isValid(String data) {
    byte[] bytes = data.getBytes(UTF_8);
    return schema
        .library()
        .validate(new JsonTreeReader().read(bytes, 0, bytes.length, new Steps()))
        .isValid();
  }
}
