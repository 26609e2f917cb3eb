package dev.leat.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How one frame lies in a segment: the events of one commit, under one checksum.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                   magic, the letters L T F R                  |  0
 *  +---------------------------------------------------------------+
 *  |         CRC32C of everything after it, payload included       |  4
 *  +---------------+---------------+-------------------------------+
 *  |  version, 1   |   codec, 0    |         reserved, zero        |  8
 *  +---------------+---------------+-------------------------------+
 *  |                         payload bytes                         | 12
 *  +---------------------------------------------------------------+
 *  |                      epoch of the segment                     | 16
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                   offset of the first event                   | 24
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |      offset below which all was durable before this write     | 32
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |          appended, microseconds since 1970-01-01 UTC          | 40
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |             position of this frame in its segment             | 48
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                        number of events                       | 56
 *  +---------------------------------------------------------------+
 *  |                         reserved, zero                        | 60
 *  +---------------------------------------------------------------+
 *  |  payload: records as EventLayout says, then zeros to 512     ...  64
 * </pre>
 *
 * All numbers are little-endian. A frame begins at a multiple of {@link #ALIGNMENT}, so a sector
 * that holds acknowledged events is never written again, and what follows a damaged stretch can be
 * found by looking at every sector. Offset, epoch and position are under the checksum: a frame in
 * the wrong place is no frame.
 */
final class FrameLayout {
  static final int ALIGNMENT = 512;
  static final int HEADER_BYTES = 64;
  static final int MAGIC_VALUE = 'L' | 'T' << 8 | 'F' << 16 | 'R' << 24;
  static final int VERSION_VALUE = 1;
  static final int CODEC_NONE = 0;

  /** A larger number in a header is damage, and no reason to ask for that much memory. */
  static final int MAX_PAYLOAD_BYTES = 256 << 20;

  static final int MAGIC = 0;
  static final int CRC = 4;
  static final int VERSION = 8;
  static final int CODEC = 9;
  static final int PAYLOAD_BYTES = 12;
  static final int EPOCH = 16;
  static final int BASE_OFFSET = 24;
  static final int DURABLE_BEFORE = 32;
  static final int APPENDED_MICROS = 40;
  static final int POSITION = 48;
  static final int EVENT_COUNT = 56;
  static final int RESERVED = 60;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private FrameLayout() {}

  static int integer(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long longInteger(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /** What a frame with this much payload takes in the file. */
  static long frameBytes(int payloadBytes) {
    return align((long) HEADER_BYTES + payloadBytes);
  }

  static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Completes a frame whose payload stands from {@link #HEADER_BYTES} to the buffer's position, and
   * leaves the whole frame between position and limit. The buffer is little-endian.
   */
  static void seal(
      ByteBuffer frame, long epoch, long offset, long micros, long position, int events) {
    int payload = frame.position() - HEADER_BYTES;
    while (frame.position() % ALIGNMENT != 0) {
      frame.put((byte) 0);
    }
    frame.flip();
    frame.putInt(MAGIC, MAGIC_VALUE);
    frame.putInt(VERSION, VERSION_VALUE | CODEC_NONE << 8);
    frame.putInt(PAYLOAD_BYTES, payload);
    frame.putLong(EPOCH, epoch);
    frame.putLong(BASE_OFFSET, offset);
    frame.putLong(DURABLE_BEFORE, offset);
    frame.putLong(APPENDED_MICROS, micros);
    frame.putLong(POSITION, position);
    frame.putInt(EVENT_COUNT, events);
    frame.putInt(RESERVED, 0);
    CRC32C crc = new CRC32C();
    crc.update(frame.slice(VERSION, HEADER_BYTES - VERSION + payload));
    frame.putInt(CRC, (int) crc.getValue());
  }

  /**
   * The payload's length, if what stands at {@code at} can be the header of a frame of this epoch
   * at this position; else -1. Only the checksum says whether it is one.
   */
  static int payloadBytes(byte[] bytes, int at, long epoch, long position) {
    boolean plausible =
        integer(bytes, at + MAGIC) == MAGIC_VALUE
            && bytes[at + VERSION] == VERSION_VALUE
            && bytes[at + CODEC] == CODEC_NONE
            && longInteger(bytes, at + EPOCH) == epoch
            && longInteger(bytes, at + POSITION) == position
            && longInteger(bytes, at + BASE_OFFSET) >= 0
            && integer(bytes, at + EVENT_COUNT) >= 0
            && integer(bytes, at + PAYLOAD_BYTES) >= 0
            && integer(bytes, at + PAYLOAD_BYTES) <= MAX_PAYLOAD_BYTES;
    return plausible ? integer(bytes, at + PAYLOAD_BYTES) : -1;
  }

  /**
   * Whether the checksum of the frame at {@code at} is right; all of its payload must be in the
   * array.
   */
  static boolean intact(byte[] bytes, int at, int payloadBytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + VERSION, HEADER_BYTES - VERSION + payloadBytes);
    return (int) crc.getValue() == integer(bytes, at + CRC);
  }

  /**
   * Makes an intact frame, whose payload may have been changed since, one that stands at a
   * position.
   *
   * @param frameBytes header and payload
   */
  static void moveTo(byte[] bytes, int at, int frameBytes, long position) {
    LONGS.set(bytes, at + POSITION, position);
    CRC32C crc = new CRC32C();
    crc.update(bytes, at + VERSION, frameBytes - VERSION);
    INTS.set(bytes, at + CRC, (int) crc.getValue());
  }

  /** The header in words, for a human who looks at a damaged file. */
  static String describe(byte[] bytes, int at) {
    return "frame magic=%08x crc=%08x version=%d codec=%d payload=%d epoch=%016x offset=%d durableBefore=%d appended=%d position=%d events=%d"
        .formatted(
            integer(bytes, at + MAGIC),
            integer(bytes, at + CRC),
            bytes[at + VERSION],
            bytes[at + CODEC],
            integer(bytes, at + PAYLOAD_BYTES),
            longInteger(bytes, at + EPOCH),
            longInteger(bytes, at + BASE_OFFSET),
            longInteger(bytes, at + DURABLE_BEFORE),
            longInteger(bytes, at + APPENDED_MICROS),
            longInteger(bytes, at + POSITION),
            integer(bytes, at + EVENT_COUNT));
  }
}
