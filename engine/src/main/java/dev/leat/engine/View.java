package dev.leat.engine;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an index knows at one moment: tables and runs, in which to look. Immutable but for what the
 * newest table gains, and for what the shared filter gains of tables that become runs.
 *
 * <p>An unknown fingerprint is the common case, and the cost of the answer is that of the cache
 * misses. So the filter that the buckets share is asked first, for one of them; a run's own filter
 * only if its bucket may have the fingerprint.
 */
final class View {
  static final View EMPTY = new View(List.of(), List.of(), null);

  private final MemTable[] tables;
  private final Part[] parts;
  private final @Nullable TagFilter filter;
  private final int tags;
  private final int runCount;

  /** The runs of a bucket, and its tag in the shared filter; 0 if it is not in it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Part(int tag, Run[] runs) {}

  /** A view of these; newest tables first. */
  View(List<MemTable> tables, List<Bucket> buckets, @Nullable TagFilter filter) {
    this.tables = tables.toArray(MemTable[]::new);
    this.parts =
        buckets.stream()
            .filter(bucket -> !bucket.runs.isEmpty())
            .map(bucket -> new Part(bucket.tag, bucket.runs.toArray(Run[]::new)))
            .toArray(Part[]::new);
    this.filter = filter;
    int tags = 0;
    int runs = 0;
    for (Part part : parts) {
      tags |= 1 << part.tag();
      runs += part.runs().length;
    }
    this.tags = tags;
    this.runCount = runs;
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

  private long inRuns(long high, long low, PageReader page) throws IOException {
    // Tag 0 is that of runs that the shared filter knows nothing of.
    int candidates = tags & (filter == null ? -1 : filter.candidates(high, low) | 1);
    return candidates == 0 ? -1 : inRuns(candidates, high, low, page);
  }

  /** Of several entries the one with the highest position: the newest version of an entity. */
  private long inRuns(int candidates, long high, long low, PageReader page) throws IOException {
    long position = -1;
    long version = 0;
    for (Part part : parts) {
      if ((candidates >>> part.tag() & 1) != 0) {
        for (Run run : part.runs()) {
          if (run.filter().mayContain(high, low)
              && run.find(high, low, page)
              && page.position > position) {
            position = page.position;
            version = page.version;
          }
        }
      }
    }
    page.version = version;
    return position;
  }

  int tableCount() {
    return tables.length;
  }

  int runCount() {
    return runCount;
  }
}
