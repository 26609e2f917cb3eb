package dev.leat.pipeline;

/**
 * What a lookup holds at some time, as a file would: it is kept and written into the log as the
 * version that events are enriched from, so that a replay finds the same.
 *
 * @param format how the bytes are to be read
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way, never compared.
public record LookupContent(Format format, byte[] bytes) {
  /** The forms of tables that are read. */
  public enum Format {
    CSV,
    /** One array of objects. */
    JSON,
    /** An object on each line. */
    NDJSON,
    PARQUET
  }
}
