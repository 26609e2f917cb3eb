package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * An immutable file of sorted entries. Its filter and the directory of its pages are in memory
 * outside the heap, its entries are read page by page. Any number of threads may look things up;
 * none may be doing so when it is closed.
 */
final class Run implements Closeable {
  private static final ValueLayout.OfLong LONGS =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int PAGES_AT_ONCE = 32;

  private final String name;
  private final Disk.File file;
  private final RunLayout layout;
  private final Arena arena;
  private final MemorySegment directory;
  private final BloomFilter filter;

  /** A run whose filter and directory are in memory of the arena, which it owns from now on. */
  Run(
      String name,
      Disk.File file,
      RunLayout layout,
      Arena arena,
      MemorySegment filter,
      MemorySegment directory) {
    this.name = name;
    this.file = file;
    this.layout = layout;
    this.arena = arena;
    this.directory = directory;
    this.filter = new BloomFilter(filter);
  }

  /** Opens a file that a commit names; reads its filter and its directory, but no page. */
  @SuppressWarnings("MustBeClosedChecker") // The run closes the arena.
  static Run open(Disk disk, String name, long number) throws IOException {
    Disk.File file = disk.open(name);
    Arena arena = Arena.ofShared();
    try {
      RunLayout layout = layout(file, name, number);
      MemorySegment filter = arena.allocate(layout.filterBytes(), 64);
      read(file, name, filter, layout.filterAt(), layout.filterCrc(), "filter");
      MemorySegment directory = arena.allocate(layout.directoryBytes(), 64);
      read(file, name, directory, layout.directoryAt(), layout.directoryCrc(), "directory");
      return new Run(name, file, layout, arena, filter, directory);
    } catch (IOException | RuntimeException failed) {
      arena.close();
      file.close();
      throw failed;
    }
  }

  private static RunLayout layout(Disk.File file, String name, long number) throws IOException {
    long size = file.size();
    ByteBuffer footer = ByteBuffer.allocate(RunLayout.FOOTER_BYTES);
    if (size < RunLayout.FOOTER_BYTES) {
      throw new StateDamagedException(name, "it is missing or cut off");
    }
    file.read(footer, size - RunLayout.FOOTER_BYTES);
    RunLayout layout = RunLayout.parse(footer.flip(), name, size);
    if (layout.number() != number) {
      throw new StateDamagedException(name, "it holds what belongs to file " + layout.number());
    }
    return layout;
  }

  private static void read(
      Disk.File file, String name, MemorySegment into, long from, int expectedCrc, String what)
      throws IOException {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < into.byteSize(); at += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, into.byteSize() - at);
      ByteBuffer chunk = into.asSlice(at, length).asByteBuffer();
      file.read(chunk, from + at);
      crc.update(chunk.clear());
    }
    if ((int) crc.getValue() != expectedCrc) {
      throw new StateDamagedException(name, "its %s has a wrong checksum".formatted(what));
    }
  }

  String name() {
    return name;
  }

  RunLayout layout() {
    return layout;
  }

  Disk.File file() {
    return file;
  }

  BloomFilter filter() {
    return filter;
  }

  long memoryBytes() {
    return layout.filterBytes() + layout.directoryBytes();
  }

  /** Finds an entry and leaves it in the page; one read. */
  boolean find(long high, long low, PageReader page) throws IOException {
    // Fingerprints whose first halves are equal may stand on both sides of a page's end.
    for (long at = lastPageBefore(high); at < layout.pages() && first(at, high) <= 0; at++) {
      if (page.find(this, at, high, low)) {
        return true;
      }
    }
    return false;
  }

  /** The last page whose first fingerprint's first half is below this one, or the first page. */
  private long lastPageBefore(long high) {
    long from = 0;
    long to = layout.pages();
    while (to - from > 1) {
      long middle = (from + to) >>> 1;
      if (first(middle, high) < 0) {
        from = middle;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Compares the first half of a page's first fingerprint with this one. */
  private int first(long page, long high) {
    return Long.compareUnsigned(directory.get(LONGS, page * Long.BYTES), high);
  }

  /** All entries in order, {@code pages} at a time. */
  EntryCursor cursor(int pages) {
    return new RunCursor(this, new PageReader(pages));
  }

  /**
   * Reads every page.
   *
   * @throws StateDamagedException if one of them is not as it was written
   */
  void checkPages() throws IOException {
    PageReader pages = new PageReader(PAGES_AT_ONCE);
    for (long page = 0; page < layout.pages(); page += PAGES_AT_ONCE) {
      pages.load(this, page, (int) Math.min(PAGES_AT_ONCE, layout.pages() - page));
    }
  }

  @Override
  public void close() throws IOException {
    arena.close();
    file.close();
  }

  private static final class RunCursor extends EntryCursor {
    private final Run run;
    private final PageReader reader;
    private long nextPage;
    private int loadedPages;
    private int page;
    private int entry;
    private int entries;

    RunCursor(Run run, PageReader reader) {
      this.run = run;
      this.reader = reader;
    }

    @Override
    boolean next() throws IOException {
      if (entry == entries && !nextPage()) {
        return false;
      }
      reader.read(run.layout, page, entry++, this);
      return true;
    }

    private boolean nextPage() throws IOException {
      page++;
      if (page >= loadedPages) {
        long left = run.layout.pages() - nextPage;
        if (left == 0) {
          return false;
        }
        loadedPages = (int) Math.min(left, reader.capacity());
        reader.load(run, nextPage, loadedPages);
        page = 0;
      }
      entry = 0;
      entries = run.layout.entriesIn(nextPage++);
      return true;
    }
  }
}
