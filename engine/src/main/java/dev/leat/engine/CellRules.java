package dev.leat.engine;

/**
 * How files of cells are merged; immutable, checked when made.
 *
 * @param fanIn how many files of about one size become one
 * @param smallBytes files below this are of one size, the smallest; the others are {@code fanIn}
 *     times as large each
 * @param largestBytes files of about this size or more are left alone until half of them is out of
 *     date
 * @param keptManifests how many of the last commits stay whole on the disk
 */
record CellRules(int fanIn, long smallBytes, long largestBytes, int keptManifests) {
  CellRules {
    if (fanIn < 2 || smallBytes < 1 || largestBytes < smallBytes || keptManifests < 1) {
      throw new IllegalArgumentException(
          "%d files from %d to %d bytes can't be merged with %d commits kept"
              .formatted(fanIn, smallBytes, largestBytes, keptManifests));
    }
  }

  static CellRules defaults() {
    return new CellRules(8, 512 << 10, 256 << 20, 2);
  }

  /** How often a file of the size has been merged, by the look of it. */
  int tier(long bytes) {
    int tier = 0;
    for (long size = smallBytes; bytes >= size && size <= largestBytes; size *= fanIn) {
      tier++;
    }
    return tier;
  }

  /** The tier that is left alone. */
  int top() {
    return tier(largestBytes);
  }

  /** More files than this are merged whatever their sizes. */
  int maxFiles() {
    return fanIn * 8;
  }
}
