package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import dev.leat.event.Slice;
import java.util.Arrays;

/**
 * Makes the event of a stored row again, for conditions over it. Rows do not say how the data was
 * meant, so an object in JSON is data and everything else is none, as it is for expressions; nor
 * whether a key that equals the subject was sent, which is taken for not. For one thread.
 */
final class StoredRow {
  private final EventDraft draft = new EventDraft();
  private final EventBatch.Writer writer = new EventBatch.Writer(1_024);
  private final EventCursor event = new EventCursor();
  private final Row row;
  private final StoredData data;

  /**
   * @param row of the table that the rows are in
   */
  StoredRow(Row row) {
    this.row = row;
    this.data = new StoredData(row.schema(), row.written());
  }

  /** The row at this index, until the next call. */
  Row at(RowChunk chunk, int index) {
    draft.clear();
    text(chunk.id, index, draft.id);
    text(chunk.source, index, draft.source);
    text(chunk.type, index, draft.type);
    text(chunk.subject, index, draft.subject);
    text(chunk.partitionKey, index, draft.partitionKey);
    if (equal(draft.partitionKey, draft.subject)) {
      draft.partitionKey.clear();
    }
    text(chunk.attributes, index, draft.attributes);
    data(chunk, index);
    draft.dataFormat = format(draft.data);
    draft.timeMicros = chunk.timeMicros.get(index);
    draft.receivedMicros = chunk.receivedMicros.get(index);
    Column.Longs rate = chunk.sampledRate;
    draft.sampledRate = rate.isPresent(index) ? (int) Math.max(1, rate.get(index)) : 1;
    writer.clear();
    writer.add(draft);
    event.reset(writer.batch());
    event.next();
    row.begin(event, chunk, index);
    return row;
  }

  private void data(RowChunk chunk, int index) {
    text(chunk.raw, index, draft.data);
    byte[] made = draft.data.isPresent() ? null : data.write(chunk, index);
    if (made != null) {
      draft.data.set(made, 0, made.length);
    }
  }

  private static void text(Column.Bytes column, int index, Slice into) {
    if (column.isPresent(index)) {
      into.set(column.values(), column.from(index), column.length(index));
    }
  }

  private static boolean equal(Slice one, Slice other) {
    return one.isPresent()
        && other.isPresent()
        && Arrays.equals(
            one.array(),
            one.from(),
            one.from() + one.length(),
            other.array(),
            other.from(),
            other.from() + other.length());
  }

  private static DataFormat format(Slice data) {
    if (!data.isPresent()) {
      return DataFormat.NONE;
    }
    int at = data.from();
    int end = at + data.length();
    while (at < end && Character.isWhitespace(data.array()[at])) {
      at++;
    }
    return at < end && data.array()[at] == '{' ? DataFormat.JSON : DataFormat.TEXT;
  }
}
