package dev.leat.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore;
import dev.leat.event.RowChunk;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * Writes rows into a store as the pipeline would, from plain values: maps are objects, lists of
 * numbers are arrays, then strings, longs, doubles and booleans. For the thread that writes.
 */
public final class TestRows {
  /** What each row is said to have taken in the log. */
  public static final int RECORD_BYTES = 100;

  private final EventStore.Intake intake;
  private final DataSchema schema;
  private final String table;
  private final int shard;

  /** Rows for a table, which has to be defined, with keys of one shard. */
  public TestRows(EventStore store, String table, int shard) {
    this.intake = store.intake();
    this.schema = store.schema(table);
    this.table = table;
    this.shard = shard;
  }

  public EventStore.Intake intake() {
    return intake;
  }

  /** Shows the rows of all tables so far; everything below the offset is dealt with. */
  public TestRows publish(long nextOffset) {
    intake.publish(nextOffset);
    return this;
  }

  /** Writes a row without publishing it. */
  public TestRows add(long offset, Instant time, Map<String, ?> data) {
    RowChunk chunk = intake.chunk(table, shard);
    int row = chunk.rows();
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time);
    chunk.offset.set(row, offset);
    chunk.timeMicros.set(row, micros);
    chunk.receivedMicros.set(row, micros + 1_000);
    chunk.sampledRate.set(row, 1);
    text(chunk.id, row, "id-" + offset);
    text(chunk.source, row, "/test");
    text(chunk.type, row, "test.happened");
    text(chunk.subject, row, "subject-" + offset % 10);
    text(chunk.raw, row, data.toString());
    fields(chunk, row, schema.root(), data);
    chunk.endRow(RECORD_BYTES);
    return this;
  }

  /** The chunk that the next row goes to, for what {@link #add} does not write. */
  public RowChunk chunk() {
    return intake.chunk(table, shard);
  }

  public static void text(Column.Bytes column, int row, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    column.set(row, bytes, 0, bytes.length);
  }

  private void fields(RowChunk chunk, int row, DataSchema.Field parent, Map<String, ?> data) {
    data.forEach((name, value) -> field(chunk, row, parent, name, value));
  }

  private void field(RowChunk chunk, int row, DataSchema.Field parent, String name, Object value) {
    DataSchema.Field field = schema.observe(parent, name, kind(value));
    if (field == null) {
      text(chunk.rest, row, "{\"%s\":\"%s\"}".formatted(name, value));
      return;
    }
    switch (value) {
      case Map<?, ?> object ->
          object.forEach((key, child) -> field(chunk, row, field, String.valueOf(key), child));
      case List<?> array -> text((Column.Bytes) chunk.column(field), row, array.toString());
      case String string -> text((Column.Bytes) chunk.column(field), row, string);
      case Boolean truth -> ((Column.Booleans) chunk.column(field)).set(row, truth);
      case Number number when field.kind() == Kind.DOUBLE ->
          chunk.doubles(field).set(row, number.doubleValue());
      case Number number -> ((Column.Longs) chunk.column(field)).set(row, number.longValue());
      default -> throw new IllegalArgumentException("no field holds a " + value.getClass());
    }
  }

  private static Kind kind(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> Kind.OBJECT;
      case List<?> _ -> Kind.JSON;
      case Boolean _ -> Kind.BOOLEAN;
      case Double _ -> Kind.DOUBLE;
      case Number _ -> Kind.LONG;
      default -> Kind.TEXT;
    };
  }
}
