package dev.leat.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the {@link TagFilter} of one index of ids: gives buckets their tags, fills it as tables
 * become runs, takes forgotten buckets out, and replaces it by a larger one when it is full. The
 * larger one is made from the runs, so the filter is no part of any file.
 *
 * <p>A bucket that came when no tag was free has none: its runs are always asked. For the merger's
 * thread, and for the one that opens the state.
 */
final class FilterKeeper {
  private static final int PAGES_AT_ONCE = 32;

  private final StateIndex index;
  private final StateCatalogue catalogue;
  private final ReentrantLock lock;
  private final int leastCapacity;
  private @Nullable TagFilter filter;

  /** Tags that the filter may have something under. */
  private int used;

  /** A bucket and its runs at one moment. */
  private record Holding(int tag, List<Run> runs) {
    long entries() {
      return tag == 0 ? 0 : runs.stream().mapToLong(run -> run.layout().entries()).sum();
    }
  }

  FilterKeeper(StateIndex index, StateCatalogue catalogue, int leastCapacity) {
    this.index = index;
    this.catalogue = catalogue;
    this.lock = catalogue.lock;
    this.leastCapacity = leastCapacity;
  }

  /** Fills the filter with what the runs have, which a commit named. Before any thread works. */
  void restore() throws IOException {
    for (Bucket bucket : index.buckets().values()) {
      if (!bucket.runs.isEmpty()) {
        giveTag(bucket);
      }
    }
    prepare(0);
  }

  /** The entries of a table, which get into the filter as somebody walks over them. */
  EntryCursor marking(Bucket bucket, MemTable table) throws IOException {
    TagFilter roomy = prepare(table.size());
    if (bucket.runs.isEmpty() && bucket.tag == 0) {
      giveTag(bucket);
    }
    return bucket.tag == 0 ? table.sorted() : new Marking(table.sorted(), roomy, bucket.tag);
  }

  private void giveTag(Bucket bucket) {
    int free = ~used & ((1 << (TagFilter.MAX_TAG + 1)) - 2);
    if (free != 0) {
      int tag = Integer.numberOfTrailingZeros(free);
      used |= 1 << tag;
      lock.lock();
      try {
        bucket.tag = tag;
      } finally {
        lock.unlock();
      }
    }
  }

  /** A filter with room for so many more, and without what is forgotten. */
  private TagFilter prepare(long more) throws IOException {
    List<Holding> holdings = holdings();
    int live = 0;
    long entries = more;
    for (Holding holding : holdings) {
      live |= 1 << holding.tag();
      entries += holding.entries();
    }
    TagFilter present = filter;
    if (present == null || entries > present.capacity()) {
      present = enlarge(holdings, entries);
    } else if ((used & ~live) != 0) {
      present.clear(used & ~live);
    }
    used &= live;
    return present;
  }

  private List<Holding> holdings() {
    lock.lock();
    try {
      List<Holding> holdings = new ArrayList<>();
      for (Bucket bucket : index.buckets().values()) {
        holdings.add(new Holding(bucket.tag, List.copyOf(bucket.runs)));
      }
      return holdings;
    } finally {
      lock.unlock();
    }
  }

  private TagFilter enlarge(List<Holding> holdings, long entries) throws IOException {
    TagFilter larger = new TagFilter(Math.max(leastCapacity, entries / 5 * 6));
    boolean filled = false;
    try {
      for (Holding holding : holdings) {
        if (holding.tag() != 0) {
          for (Run run : holding.runs()) {
            walk(new Marking(run.cursor(PAGES_AT_ONCE), larger, holding.tag()));
          }
        }
      }
      filled = true;
    } finally {
      if (!filled) {
        larger.close();
      }
    }
    catalogue.show(index, larger);
    filter = larger;
    return larger;
  }

  private static void walk(EntryCursor entries) throws IOException {
    while (entries.next()) {
      // It is the cursor that does the work.
    }
  }

  private static final class Marking extends EntryCursor {
    private final EntryCursor entries;
    private final TagFilter filter;
    private final int tag;

    Marking(EntryCursor entries, TagFilter filter, int tag) {
      this.entries = entries;
      this.filter = filter;
      this.tag = tag;
    }

    @Override
    boolean next() throws IOException {
      if (!entries.next()) {
        return false;
      }
      copy(entries);
      filter.add(tag, high, low);
      return true;
    }
  }
}
