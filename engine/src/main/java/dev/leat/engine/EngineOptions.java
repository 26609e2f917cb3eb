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
 * @param tickEvery if nothing comes for so long while windows of metrics are open, the log gets a
 *     record that says how late it is, so that they close
 * @param recomputeEvery how often to look for results that late events and corrections have changed
 */
public record EngineOptions(
    int partitions,
    Duration commitEvery,
    long commitBytes,
    long maxUncommittedBytes,
    Duration tickEvery,
    Duration recomputeEvery) {
  private static final Duration TICK_EVERY = Duration.ofSeconds(5);
  private static final Duration RECOMPUTE_EVERY = Duration.ofSeconds(1);

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
    if (!tickEvery.isPositive()) {
      throw new IllegalArgumentException(
          "the time between ticks must be positive, not " + tickEvery);
    }
    if (!recomputeEvery.isPositive()) {
      throw new IllegalArgumentException(
          "the time between looks must be positive, not " + recomputeEvery);
    }
  }

  /** Looks for what is to be recomputed once a second. */
  public EngineOptions(
      int partitions,
      Duration commitEvery,
      long commitBytes,
      long maxUncommittedBytes,
      Duration tickEvery) {
    this(partitions, commitEvery, commitBytes, maxUncommittedBytes, tickEvery, RECOMPUTE_EVERY);
  }

  /** With ticks every 5 seconds. */
  public EngineOptions(
      int partitions, Duration commitEvery, long commitBytes, long maxUncommittedBytes) {
    this(partitions, commitEvery, commitBytes, maxUncommittedBytes, TICK_EVERY);
  }

  /** What of the disk is held for commits: one of them, even if nothing in it compresses. */
  long reserveBytes() {
    return commitBytes;
  }

  /** For this many partitions. */
  public static EngineOptions of(int partitions) {
    return new EngineOptions(partitions, Duration.ofSeconds(10), 96L << 20, 192L << 20);
  }
}
