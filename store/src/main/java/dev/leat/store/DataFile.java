package dev.leat.store;

import org.jspecify.annotations.Nullable;

/**
 * A sealed Parquet file as the catalogue knows it.
 *
 * @param path relative to the store's directory, with {@code /}
 * @param day the UTC day of all its rows, counted from 1970, or {@link #MIXED}
 * @param checksum its {@link FileChecksum}; null if a version wrote it that kept none
 * @param payloadBytes what its rows took in the log: how wide they are
 * @param addedVersion the commit that added it
 * @param removedVersion the commit that replaced it, or {@link #PRESENT}
 */
record DataFile(
    String path,
    int shard,
    long day,
    long rows,
    long bytes,
    @Nullable Long checksum,
    long payloadBytes,
    Span span,
    long addedVersion,
    long removedVersion) {
  static final long MIXED = Long.MIN_VALUE;
  static final long PRESENT = Long.MAX_VALUE;
  static final long MICROS_PER_DAY = 86_400_000_000L;

  /**
   * What the rows of a file reach over; times in microseconds since 1970.
   *
   * @param maxReceivedMicros when the newest of them was received
   */
  record Span(
      long minTimeMicros,
      long maxTimeMicros,
      long maxReceivedMicros,
      long minOffset,
      long maxOffset) {
    /** What both reach over. */
    Span and(Span other) {
      return new Span(
          Math.min(minTimeMicros, other.minTimeMicros),
          Math.max(maxTimeMicros, other.maxTimeMicros),
          Math.max(maxReceivedMicros, other.maxReceivedMicros),
          Math.min(minOffset, other.minOffset),
          Math.max(maxOffset, other.maxOffset));
    }
  }

  DataFile addedAt(long version) {
    return new DataFile(
        path, shard, day, rows, bytes, checksum, payloadBytes, span, version, PRESENT);
  }

  DataFile removedAt(long version) {
    return new DataFile(
        path, shard, day, rows, bytes, checksum, payloadBytes, span, addedVersion, version);
  }

  DataFile withChecksum(long computed) {
    return new DataFile(
        path, shard, day, rows, bytes, computed, payloadBytes, span, addedVersion, removedVersion);
  }

  /** Whether it belongs to what a version had. */
  boolean isIn(long version) {
    return addedVersion <= version && version < removedVersion;
  }

  boolean isPresent() {
    return removedVersion == PRESENT;
  }
}
