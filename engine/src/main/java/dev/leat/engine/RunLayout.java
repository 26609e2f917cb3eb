package dev.leat.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a run lies in its file: pages of entries sorted by fingerprint, a filter over all of them, a
 * directory of the pages, and a footer.
 *
 * <pre>
 *   0                         4096 * pages
 *   +--------+--------+- - - -+--------+-----------+--------+
 *   | page 0 | page 1 |       | filter | directory | footer |
 *   +--------+--------+- - - -+--------+-----------+--------+
 *                               32 * n   8 * pages    128
 *
 *   page:       CRC32C of the rest xor {@link #seal} (u4) | entries | zeros to 4096
 *   entry:      fingerprint (u8, u8) | position - base (1 to 6 bytes) | version (u8), in runs of entities only
 *   directory:  of each page, the first half of its first fingerprint (u8)
 *   footer:     magic, the letters L T S R     (u4)   0
 *               CRC32C of bytes 8 to 127       (u4)   4
 *               version of the format, 1       (u4)   8
 *               1 if entries have versions     (u4)  12
 *               number of the file             (u8)  16
 *               entries                        (u8)  24
 *               pages                          (u8)  32
 *               bytes of the filter            (u8)  40
 *               lowest position, the base      (u8)  48
 *               highest position               (u8)  56
 *               bytes of an entry's position   (u4)  64
 *               CRC32C of the filter           (u4)  68
 *               CRC32C of the directory        (u4)  72
 *               zeros                                76
 * </pre>
 *
 * All numbers are little-endian and unsigned. Every page but the last is full, so the number of
 * entries says where the last one ends. A page's checksum is sealed with its place: a page that the
 * disk brings from elsewhere is no page of this run.
 */
record RunLayout(
    boolean versioned,
    long number,
    long entries,
    long pages,
    long filterBytes,
    long minPosition,
    long maxPosition,
    int positionBytes,
    int filterCrc,
    int directoryCrc) {
  static final int PAGE_BYTES = 4096;
  static final int PAGE_HEADER_BYTES = 4;
  static final int FINGERPRINT_BYTES = 16;
  static final int FOOTER_BYTES = 128;
  static final int MAX_POSITION_BYTES = 6;
  private static final int MAGIC = 'L' | 'T' << 8 | 'S' << 16 | 'R' << 24;
  private static final int VERSION = 1;
  private static final int CRC = 4;
  private static final int CHECKED = 8;

  /** How many bytes the positions of a run take, whose spread this is. */
  static int positionBytes(long spread) {
    int bytes = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(spread) + 7) / 8);
    if (bytes > MAX_POSITION_BYTES) {
      throw new IllegalArgumentException("positions %d apart do not fit 48 bits".formatted(spread));
    }
    return bytes;
  }

  static int entryBytes(int positionBytes, boolean versioned) {
    return FINGERPRINT_BYTES + positionBytes + (versioned ? Long.BYTES : 0);
  }

  static int entriesPerPage(int entryBytes) {
    return (PAGE_BYTES - PAGE_HEADER_BYTES) / entryBytes;
  }

  /** What the checksum of a page is xored with. */
  static int seal(long number, long page) {
    return (int) (number * 0x9e3779b1L + page);
  }

  int entryBytes() {
    return entryBytes(positionBytes, versioned);
  }

  int entriesPerPage() {
    return entriesPerPage(entryBytes());
  }

  int entriesIn(long page) {
    return (int) Math.min(entriesPerPage(), entries - page * entriesPerPage());
  }

  long filterAt() {
    return pages * PAGE_BYTES;
  }

  long directoryAt() {
    return filterAt() + filterBytes;
  }

  long directoryBytes() {
    return pages * Long.BYTES;
  }

  long fileBytes() {
    return directoryAt() + directoryBytes() + FOOTER_BYTES;
  }

  ByteBuffer footer() {
    ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    footer.putInt(MAGIC).putInt(0).putInt(VERSION).putInt(versioned ? 1 : 0);
    footer.putLong(number).putLong(entries).putLong(pages).putLong(filterBytes);
    footer.putLong(minPosition).putLong(maxPosition);
    footer.putInt(positionBytes).putInt(filterCrc).putInt(directoryCrc);
    footer.clear();
    return footer.putInt(CRC, crc(footer));
  }

  /** What a footer of a file of this size says. */
  static RunLayout parse(ByteBuffer footer, String file, long fileBytes) {
    footer.order(ByteOrder.LITTLE_ENDIAN);
    if (footer.getInt(0) != MAGIC || footer.getInt(CRC) != crc(footer)) {
      throw new StateDamagedException(file, "its footer has a wrong checksum");
    }
    if (footer.getInt(8) != VERSION) {
      throw new OtherFormatException(file, footer.getInt(8), VERSION);
    }
    RunLayout layout =
        new RunLayout(
            footer.getInt(12) == 1,
            footer.getLong(16),
            footer.getLong(24),
            footer.getLong(32),
            footer.getLong(40),
            footer.getLong(48),
            footer.getLong(56),
            footer.getInt(64),
            footer.getInt(68),
            footer.getInt(72));
    if (layout.fileBytes() != fileBytes) {
      throw new StateDamagedException(
          file, "it has %d bytes instead of %d".formatted(fileBytes, layout.fileBytes()));
    }
    return layout;
  }

  private static int crc(ByteBuffer footer) {
    CRC32C crc = new CRC32C();
    crc.update(footer.slice(CHECKED, FOOTER_BYTES - CHECKED));
    return (int) crc.getValue();
  }
}
