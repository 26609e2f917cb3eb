package dev.leat.log;

import java.time.Duration;

/**
 * How the log lays itself out and how much it keeps; immutable, checked when made.
 *
 * @param segmentBytes size of one segment file; whole segments are what retention removes
 * @param maxBatchBytes the largest batch that one append may bring
 * @param frameBytes how much one commit gathers before it is written; a single larger batch still
 *     goes out whole
 * @param queueBytes what may wait to be written before appends are answered with overload
 * @param retention how long events are kept once released
 * @param retentionBytes how many bytes of segments are kept; when unreleased events alone exceed
 *     it, appends are refused
 * @param reserveBytes what a new segment must leave free on the disk for others, so that they can
 *     go on and release
 * @param maxSpares expired segments kept for reuse; writing to blocks that were written before is
 *     cheaper to force
 */
public record LogOptions(
    int segmentBytes,
    int maxBatchBytes,
    int frameBytes,
    long queueBytes,
    Duration retention,
    long retentionBytes,
    long reserveBytes,
    int maxSpares) {

  private static final int MIB = 1 << 20;

  public LogOptions {
    require(
        maxBatchBytes > 0 && maxBatchBytes <= FrameLayout.MAX_PAYLOAD_BYTES,
        "maxBatchBytes must be between 1 and %d, not %d"
            .formatted(FrameLayout.MAX_PAYLOAD_BYTES, maxBatchBytes));
    require(frameBytes > 0, "frameBytes must be positive, not " + frameBytes);
    require(
        segmentBytes % FrameLayout.ALIGNMENT == 0,
        "segmentBytes must be a multiple of %d, not %d"
            .formatted(FrameLayout.ALIGNMENT, segmentBytes));
    require(
        segmentBytes >= SegmentLayout.HEADER_BYTES + FrameLayout.frameBytes(maxBatchBytes),
        "a batch of maxBatchBytes %d does not fit segmentBytes %d"
            .formatted(maxBatchBytes, segmentBytes));
    require(
        frameBytes <= maxBatchBytes,
        "frameBytes %d is more than maxBatchBytes %d".formatted(frameBytes, maxBatchBytes));
    require(
        queueBytes >= maxBatchBytes,
        "queueBytes %d is less than maxBatchBytes %d".formatted(queueBytes, maxBatchBytes));
    require(retention.compareTo(Duration.ZERO) > 0, "retention must be positive, not " + retention);
    require(
        retentionBytes >= 2L * segmentBytes,
        "retentionBytes %d is less than two segments of %d"
            .formatted(retentionBytes, segmentBytes));
    require(reserveBytes >= 0, "reserveBytes must not be negative, but is " + reserveBytes);
    require(maxSpares >= 1, "maxSpares must be at least 1, not " + maxSpares);
  }

  /** What suits one machine with a disk of ordinary size. */
  public static LogOptions defaults() {
    return new LogOptions(
        128 * MIB,
        32 * MIB,
        2 * MIB,
        64L * MIB,
        Duration.ofDays(2),
        64L * 1024 * MIB,
        512L * MIB,
        2);
  }

  public LogOptions withSegmentBytes(int bytes) {
    return new LogOptions(
        bytes,
        maxBatchBytes,
        frameBytes,
        queueBytes,
        retention,
        retentionBytes,
        reserveBytes,
        maxSpares);
  }

  public LogOptions withMaxBatchBytes(int bytes) {
    return new LogOptions(
        segmentBytes,
        bytes,
        Math.min(frameBytes, bytes),
        queueBytes,
        retention,
        retentionBytes,
        reserveBytes,
        maxSpares);
  }

  public LogOptions withQueueBytes(long bytes) {
    return new LogOptions(
        segmentBytes,
        maxBatchBytes,
        frameBytes,
        bytes,
        retention,
        retentionBytes,
        reserveBytes,
        maxSpares);
  }

  public LogOptions withRetention(Duration age) {
    return new LogOptions(
        segmentBytes,
        maxBatchBytes,
        frameBytes,
        queueBytes,
        age,
        retentionBytes,
        reserveBytes,
        maxSpares);
  }

  public LogOptions withRetentionBytes(long bytes) {
    return new LogOptions(
        segmentBytes,
        maxBatchBytes,
        frameBytes,
        queueBytes,
        retention,
        bytes,
        reserveBytes,
        maxSpares);
  }

  public LogOptions withReserveBytes(long bytes) {
    return new LogOptions(
        segmentBytes,
        maxBatchBytes,
        frameBytes,
        queueBytes,
        retention,
        retentionBytes,
        bytes,
        maxSpares);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
