package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventStore.Cut;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.RowChunk;
import dev.leat.event.SystemTable;
import dev.leat.pipeline.Plan.Planning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tables and a memory that are maps, to see what a plan does with events. */
final class TestTables implements Intake {
  private final Map<String, DataSchema> schemas = new HashMap<>();
  private final Map<String, RowChunk> chunks = new LinkedHashMap<>();
  private final Processor processor;
  private long next;

  TestTables(Plan plan) {
    this(plan, null);
  }

  /**
   * @param aggregates what takes up the metrics of the plan and counts in them; null for nothing
   */
  TestTables(Plan plan, @Nullable Aggregates aggregates) {
    for (StreamPlan stream : plan.streams()) {
      DataSchema schema = new DataSchema();
      schema.setClosed(stream.table().declared());
      SchemaFields.declare(schema, stream.tableType());
      schemas.put(stream.name(), schema);
    }
    for (SystemTable table : SystemTable.values()) {
      schemas.put(table.tableName(), new DataSchema());
    }
    if (aggregates != null) {
      aggregates.use(plan.metrics(), this::schema);
    }
    processor = plan.processor(this::schema, this, new MapMemory(), aggregates, 1, 1);
  }

  /** The plan of a definition without mistakes. */
  static Plan plan(String yaml, Contents contents, Kinds kinds) {
    return plan(yaml, contents, kinds, 0);
  }

  static Plan plan(String yaml, Contents contents, Kinds kinds, long secret) {
    return switch (Definition.parse(yaml, kinds)) {
      case Definition.Reading.Valid valid ->
          switch (Plan.compile(valid.definition(), valid.places(), contents, kinds, secret)) {
            case Planning.Valid planned -> planned.plan();
            case Planning.Invalid wrong -> throw new AssertionError(wrong.mistakes());
          };
      case Definition.Reading.Invalid wrong -> throw new AssertionError(wrong.mistakes());
    };
  }

  private DataSchema schema(String table) {
    DataSchema schema = schemas.get(table);
    if (schema == null) {
      throw new AssertionError("nobody made a table " + table);
    }
    return schema;
  }

  @Override
  public RowChunk chunk(String table, int shard) {
    schema(table);
    return chunks.computeIfAbsent(table, _ -> new RowChunk(shard));
  }

  @Override
  public void publish(long nextOffset) {
    throw new AssertionError("the processor does not publish");
  }

  @Override
  public Cut cut() {
    throw new AssertionError("the processor does not cut");
  }

  @Override
  public long uncommittedBytes() {
    return 0;
  }

  /** Sends an event of this type from {@code /test}, with JSON data. */
  Verdict send(String type, String id, String json) {
    return send(type, id, json, null);
  }

  /** Sends an event with attributes of its own, a JSON object. */
  Verdict send(String type, String id, String json, @Nullable String attributes) {
    EventDraft draft = new EventDraft();
    draft.id.set(id);
    draft.source.set("/test");
    draft.type.set(type);
    draft.data.set(json);
    draft.dataFormat = DataFormat.JSON;
    if (attributes != null) {
      draft.attributes.set(attributes);
    }
    return send(draft);
  }

  Verdict send(EventDraft draft) {
    EventBatch.Writer writer = new EventBatch.Writer(64);
    writer.add(draft);
    EventCursor event = new EventCursor();
    event.reset(writer.batch());
    event.next();
    return processor.process(event, next++, null);
  }

  String reason() {
    return processor.reason();
  }

  /** The rows of a table, each with its fields by path and {@code id}, as text, sorted by name. */
  List<Map<String, String>> rows(String table) {
    RowChunk chunk = chunks.get(table);
    List<Map<String, String>> rows = new ArrayList<>();
    for (int row = 0; chunk != null && row < chunk.rows(); row++) {
      Map<String, String> values = new TreeMap<>();
      values.put("id", text(chunk.id, row));
      if (chunk.flags.isPresent(row)) {
        values.put("flags", text(chunk.flags, row));
      }
      if (chunk.rest.isPresent(row)) {
        values.put("rest", text(chunk.rest, row));
      }
      List<DataSchema.Entry> entries = schema(table).entries();
      chunk.publish();
      for (DataSchema.Entry entry : entries) {
        Column column = chunk.view().data(entry.id());
        if (column != null && column.isPresent(row)) {
          values.put(path(entries, entry), text(column, row));
        }
      }
      rows.add(values);
    }
    return rows;
  }

  private static String path(List<DataSchema.Entry> entries, DataSchema.Entry entry) {
    return entry.parent() < 0
        ? entry.name()
        : path(entries, entries.get(entry.parent())) + "." + entry.name();
  }

  private static String text(Column column, int row) {
    return switch (column) {
      case Column.Longs longs -> Long.toString(longs.get(row));
      case Column.Doubles doubles -> Double.toString(doubles.get(row));
      case Column.Booleans booleans -> Boolean.toString(booleans.get(row));
      case Column.Bytes bytes -> new String(bytes.get(row), UTF_8);
    };
  }

  /** Remembers everything for ever. */
  private static final class MapMemory implements Memory {
    @Override
    public Seen seen(String stream, Duration window) {
      Map<String, Long> known = new HashMap<>();
      return new Seen() {
        @Override
        public long first(byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength) {
          return known.getOrDefault(key(bytes, sourceAt, sourceLength, idAt, idLength), NEVER);
        }

        @Override
        public void add(
            byte[] bytes, int sourceAt, int sourceLength, int idAt, int idLength, long position) {
          known.put(key(bytes, sourceAt, sourceLength, idAt, idLength), position);
        }
      };
    }

    @Override
    public Versions versions(String stream) {
      Map<String, Long> known = new HashMap<>();
      return new Versions() {
        @Override
        public long of(byte[] bytes, int keyAt, int keyLength) {
          return known.getOrDefault(new String(bytes, keyAt, keyLength, UTF_8), NONE);
        }

        @Override
        public void set(byte[] bytes, int keyAt, int keyLength, long version, long position) {
          known.put(new String(bytes, keyAt, keyLength, UTF_8), version);
        }
      };
    }

    @Override
    public void advance(long receivedMicros) {}

    private static String key(byte[] bytes, int sourceAt, int sourceLength, int idAt, int length) {
      return new String(bytes, sourceAt, sourceLength, UTF_8)
          + '\n'
          + new String(bytes, idAt, length, UTF_8);
    }
  }
}
