package dev.leat.engine;

/**
 * How the state lays itself out; immutable, checked when made.
 *
 * @param tableEntries how many entries gather in memory before they become a run; a table of this
 *     size takes about 48 bytes of heap each, and up to {@code waitingTables} more wait to be
 *     written
 * @param tableCuts after how many cuts they become one at the latest, which bounds the number of
 *     delta files
 * @param waitingTables how many full tables may wait to be written before {@link StateStore#write}
 *     waits for them
 * @param fanIn how many runs of about one size are merged into one
 * @param filterBits bits of memory, and of disk, that a run's own filter takes per entry, while its
 *     bucket has several runs, or for good if it holds entities
 * @param keptManifests how many of the last commits stay whole on the disk
 */
public record StateOptions(
    int tableEntries,
    int tableCuts,
    int waitingTables,
    int fanIn,
    int filterBits,
    int keptManifests) {
  public StateOptions {
    require(
        tableEntries >= 1 && tableEntries <= 1 << 24,
        "tableEntries must be between 1 and %d, not %d".formatted(1 << 24, tableEntries));
    require(tableCuts >= 1, "tableCuts must be at least 1, not " + tableCuts);
    require(waitingTables >= 1, "waitingTables must be at least 1, not " + waitingTables);
    require(fanIn >= 2 && fanIn <= 64, "fanIn must be between 2 and 64, not " + fanIn);
    require(
        filterBits >= 4 && filterBits <= 64,
        "filterBits must be between 4 and 64, not " + filterBits);
    require(keptManifests >= 1, "keptManifests must be at least 1, not " + keptManifests);
  }

  /** What suits 100 million ids in a process with 1.5 GB of heap. */
  public static StateOptions defaults() {
    // 695,000 is just below two thirds of 2^20, where a table would grow.
    return new StateOptions(695_000, 32, 2, 6, 16, 2);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
