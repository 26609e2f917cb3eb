package dev.leat.engine;

import dev.leat.engine.CellFile.Place;
import dev.leat.event.Disk;
import dev.leat.pipeline.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a damaged file of cells. Its index says which blocks there are; if that is what
 * is damaged, the blocks themselves do, as long as one follows the other.
 *
 * @param complete whether all blocks that the file had are among the others
 * @param whole those that are as they were written
 * @param lost what the others were about
 */
record CellScan(boolean complete, List<Content> whole, Set<Place> lost) {
  private static final CellScan NOTHING = new CellScan(false, List.of(), Set.of());

  /** A block: what it is about and what it says. */
  @SuppressWarnings("ArrayRecordComponent") // Opaque bytes.
  record Content(Place place, boolean whole, byte[] bytes) {}

  /**
   * Looks at a file that stood in a manifest.
   *
   * @param name what it is called now
   */
  static CellScan of(Disk disk, String name, CellManifest.Part part) throws IOException {
    if (!disk.exists(name)) {
      return NOTHING;
    }
    try (Disk.File file = disk.open(name)) {
      if (file.size() != part.bytes()
          || part.bytes() < CellFile.HEADER_BYTES + CellFile.TRAILER_BYTES) {
        return NOTHING;
      }
      ByteBuffer index = CellFile.indexOf(file, part);
      return index == null ? byBlocks(file, part) : byIndex(file, part, index);
    }
  }

  private static CellScan byIndex(Disk.File file, CellManifest.Part part, ByteBuffer index)
      throws IOException {
    List<Content> whole = new ArrayList<>();
    Set<Place> lost = new HashSet<>();
    while (index.hasRemaining()) {
      ByteBuffer entry = index.slice(index.position(), CellFile.ENTRY_BYTES);
      index.position(index.position() + CellFile.ENTRY_BYTES);
      entry.order(ByteOrder.LITTLE_ENDIAN);
      long offset = entry.getLong(CellFile.BLOCK_HEADER_BYTES);
      Content block = block(file, part, offset);
      if (block == null) {
        lost.add(place(entry));
      } else {
        whole.add(block);
      }
    }
    return new CellScan(true, whole, lost);
  }

  private static CellScan byBlocks(Disk.File file, CellManifest.Part part) throws IOException {
    List<Content> whole = new ArrayList<>();
    long at = CellFile.HEADER_BYTES;
    for (Content block = block(file, part, at); block != null; block = block(file, part, at)) {
      whole.add(block);
      at += CellFile.BLOCK_HEADER_BYTES + block.bytes().length + Integer.BYTES;
    }
    long end = at + (long) whole.size() * CellFile.ENTRY_BYTES + CellFile.TRAILER_BYTES;
    return end == part.bytes() ? new CellScan(true, whole, Set.of()) : NOTHING;
  }

  /** The block at an offset; null if there is none that is whole and can be read. */
  private static @Nullable Content block(Disk.File file, CellManifest.Part part, long at)
      throws IOException {
    try {
      return readBlock(file, part, at);
    } catch (StateDamagedException unreadable) {
      return null;
    }
  }

  private static @Nullable Content readBlock(Disk.File file, CellManifest.Part part, long at)
      throws IOException {
    long room = part.bytes() - CellFile.TRAILER_BYTES - at - Integer.BYTES;
    if (at < CellFile.HEADER_BYTES || room < CellFile.BLOCK_HEADER_BYTES) {
      return null;
    }
    ByteBuffer head = CellFile.read(file, at, CellFile.BLOCK_HEADER_BYTES);
    int length = head.getInt(CellFile.BLOCK_HEADER_BYTES - Integer.BYTES);
    if (length < 0 || length > room - CellFile.BLOCK_HEADER_BYTES) {
      return null;
    }
    int end = CellFile.BLOCK_HEADER_BYTES + length;
    ByteBuffer all = CellFile.read(file, at, end + Integer.BYTES);
    if (all.getInt(end) != CellFile.crc(part.file(), all.duplicate().limit(end))) {
      return null;
    }
    byte[] bytes = new byte[length];
    all.get(CellFile.BLOCK_HEADER_BYTES, bytes);
    return new Content(place(all), all.get(2 * Long.BYTES + 1) == 1, bytes);
  }

  /** What a block, or an entry of an index, is about. */
  private static Place place(ByteBuffer head) {
    int level = head.get(2 * Long.BYTES);
    for (Level each : Level.values()) {
      if (CellFile.number(each) == level) {
        return new Place(head.getLong(0), each, head.getLong(Long.BYTES));
      }
    }
    throw new OtherFormatException("the level of a result", level, Level.values().length - 1L);
  }

  /** Writes the blocks that are whole to a file of their own, and makes it durable but its name. */
  CellManifest.Part writeWhole(Disk disk, long number) throws IOException {
    try (CellFileWriter out = new CellFileWriter(disk, number)) {
      for (Content block : whole) {
        out.add(block.place(), block.whole(), block.bytes());
      }
      try (CellFile file = out.finish()) {
        return file.part();
      }
    }
  }
}
