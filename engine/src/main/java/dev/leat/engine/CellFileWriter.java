package dev.leat.engine;

import dev.leat.engine.CellFile.Place;
import dev.leat.event.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one {@link CellFile}. For one thread. */
final class CellFileWriter implements Closeable {
  /** Bytes between two forces: a force of the log must not wait for all of a large file. */
  private static final int FORCE_BYTES = 8 << 20;

  private static final int BUFFER_BYTES = 1 << 18;

  /** An index is one array when it is read. */
  private static final int MAX_BLOCKS = (Integer.MAX_VALUE - 8) / CellFile.ENTRY_BYTES;

  private record Entry(Place place, boolean whole, long offset, int length) {}

  private final long number;
  private final ByteBuffer buffer = buffer(BUFFER_BYTES);
  private final List<Entry> entries = new ArrayList<>();
  private Disk.@Nullable File file;
  private long written;
  private long forced;

  /**
   * Begins a new file with the number. A process that died before its commit may have left one of
   * that name, and longer.
   */
  CellFileWriter(Disk disk, long number) throws IOException {
    this.number = number;
    Disk.File opened = disk.open(StateFiles.cellsName(number));
    try {
      opened.truncate(0);
    } catch (IOException failed) {
      opened.close();
      throw failed;
    }
    this.file = opened;
    buffer.putInt(CellFile.MAGIC).putInt(CellFile.VERSION).putLong(number);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether nothing was added. */
  boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * Adds a block; what it says holds before what earlier ones said.
   *
   * @param block empty if the bucket is gone
   */
  void add(Place place, boolean whole, byte[] block) throws IOException {
    if (block.length > CellFile.MAX_BLOCK_BYTES || entries.size() == MAX_BLOCKS) {
      throw new IOException(
          "the bucket %d of a metric has results of %d bytes, more than %d; set a lower `series`"
              .formatted(place.bucket(), block.length, CellFile.MAX_BLOCK_BYTES));
    }
    entries.add(new Entry(place, whole, written + buffer.position(), block.length));
    ByteBuffer header = buffer(CellFile.BLOCK_HEADER_BYTES);
    putHead(header, place, whole, block.length);
    header.flip();
    int crc = CellFile.crc(number, header, ByteBuffer.wrap(block));
    put(header);
    put(ByteBuffer.wrap(block));
    put(buffer(Integer.BYTES).putInt(crc).flip());
  }

  private static void putHead(ByteBuffer out, Place place, boolean whole, int length) {
    out.putLong(place.metric()).putLong(place.bucket());
    out.put(CellFile.number(place.level())).put((byte) (whole ? 1 : 0)).putShort((short) 0);
    out.putInt(length);
  }

  private void put(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int length = Math.min(bytes.remaining(), buffer.remaining());
      buffer.put(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
  }

  private void flush() throws IOException {
    Disk.File out = open();
    buffer.flip();
    int length = buffer.remaining();
    out.write(buffer, written);
    buffer.clear();
    written += length;
    if (written - forced >= FORCE_BYTES) {
      out.force();
      forced = written;
    }
  }

  private Disk.File open() {
    if (file == null) {
      throw new IllegalStateException("the file is finished");
    }
    return file;
  }

  /** Makes the file durable, its name excepted; nothing may be added any more. */
  CellFile finish() throws IOException {
    ByteBuffer index = index();
    put(index.duplicate());
    put(
        buffer(CellFile.TRAILER_BYTES)
            .putLong(index.remaining())
            .putInt(CellFile.crc(number, index))
            .putInt(CellFile.MAGIC)
            .flip());
    flush();
    Disk.File out = open();
    out.force();
    file = null;
    return CellFile.written(number, out, written, index);
  }

  private ByteBuffer index() {
    entries.sort(Comparator.comparing(Entry::place));
    ByteBuffer index = buffer(entries.size() * CellFile.ENTRY_BYTES);
    for (Entry entry : entries) {
      putHead(index, entry.place(), entry.whole(), entry.length());
      index.putLong(entry.offset());
    }
    return index.flip();
  }

  /** Lets the file go if it was not finished; it is then to be deleted. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
