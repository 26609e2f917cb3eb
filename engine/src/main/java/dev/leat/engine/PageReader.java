package dev.leat.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Pages of runs in memory, whole and checked, and the way to the entries in them. The fields are
 * those of the entry that {@link #find} found. For one thread.
 */
final class PageReader {
  /** So that a position can be read with the eight bytes that begin at it. */
  private static final int SPARE_BYTES = 8;

  private final ByteBuffer bytes;
  private final CRC32C crc = new CRC32C();
  long position;
  long version;

  PageReader(int pages) {
    bytes =
        ByteBuffer.allocateDirect(pages * RunLayout.PAGE_BYTES + SPARE_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  int capacity() {
    return bytes.capacity() / RunLayout.PAGE_BYTES;
  }

  /** Reads so many pages of a run, which must fit. */
  void load(Run run, long page, int count) throws IOException {
    int length = count * RunLayout.PAGE_BYTES;
    int read = run.file().read(bytes.clear().limit(length), page * RunLayout.PAGE_BYTES);
    if (read != length) {
      throw new StateDamagedException(run.name(), "it ends in page " + page);
    }
    for (int i = 0; i < count; i++) {
      check(run, page + i, i * RunLayout.PAGE_BYTES);
    }
    bytes.clear();
  }

  private void check(Run run, long page, int at) {
    bytes.limit(at + RunLayout.PAGE_BYTES).position(at + RunLayout.PAGE_HEADER_BYTES);
    crc.reset();
    crc.update(bytes);
    int expected = bytes.getInt(at) ^ RunLayout.seal(run.layout().number(), page);
    if ((int) crc.getValue() != expected) {
      throw new StateDamagedException(run.name(), "page %d has a wrong checksum".formatted(page));
    }
  }

  /** Finds an entry in a run's page. */
  boolean find(Run run, long page, long high, long low) throws IOException {
    load(run, page, 1);
    RunLayout layout = run.layout();
    int from = 0;
    int to = layout.entriesIn(page);
    while (from < to) {
      int middle = (from + to) >>> 1;
      int at = entryAt(layout, 0, middle);
      int order = Long.compareUnsigned(high, bytes.getLong(at));
      if (order == 0) {
        order = Long.compareUnsigned(low, bytes.getLong(at + 8));
      }
      if (order == 0) {
        position = positionAt(layout, at);
        version = versionAt(layout, at);
        return true;
      }
      if (order > 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return false;
  }

  /** Copies one of the loaded entries. */
  void read(RunLayout layout, int page, int entry, EntryCursor into) {
    int at = entryAt(layout, page, entry);
    into.high = bytes.getLong(at);
    into.low = bytes.getLong(at + 8);
    into.position = positionAt(layout, at);
    into.version = versionAt(layout, at);
  }

  private static int entryAt(RunLayout layout, int page, int entry) {
    return page * RunLayout.PAGE_BYTES + RunLayout.PAGE_HEADER_BYTES + entry * layout.entryBytes();
  }

  private long positionAt(RunLayout layout, int at) {
    long word = bytes.getLong(at + RunLayout.FINGERPRINT_BYTES);
    return layout.minPosition() + (word & -1L >>> (Long.SIZE - 8 * layout.positionBytes()));
  }

  private long versionAt(RunLayout layout, int at) {
    return layout.versioned()
        ? bytes.getLong(at + RunLayout.FINGERPRINT_BYTES + layout.positionBytes())
        : 0;
  }
}
