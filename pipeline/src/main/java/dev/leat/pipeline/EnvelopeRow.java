package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataFormat;
import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;

/** Copies what is known of every event into the columns that every table has. */
final class EnvelopeRow {
  private EnvelopeRow() {}

  /** Fills the envelope of the row that the chunk is about to end, the raw data not included. */
  static void write(EventCursor event, long offset, RowChunk chunk) {
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
    if (event.attributesLength() > 0) {
      Column.Bytes attributes = chunk.attributes;
      attributes.set(row, bytes, event.attributesAt(), event.attributesLength());
    }
  }

  /** Fills in the data as it was sent. */
  static void writeRaw(EventCursor event, RowChunk chunk) {
    if (event.dataFormat() != DataFormat.NONE) {
      chunk.raw.set(chunk.rows(), event.bytes(), event.dataAt(), event.dataLength());
    }
  }
}
