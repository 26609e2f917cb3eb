package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.JsonException;
import dev.leat.event.RowChunk;

/**
 * What happens to the events of one partition, one after the other: an event in, a row out. It
 * knows no clock, no file and no thread, so that the same events give the same rows wherever it
 * runs. For one thread.
 */
public final class Shard {
  private final Shredder shredder;

  /** A shard whose rows hold data in the fields of this schema, which grows as new ones are met. */
  public Shard(DataSchema schema) {
    this.shredder = new Shredder(schema);
  }

  /**
   * Turns the event the cursor stands on into the next row of the chunk, which must have room.
   *
   * @return whether the data could be read as what the event says it is; if not, the row holds it
   *     as bytes only
   */
  public boolean process(EventCursor event, long offset, RowChunk chunk) {
    int row = chunk.rows();
    byte[] bytes = event.bytes();
    chunk.offset.set(row, offset);
    chunk.timeMicros.set(row, event.timeMicros());
    chunk.receivedMicros.set(row, event.receivedMicros());
    chunk.sampledRate.set(row, event.sampledRate());
    chunk.id.set(row, bytes, event.idAt(), event.idLength());
    chunk.source.set(row, bytes, event.sourceAt(), event.sourceLength());
    chunk.type.set(row, bytes, event.typeAt(), event.typeLength());
    if (event.hasSubject()) {
      chunk.subject.set(row, bytes, event.subjectAt(), event.subjectLength());
    }
    if (event.hasPartitionKey()) {
      chunk.partitionKey.set(row, bytes, event.partitionKeyAt(), event.partitionKeyLength());
    } else if (event.hasSubject()) {
      chunk.partitionKey.set(row, bytes, event.subjectAt(), event.subjectLength());
    }
    setIfAny(chunk.attributes, row, bytes, event.attributesAt(), event.attributesLength());
    boolean readable = true;
    if (event.dataFormat() != DataFormat.NONE) {
      chunk.raw.set(row, bytes, event.dataAt(), event.dataLength());
      readable = event.dataFormat() != DataFormat.JSON || shred(event, chunk);
    }
    chunk.endRow(event.recordLength());
    return readable;
  }

  private boolean shred(EventCursor event, RowChunk chunk) {
    try {
      shredder.shred(event.bytes(), event.dataAt(), event.dataLength(), chunk);
      return true;
    } catch (JsonException notJson) {
      return false; // The answer says so; the fields read before the mistake are true and stay.
    }
  }

  private static void setIfAny(Column.Bytes column, int row, byte[] bytes, int at, int length) {
    if (length > 0) {
      column.set(row, bytes, at, length);
    }
  }
}
