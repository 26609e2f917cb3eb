package dev.leat.pipeline;

import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.List;

/** Rows of the stream {@code events}, as the metrics of a definition meet them one by one. */
final class MetricRows {
  final DataSchema schema = new DataSchema();
  private final Shredder shredder = new Shredder(schema);
  private final Row row = new Row(schema);
  private final EventCursor cursor = new EventCursor();
  private final List<At> stored = new ArrayList<>();
  private RowChunk chunk = new RowChunk(0);

  private record At(RowChunk chunk, int row) {}

  /**
   * An event.
   *
   * @param time in seconds, as all times here
   */
  record Event(double time, double received, int rate, String data) {
    static Event of(double time, double received, String data) {
      return new Event(time, received, 1, data);
    }
  }

  static long micros(double seconds) {
    return Math.round(seconds * 1e6);
  }

  /** The metrics of a definition. */
  static List<MetricPlan> plans(String yaml) {
    return plans(yaml, 0);
  }

  /** The same, which hash with a secret. */
  static List<MetricPlan> plans(String yaml, long secret) {
    return TestTables.plan(yaml, Contents.NONE, Kinds.BUILT_IN, secret).metrics();
  }

  /** Metrics that begin. */
  Aggregates begin(List<MetricPlan> plans) {
    return restore(new byte[0], new CommittedCells(), plans);
  }

  /** Metrics that go on where a commit ended. */
  Aggregates restore(byte[] header, Aggregates.Source source, List<MetricPlan> plans) {
    Aggregates aggregates = Aggregates.restore(header, source);
    aggregates.use(plans, _ -> schema);
    return aggregates;
  }

  /** Stores the event at a position unless it is there, and counts it. */
  void add(Event event, long position, Aggregates aggregates) {
    if (position < stored.size()) {
      replay(event, position, aggregates);
    } else {
      add(event, aggregates);
    }
  }

  /** Stores the event at the next position, and counts it. */
  void add(Event event, Aggregates aggregates) {
    if (chunk.isFull()) {
      chunk = new RowChunk(0);
    }
    write(event, stored.size(), chunk);
    stored.add(new At(chunk, chunk.rows()));
    count(aggregates);
    chunk.endRow(1);
  }

  /** Counts the stored events of a stretch of positions at once. */
  void addStored(int from, int to, Aggregates aggregates) {
    for (int position = from; position < to; ) {
      At first = stored.get(position);
      int end = Math.min(first.row() + to - position, first.chunk().rows());
      aggregates.add("events", first.chunk(), first.row(), end);
      position += end - first.row();
    }
  }

  /** Counts the stored event at a position once more, for another life. */
  void replay(Event event, long position, Aggregates aggregates) {
    RowChunk other = new RowChunk(0);
    write(event, position, other);
    count(aggregates);
  }

  private void write(Event event, long position, RowChunk into) {
    EventDraft draft = new EventDraft();
    draft.id.set("e" + position);
    draft.source.set("/test");
    draft.type.set("test");
    draft.timeMicros = micros(event.time());
    draft.receivedMicros = micros(event.received());
    draft.sampledRate = event.rate();
    draft.data.set(event.data());
    draft.dataFormat = DataFormat.JSON;
    EventBatch.Writer writer = new EventBatch.Writer(256);
    writer.add(draft);
    cursor.reset(writer.batch());
    cursor.next();
    EnvelopeRow.write(cursor, position, into);
    row.begin(cursor, into);
    row.setRegular(shredder.shred(cursor.bytes(), cursor.dataAt(), cursor.dataLength(), into));
    EnvelopeRow.writeRaw(cursor, into);
  }

  private void count(Aggregates aggregates) {
    aggregates.advance(cursor.receivedMicros());
    aggregates.of("events").add(cursor, row);
  }

  int size() {
    return stored.size();
  }

  /** Computes a metric from the rows below a position. */
  MetricBatch batch(MetricPlan plan, long before) {
    MetricBatch batch = new MetricBatch(plan, schema);
    for (int position = 0; position < before; position++) {
      batch.add(stored.get(position).chunk(), stored.get(position).row());
    }
    return batch;
  }
}
