package dev.leat.engine;

import java.time.Duration;

/**
 * How an engine paces itself.
 *
 * @param partitions into how many shards rows are divided by key; the same for the life of a data
 *     directory
 * @param commitEvery a commit comes at least this often while there is something to commit
 * @param commitBytes a commit comes earlier when this many bytes of log are waiting for one
 * @param maxUncommittedBytes processing pauses at this many bytes of log, so that memory stays
 *     bounded
 */
public record EngineOptions(
    int partitions, Duration commitEvery, long commitBytes, long maxUncommittedBytes) {
  public EngineOptions {
    if (partitions < 1) {
      throw new IllegalArgumentException("there must be at least one partition, not " + partitions);
    }
    if (!commitEvery.isPositive()) {
      throw new IllegalArgumentException(
          "the time between commits must be positive, not " + commitEvery);
    }
    if (commitBytes < 1 || maxUncommittedBytes < commitBytes) {
      throw new IllegalArgumentException(
          "a commit at %d bytes never comes if processing pauses at %d"
              .formatted(commitBytes, maxUncommittedBytes));
    }
  }

  /** For this many partitions. */
  public static EngineOptions of(int partitions) {
    return new EngineOptions(partitions, Duration.ofSeconds(10), 96L << 20, 192L << 20);
  }
}
