package dev.leat.store;

import java.time.Duration;

/**
 * What a {@link DuckStore} may use, and how it lays out its files.
 *
 * @param partitions the number of shards that rows are kept apart by
 * @param queryThreads threads that all queries share
 * @param queryMemoryBytes memory that all queries share; one that needs more is refused
 * @param querySpillBytes disk that queries may use for what does not fit into memory; 0 for none
 * @param concurrentQueries statements that run at the same time; more have to wait
 * @param queueWait how long a statement waits for its turn before it is told that the store is busy
 * @param mergeMemoryBytes memory for merging files
 * @param mergeTargetBytes files are merged until they are about this large
 * @param minDayRows rows of one UTC day that a shard needs in one commit to give them a file of
 *     their own
 * @param settleAfter how long a day's files wait for company before the few that are left are
 *     merged
 * @param keepVersions commits whose files are kept although a merge has replaced them
 */
public record StoreOptions(
    int partitions,
    int queryThreads,
    long queryMemoryBytes,
    long querySpillBytes,
    int concurrentQueries,
    Duration queueWait,
    long mergeMemoryBytes,
    long mergeTargetBytes,
    int minDayRows,
    Duration settleAfter,
    int keepVersions) {
  private static final long MIB = 1L << 20;

  /** Below this DuckDB can't hold a row group of wide rows. */
  private static final long MIN_MEMORY_BYTES = 64 * MIB;

  public StoreOptions {
    check(partitions >= 1 && partitions <= 1_024, "partitions", partitions, "1 to 1024");
    check(queryThreads >= 1 && queryThreads <= 1_024, "queryThreads", queryThreads, "1 to 1024");
    check(
        queryMemoryBytes >= MIN_MEMORY_BYTES,
        "queryMemoryBytes",
        queryMemoryBytes,
        "64 MiB or more");
    check(querySpillBytes >= 0, "querySpillBytes", querySpillBytes, "0 or more");
    check(
        concurrentQueries >= 1 && concurrentQueries <= 256,
        "concurrentQueries",
        concurrentQueries,
        "1 to 256");
    check(!queueWait.isNegative(), "queueWait", queueWait, "0 or more");
    check(
        mergeMemoryBytes >= MIN_MEMORY_BYTES,
        "mergeMemoryBytes",
        mergeMemoryBytes,
        "64 MiB or more");
    check(mergeTargetBytes >= 1, "mergeTargetBytes", mergeTargetBytes, "1 or more");
    check(minDayRows >= 1, "minDayRows", minDayRows, "1 or more");
    check(!settleAfter.isNegative(), "settleAfter", settleAfter, "0 or more");
    check(keepVersions >= 0, "keepVersions", keepVersions, "0 or more");
  }

  /** What suits a machine with few cores and a process of at most 3 GB. */
  public static StoreOptions defaults(int partitions) {
    return new StoreOptions(
        partitions,
        Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors())),
        768 * MIB,
        4_096 * MIB,
        4,
        Duration.ofSeconds(2),
        512 * MIB,
        32 * MIB,
        50_000,
        Duration.ofMinutes(5),
        10);
  }

  public StoreOptions withQueries(int threads, long memoryBytes, int concurrent) {
    return new StoreOptions(
        partitions,
        threads,
        memoryBytes,
        querySpillBytes,
        concurrent,
        queueWait,
        mergeMemoryBytes,
        mergeTargetBytes,
        minDayRows,
        settleAfter,
        keepVersions);
  }

  public StoreOptions withQueueWait(Duration wait) {
    return new StoreOptions(
        partitions,
        queryThreads,
        queryMemoryBytes,
        querySpillBytes,
        concurrentQueries,
        wait,
        mergeMemoryBytes,
        mergeTargetBytes,
        minDayRows,
        settleAfter,
        keepVersions);
  }

  public StoreOptions withSpill(long bytes) {
    return new StoreOptions(
        partitions,
        queryThreads,
        queryMemoryBytes,
        bytes,
        concurrentQueries,
        queueWait,
        mergeMemoryBytes,
        mergeTargetBytes,
        minDayRows,
        settleAfter,
        keepVersions);
  }

  public StoreOptions withLayout(int dayRows, long targetBytes, Duration settle, int versions) {
    return new StoreOptions(
        partitions,
        queryThreads,
        queryMemoryBytes,
        querySpillBytes,
        concurrentQueries,
        queueWait,
        mergeMemoryBytes,
        targetBytes,
        dayRows,
        settle,
        versions);
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %s, expected %s".formatted(name, value, expected));
    }
  }
}
