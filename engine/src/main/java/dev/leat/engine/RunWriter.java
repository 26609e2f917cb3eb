package dev.leat.engine;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/** Writes one run. For one thread. */
final class RunWriter {
  /** Bytes between two forces: a force of the log must not wait for all of a large run. */
  private static final int FORCE_BYTES = 8 << 20;

  private static final int BUFFER_PAGES = 64;
  private static final ValueLayout.OfLong LONGS =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * What will be written.
   *
   * @param maxEntries at least as many as there are
   * @param minPosition no entry has a lower position
   * @param maxPosition no entry has a higher one
   */
  record Plan(
      String name,
      long number,
      boolean versioned,
      long maxEntries,
      long minPosition,
      long maxPosition,
      int filterBits) {}

  private final Disk.File file;
  private final Plan plan;
  private final int positionBytes;
  private final int entryBytes;
  private final int entriesPerPage;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();
  private final MemorySegment filterBits;
  private final BloomFilter filter;
  private final MemorySegment directory;
  private long entries;
  private long pages;
  private long written;
  private long forced;

  private RunWriter(Disk.File file, Plan plan, Arena arena) {
    this.file = file;
    this.plan = plan;
    this.positionBytes = RunLayout.positionBytes(plan.maxPosition() - plan.minPosition());
    this.entryBytes = RunLayout.entryBytes(positionBytes, plan.versioned());
    this.entriesPerPage = RunLayout.entriesPerPage(entryBytes);
    this.buffer =
        ByteBuffer.allocateDirect(BUFFER_PAGES * RunLayout.PAGE_BYTES + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    long filterBytes = BloomFilter.bytesFor(plan.maxEntries(), plan.filterBits());
    this.filterBits = arena.allocate(filterBytes, 64);
    this.filter = new BloomFilter(filterBits);
    long maxPages = Math.ceilDiv(plan.maxEntries(), (long) entriesPerPage);
    this.directory = arena.allocate(maxPages * Long.BYTES, 64);
  }

  /**
   * Writes the entries to a new file and makes it durable, its name excepted.
   *
   * @param cancelled asked now and then
   * @throws CancellationException if it was cancelled; like after a failure, the file is to be
   *     deleted
   */
  @SuppressWarnings("MustBeClosedChecker") // The run closes the arena.
  static Run write(Disk disk, Plan plan, EntryCursor from, BooleanSupplier cancelled)
      throws IOException {
    Disk.File file = disk.open(plan.name());
    Arena arena = Arena.ofShared();
    try {
      return new RunWriter(file, plan, arena).write(from, arena, cancelled);
    } catch (IOException | RuntimeException failed) {
      arena.close();
      file.close();
      throw failed;
    }
  }

  private Run write(EntryCursor from, Arena arena, BooleanSupplier cancelled) throws IOException {
    file.truncate(0);
    while (from.next()) {
      add(from);
      if (buffer.position() == 0 && cancelled.getAsBoolean()) {
        throw new CancellationException("the state is being closed");
      }
    }
    if (entries % entriesPerPage != 0) {
      endPage();
    }
    flush();
    MemorySegment used = directory.asSlice(0, pages * Long.BYTES);
    int filterCrc = write(filterBits);
    int directoryCrc = write(used);
    RunLayout layout =
        new RunLayout(
            plan.versioned(),
            plan.number(),
            entries,
            pages,
            filterBits.byteSize(),
            plan.minPosition(),
            plan.maxPosition(),
            positionBytes,
            filterCrc,
            directoryCrc);
    write(layout.footer());
    file.force();
    return new Run(plan.name(), file, layout, arena, filterBits, used);
  }

  private void add(EntryCursor entry) throws IOException {
    if (entries % entriesPerPage == 0) {
      directory.set(LONGS, pages * Long.BYTES, entry.high);
      buffer.putInt(0);
    }
    int end = buffer.position() + entryBytes;
    buffer.putLong(entry.high).putLong(entry.low);
    // All eight bytes, of which the next field overwrites those that are zero.
    buffer.putLong(entry.position - plan.minPosition());
    if (plan.versioned()) {
      buffer.position(end - Long.BYTES).putLong(entry.version);
    }
    buffer.position(end);
    filter.add(entry.high, entry.low);
    entries++;
    if (entries % entriesPerPage == 0) {
      endPage();
    }
  }

  private void endPage() throws IOException {
    int begin = (int) (pages * RunLayout.PAGE_BYTES - written);
    int end = begin + RunLayout.PAGE_BYTES;
    while (buffer.position() < end) {
      buffer.put((byte) 0);
    }
    crc.reset();
    crc.update(buffer.limit(end).position(begin + RunLayout.PAGE_HEADER_BYTES));
    buffer.clear().position(end);
    buffer.putInt(begin, (int) crc.getValue() ^ RunLayout.seal(plan.number(), pages));
    pages++;
    if (end == BUFFER_PAGES * RunLayout.PAGE_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    write(buffer.flip());
    buffer.clear();
  }

  private int write(MemorySegment memory) throws IOException {
    crc.reset();
    for (long at = 0; at < memory.byteSize(); at += FORCE_BYTES) {
      ByteBuffer chunk =
          memory.asSlice(at, Math.min(FORCE_BYTES, memory.byteSize() - at)).asByteBuffer();
      crc.update(chunk);
      write(chunk.clear());
    }
    return (int) crc.getValue();
  }

  private void write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    file.write(bytes, written);
    written += length;
    if (written - forced >= FORCE_BYTES) {
      file.force();
      forced = written;
    }
  }
}
