package dev.leat.engine;

import dev.leat.event.Disk;
import dev.leat.pipeline.Level;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An immutable file of buckets of cells. Where each block is, is in memory; the blocks are read one
 * by one, and their checksums compared. Any number of threads may read; none may be doing so when
 * it is closed, which {@link CellCatalogue} sees to.
 *
 * <pre>
 *   header:   magic, the letters L T C F  (u4) | version, 1 (u4) | number of the file (u8)
 *   block:    metric (i8) | bucket (i8) | level (u1) | 1 if whole (u1) | zeros (u2) | length (u4) |
 *             bytes | CRC32C of the number of the file and all of the block before (u4)
 *   index:    for each block: metric (i8) | bucket (i8) | level (u1) | 1 if whole (u1) | zeros (u2) |
 *             length (u4) | offset in the file (u8)
 *   trailer:  bytes of the index (u8) | CRC32C of the number of the file and the index (u4) | magic (u4)
 * </pre>
 *
 * All numbers of these are little-endian. The index is sorted by metric, level and bucket; blocks
 * of one bucket in it stand in their order in the file, in which they hold.
 */
final class CellFile implements Closeable {
  static final int MAGIC = 'L' | 'T' << 8 | 'C' << 16 | 'F' << 24;
  static final int VERSION = 1;
  static final int HEADER_BYTES = 16;
  static final int BLOCK_HEADER_BYTES = 24;
  static final int ENTRY_BYTES = 32;
  static final int TRAILER_BYTES = 16;
  static final int MAX_BLOCK_BYTES = 1 << 30;
  private static final int PIECE_BYTES = 1 << 20;

  private final String name;
  private final long number;
  private final byte[] numberBytes;
  private final Disk.File file;
  private final long bytes;
  private final List<Block> blocks;
  private volatile boolean damaged;

  // Guarded by the catalogue's lock.
  int readers;
  int liveBlocks;
  long liveBytes;

  /** What a block is about. */
  record Place(long metric, Level level, long bucket) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::metric)
            .thenComparing(Place::level)
            .thenComparingLong(Place::bucket);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Where a block is: the offset of its header, and the length of what follows that, 0 for a bucket
   * that is gone. Equal to itself alone.
   */
  static final class Block {
    final CellFile file;
    final long metric;
    final Level level;
    final long bucket;
    final boolean whole;
    final long offset;
    final int length;

    Block(
        CellFile file,
        long metric,
        Level level,
        long bucket,
        boolean whole,
        long offset,
        int length) {
      this.file = file;
      this.metric = metric;
      this.level = level;
      this.bucket = bucket;
      this.whole = whole;
      this.offset = offset;
      this.length = length;
    }

    Place place() {
      return new Place(metric, level, bucket);
    }

    boolean isGone() {
      return whole && length == 0;
    }

    /** What it takes in its file. */
    long bytes() {
      return (long) storedBytes() + ENTRY_BYTES;
    }

    /** The same without its place in the index. */
    int storedBytes() {
      return BLOCK_HEADER_BYTES + length + Integer.BYTES;
    }

    byte[] read() throws IOException {
      return file.read(this);
    }
  }

  private CellFile(long number, Disk.File file, long bytes, ByteBuffer index) {
    this.name = StateFiles.cellsName(number);
    this.number = number;
    this.numberBytes = bytes(number);
    this.file = file;
    this.bytes = bytes;
    Block[] all = new Block[index.remaining() / ENTRY_BYTES];
    for (int i = 0; i < all.length; i++) {
      all[i] = block(index);
    }
    this.blocks = Collections.unmodifiableList(Arrays.asList(all));
  }

  /** How files name a level. */
  static byte number(Level level) {
    return switch (level) {
      case BASE -> 0;
      case HOUR -> 1;
      case DAY -> 2;
    };
  }

  private Level level(byte level) {
    return switch (level) {
      case 0 -> Level.BASE;
      case 1 -> Level.HOUR;
      case 2 -> Level.DAY;
      default ->
          throw new IllegalStateException(
              "%s has a level %d, which this version does not know: run the newer one"
                  .formatted(name, level));
    };
  }

  private Block block(ByteBuffer index) {
    long metric = index.getLong();
    long bucket = index.getLong();
    Level level = level(index.get());
    boolean whole = index.get() == 1;
    index.getShort();
    int length = index.getInt();
    return new Block(this, metric, level, bucket, whole, index.getLong(), length);
  }

  /**
   * A file that was written and forced.
   *
   * @param index as it stands in the file
   */
  static CellFile written(long number, Disk.File file, long bytes, ByteBuffer index) {
    return new CellFile(number, file, bytes, index);
  }

  /** Opens a file that a commit names; reads its index, but no block. */
  static CellFile open(Disk disk, CellManifest.Part part) throws IOException {
    Disk.File file = disk.open(part.name());
    try {
      if (file.size() != part.bytes() || part.bytes() < HEADER_BYTES + TRAILER_BYTES) {
        throw new StateDamagedException(
            part.name(), "it has %d bytes instead of %d".formatted(file.size(), part.bytes()));
      }
      ByteBuffer header = read(file, 0, HEADER_BYTES);
      int version = header.getInt(Integer.BYTES);
      ByteBuffer index;
      try {
        index = index(file, part);
      } catch (StateDamagedException unreadable) {
        // No checksum covers the version, but the rest says whether it is one of this format.
        if (header.getInt(0) == MAGIC && version > VERSION) {
          throw new OtherFormatException(part.name(), version, VERSION);
        }
        throw unreadable;
      }
      checkHeader(header, part);
      return new CellFile(part.file(), file, part.bytes(), index);
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private static void checkHeader(ByteBuffer header, CellManifest.Part part) {
    if (header.getInt() != MAGIC) {
      throw new StateDamagedException(part.name(), "it is no file of cells");
    }
    int version = header.getInt();
    if (version != VERSION) {
      throw new StateDamagedException(
          part.name(), "its header has the version %d, of no such file".formatted(version));
    }
    if (header.getLong() != part.file()) {
      throw new StateDamagedException(part.name(), "it holds what belongs to another file");
    }
  }

  private static ByteBuffer index(Disk.File file, CellManifest.Part part) throws IOException {
    ByteBuffer trailer = read(file, part.bytes() - TRAILER_BYTES, TRAILER_BYTES);
    long length = trailer.getLong();
    int expected = trailer.getInt();
    long most = Math.min(part.bytes() - HEADER_BYTES - TRAILER_BYTES, Integer.MAX_VALUE - 8);
    if (trailer.getInt() != MAGIC || length < 0 || length > most || length % ENTRY_BYTES != 0) {
      throw new StateDamagedException(part.name(), "its end is not as it was written");
    }
    ByteBuffer index = read(file, part.bytes() - TRAILER_BYTES - length, (int) length);
    if (crc(part.file(), index) != expected) {
      throw new StateDamagedException(part.name(), "its index has a wrong checksum");
    }
    return index;
  }

  /** The index of a file that has its right size; null if it is not as it was written. */
  static @Nullable ByteBuffer indexOf(Disk.File file, CellManifest.Part part) throws IOException {
    try {
      return index(file, part);
    } catch (StateDamagedException damaged) {
      return null;
    }
  }

  /** So many bytes of a file, fewer at its end. */
  static ByteBuffer read(Disk.File file, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, at);
    return buffer.flip();
  }

  /** The checksum of what a file with this number holds; leaves the bytes as they are. */
  static int crc(long number, ByteBuffer... parts) {
    CRC32C crc = new CRC32C();
    crc.update(bytes(number));
    for (ByteBuffer part : parts) {
      crc.update(part.duplicate());
    }
    return (int) crc.getValue();
  }

  /** The same of a part of an array, without a copy of anything: a start asks it of each block. */
  private int crc(byte[] array, int from, int bytes) {
    CRC32C crc = new CRC32C();
    crc.update(numberBytes, 0, numberBytes.length);
    crc.update(array, from, bytes);
    return (int) crc.getValue();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  String name() {
    return name;
  }

  CellManifest.Part part() {
    return new CellManifest.Part(number, bytes);
  }

  long bytes() {
    return bytes;
  }

  /** All blocks, sorted by what they are about. */
  List<Block> blocks() {
    return blocks;
  }

  /** Whether a block of it was found damaged, so that it is better left as it is. Any thread. */
  boolean isDamaged() {
    return damaged;
  }

  /** Whether it says anything about a bucket. */
  boolean speaksOf(Place place) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = blocks.get(middle).place().compareTo(place);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /**
   * Reads every block, many at a time: asking the disk for each of them takes ten times as long.
   *
   * @throws StateDamagedException if one of them is not as it was written
   */
  void checkBlocks() throws IOException {
    Block[] inFile = blocks.toArray(Block[]::new);
    Arrays.sort(inFile, Comparator.comparingLong(block -> block.offset));
    ByteBuffer piece = ByteBuffer.allocate(0);
    long at = 0;
    for (Block block : inFile) {
      if (block.offset < at || block.offset + block.storedBytes() > at + piece.limit()) {
        at = block.offset;
        piece = read(file, at, Math.max(PIECE_BYTES, block.storedBytes()));
      }
      check(block, piece, (int) (block.offset - at));
    }
  }

  private byte[] read(Block block) throws IOException {
    ByteBuffer in = read(file, block.offset, block.storedBytes());
    check(block, in, 0);
    byte[] content = new byte[block.length];
    in.get(BLOCK_HEADER_BYTES, content);
    return content;
  }

  /** Compares what was read of a block, from there on, with its checksum and its place. */
  private void check(Block block, ByteBuffer in, int from) {
    int bytes = BLOCK_HEADER_BYTES + block.length;
    if (in.limit() - from < bytes + Integer.BYTES
        || in.getInt(from + bytes) != crc(in.array(), in.arrayOffset() + from, bytes)
        || in.getLong(from) != block.metric
        || in.getLong(from + Long.BYTES) != block.bucket) {
      damaged = true;
      throw new StateDamagedException(
          name, "the block at %d has a wrong checksum".formatted(block.offset));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
