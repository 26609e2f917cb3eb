package dev.leat.engine;

import java.io.IOException;
import java.util.List;

/**
 * What an index knows at one moment: tables and runs, in which to look. Immutable but for what the
 * newest table gains.
 *
 * <p>An unknown fingerprint is the common case, and the cost of the answer is that of the cache
 * misses of the filters. So all filters are asked first, without a branch between them that depends
 * on an answer: the processor then waits for all the misses together.
 */
final class View {
  static final View EMPTY = new View(List.of(), List.of());
  private static final int GROUP = Long.SIZE;

  private final MemTable[] tables;
  private final Run[] runs;
  private final BloomFilter[] filters;

  /** A view of these; newest tables first. */
  View(List<MemTable> tables, List<Run> runs) {
    this.tables = tables.toArray(MemTable[]::new);
    this.runs = runs.toArray(Run[]::new);
    this.filters = runs.stream().map(Run::filter).toArray(BloomFilter[]::new);
  }

  /** The position of an entry, or -1; leaves its version in the page if it has one. */
  long position(long high, long low, PageReader page) throws IOException {
    for (MemTable table : tables) {
      long position = table.position(high, low);
      if (position >= 0) {
        return position;
      }
    }
    return inRuns(high, low, page);
  }

  /** The version of an entity, or {@code none}. For the thread that processes. */
  long version(long high, long low, PageReader page, long none) throws IOException {
    for (MemTable table : tables) {
      int slot = table.find(high, low);
      if (slot >= 0) {
        return table.versionAt(slot);
      }
    }
    return inRuns(high, low, page) < 0 ? none : page.version;
  }

  /** Of several entries the one with the highest position: the newest version of an entity. */
  private long inRuns(long high, long low, PageReader page) throws IOException {
    long position = -1;
    long version = 0;
    for (int from = 0; from < runs.length; from += GROUP) {
      int to = Math.min(runs.length, from + GROUP);
      for (long left = candidates(high, low, from, to); left != 0; left &= left - 1) {
        Run run = runs[from + Long.numberOfTrailingZeros(left)];
        if (run.find(high, low, page) && page.position > position) {
          position = page.position;
          version = page.version;
        }
      }
    }
    page.version = version;
    return position;
  }

  /** A bit for each run from {@code from} that may have the entry. */
  private long candidates(long high, long low, int from, int to) {
    long mask0 = BloomFilter.mask(0, low);
    long mask1 = BloomFilter.mask(1, low);
    long mask2 = BloomFilter.mask(2, low);
    long mask3 = BloomFilter.mask(3, low);
    long candidates = 0;
    for (int i = from; i < to; i++) {
      long absent = filters[i].absent(high, mask0, mask1, mask2, mask3);
      candidates |= ((absent | -absent) >>> 63 ^ 1) << (i - from);
    }
    return candidates;
  }

  int tableCount() {
    return tables.length;
  }

  int runCount() {
    return runs.length;
  }
}
