package dev.leat.engine;

import java.time.Duration;

/**
 * How an engine paces itself.
 *
 * @param partitions shards that share the events by key; the same for the life of a data directory
 * @param workers threads that run the shards
 * @param commitEvery a commit comes at least this often while there is something to commit
 * @param commitBytes a commit comes earlier when this many bytes of log are waiting for one
 * @param maxUncommittedBytes shards pause at this many bytes of log, so that memory stays bounded
 */
public record EngineOptions(
    int partitions, int workers, Duration commitEvery, long commitBytes, long maxUncommittedBytes) {
  public EngineOptions {
    if (partitions < 1) {
      throw new IllegalArgumentException("there must be at least one partition, not " + partitions);
    }
    if (workers < 1) {
      throw new IllegalArgumentException("there must be at least one worker, not " + workers);
    }
    if (!commitEvery.isPositive()) {
      throw new IllegalArgumentException(
          "the time between commits must be positive, not " + commitEvery);
    }
    if (commitBytes < 1 || maxUncommittedBytes < commitBytes) {
      throw new IllegalArgumentException(
          "a commit at %d bytes never comes if shards pause at %d"
              .formatted(commitBytes, maxUncommittedBytes));
    }
  }

  /** For this many partitions on a machine with this many cores. */
  public static EngineOptions of(int partitions, int cores) {
    return new EngineOptions(
        partitions,
        Math.min(partitions, Math.max(1, cores)),
        Duration.ofSeconds(10),
        96L << 20,
        192L << 20);
  }
}
