package dev.leat.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a segment file begins and is named.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                   magic, the letters L T S G                  |  0
 *  +---------------------------------------------------------------+
 *  |              CRC32C of the header's bytes after it            |  4
 *  +---------------------------------------------------------------+
 *  |                           version, 1                          |  8
 *  +---------------------------------------------------------------+
 *  |                         reserved, zero                        | 12
 *  +---------------------------------------------------------------+
 *  |                             epoch                             | 16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                   offset of the first event                   | 24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |   last append of the segment before, microseconds since 1970  | 32
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |       size of the file, 0 in copies and older versions        | 40
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |  zeros up to 512, then frames                                ... 48
 * </pre>
 *
 * The name carries epoch and offset too, so a damaged header costs no event. The size is what the
 * file has from its first to its last day: one that is shorter was cut.
 */
final class SegmentLayout {
  static final int HEADER_BYTES = FrameLayout.ALIGNMENT;
  static final int MAGIC_VALUE = 'L' | 'T' << 8 | 'S' << 16 | 'G' << 24;
  static final int VERSION_VALUE = 1;

  static final int MAGIC = 0;
  static final int CRC = 4;
  static final int VERSION = 8;
  static final int EPOCH = 16;
  static final int BASE_OFFSET = 24;
  static final int PREVIOUS_MICROS = 32;
  static final int FILE_BYTES = 40;

  /** Says nothing about the size of the file. */
  static final long UNKNOWN_BYTES = 0;

  static final String SUFFIX = ".segment";

  private SegmentLayout() {}

  static String name(long baseOffset, long epoch) {
    return "%020d-%016x%s".formatted(baseOffset, epoch, SUFFIX);
  }

  static long baseOffset(String name) {
    return Long.parseLong(name.substring(0, 20));
  }

  static long epoch(String name) {
    return Long.parseUnsignedLong(name.substring(21, 37), 16);
  }

  static boolean isName(String name) {
    return name.matches("[0-9]{20}-[0-9a-f]{16}\\" + SUFFIX);
  }

  static ByteBuffer header(long epoch, long baseOffset, long previousMicros, long fileBytes) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(MAGIC, MAGIC_VALUE);
    header.putInt(VERSION, VERSION_VALUE);
    header.putLong(EPOCH, epoch);
    header.putLong(BASE_OFFSET, baseOffset);
    header.putLong(PREVIOUS_MICROS, previousMicros);
    header.putLong(FILE_BYTES, fileBytes);
    header.putInt(CRC, crc(header.array()));
    return header;
  }

  /** Whether the header is whole and says what the name says. */
  static boolean intact(byte[] header, long epoch, long baseOffset) {
    return FrameLayout.integer(header, MAGIC) == MAGIC_VALUE
        && FrameLayout.integer(header, VERSION) == VERSION_VALUE
        && FrameLayout.integer(header, CRC) == crc(header)
        && FrameLayout.longInteger(header, EPOCH) == epoch
        && FrameLayout.longInteger(header, BASE_OFFSET) == baseOffset;
  }

  /** The version of a whole header that is newer than this program; else 0. */
  static int newerVersion(byte[] header) {
    int version = FrameLayout.integer(header, VERSION);
    boolean whole =
        FrameLayout.integer(header, MAGIC) == MAGIC_VALUE
            && FrameLayout.integer(header, CRC) == crc(header);
    return whole && version > VERSION_VALUE ? version : 0;
  }

  static long previousMicros(byte[] header) {
    return FrameLayout.longInteger(header, PREVIOUS_MICROS);
  }

  /** The size that the file of an intact header has; 0 if that is not known. */
  static long fileBytes(byte[] header) {
    return FrameLayout.longInteger(header, FILE_BYTES);
  }

  private static int crc(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, VERSION, HEADER_BYTES - VERSION);
    return (int) crc.getValue();
  }
}
