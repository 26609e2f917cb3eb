package dev.leat.store;

import dev.leat.event.Column;
import dev.leat.event.RowChunk;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column that every table has, beside its data.
 *
 * @param id its field id in files
 * @param type how a file holds it
 * @param fromRows the SQL that makes it of the columns of rows in memory
 * @param rows where it is in a chunk of rows; null for the shard, which the chunk has once
 */
record EnvelopeColumn(
    String name,
    int id,
    ParquetType type,
    String fromRows,
    @Nullable Function<RowChunk, Column> rows) {

  /** Those that come before the data. */
  static final List<EnvelopeColumn> BEFORE_DATA =
      List.of(
          of("id", 1, ParquetType.TEXT, chunk -> chunk.id),
          of("source", 2, ParquetType.TEXT, chunk -> chunk.source),
          of("type", 3, ParquetType.TEXT, chunk -> chunk.type),
          of("subject", 4, ParquetType.TEXT, chunk -> chunk.subject),
          new EnvelopeColumn(
              "time", 5, ParquetType.TIME, "make_timestamptz(time_us)", chunk -> chunk.timeMicros),
          new EnvelopeColumn(
              "received_at",
              6,
              ParquetType.TIME,
              "make_timestamptz(received_us)",
              chunk -> chunk.receivedMicros),
          of("partition_key", 7, ParquetType.TEXT, chunk -> chunk.partitionKey),
          of("sampled_rate", 8, ParquetType.LONG, chunk -> chunk.sampledRate),
          new EnvelopeColumn("shard", 9, ParquetType.INTEGER, "shard::INTEGER", null),
          of("log_offset", 10, ParquetType.LONG, chunk -> chunk.offset));

  /** The field id of the data itself. */
  static final int DATA_ID = 11;

  /** The field id of the first field of the data. */
  static final int FIRST_FIELD_ID = 1_000;

  /** Those that come after the data. */
  static final List<EnvelopeColumn> AFTER_DATA =
      List.of(
          new EnvelopeColumn(
              "data_rest", 12, ParquetType.JSON, "try_cast(rest AS JSON)", chunk -> chunk.rest),
          new EnvelopeColumn(
              "data_raw",
              13,
              ParquetType.BYTES,
              "coalesce(encode(raw_text), unhex(raw_hex))",
              chunk -> chunk.raw),
          new EnvelopeColumn(
              "attributes",
              14,
              ParquetType.JSON,
              "try_cast(attributes AS JSON)",
              chunk -> chunk.attributes),
          of("flags", 15, ParquetType.TEXT, chunk -> chunk.flags));

  private static EnvelopeColumn of(
      String name, int id, ParquetType type, Function<RowChunk, Column> rows) {
    return new EnvelopeColumn(name, id, type, name, rows);
  }
}
