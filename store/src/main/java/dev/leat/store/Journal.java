package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The bytes of a catalogue file.
 *
 * <pre>
 *   0        8           12          16
 *   +--------+-----------+-----------+---------+-- - -
 *   | magic  | length u4 | crc32c u4 | payload | length ...
 *   +--------+-----------+-----------+---------+-- - -
 * </pre>
 *
 * Numbers are little-endian; the checksum covers the length and the payload.
 */
final class Journal {
  static final byte[] MAGIC = "LEATCAT2".getBytes(US_ASCII);
  static final int FRAME_BYTES = 8;

  private static final byte[] FIRST_MAGIC = "LEATCAT1".getBytes(US_ASCII);
  private static final int MIN_PAYLOAD_BYTES = 2;

  private Journal() {}

  /**
   * What a file's bytes hold.
   *
   * @param payloads the records up to the first that is not whole
   * @param goodBytes where that one begins
   * @param damaged whether whole records follow behind it, so that it can't be the tail a crash
   *     tore
   */
  record Contents(List<byte[]> payloads, int goodBytes, boolean damaged) {}

  /** Whether these are the bytes of the first version of the format, which is not read any more. */
  static boolean isFirstVersion(byte[] bytes) {
    return bytes.length >= FIRST_MAGIC.length
        && java.util.Arrays.equals(
            bytes, 0, FIRST_MAGIC.length, FIRST_MAGIC, 0, FIRST_MAGIC.length);
  }

  static ByteBuffer frame(byte[] payload) {
    ByteBuffer frame =
        ByteBuffer.allocate(FRAME_BYTES + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(0, payload.length);
    frame.putInt(4, checksum(payload.length, payload, 0));
    frame.put(FRAME_BYTES, payload);
    return frame;
  }

  static Contents read(byte[] bytes) {
    List<byte[]> payloads = new ArrayList<>();
    if (bytes.length < MAGIC.length
        || !java.util.Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return new Contents(payloads, 0, bytes.length > MAGIC.length);
    }
    int at = MAGIC.length;
    for (int length = wholeAt(bytes, at); length > 0; length = wholeAt(bytes, at)) {
      payloads.add(
          java.util.Arrays.copyOfRange(bytes, at + FRAME_BYTES, at + FRAME_BYTES + length));
      at += FRAME_BYTES + length;
    }
    boolean damaged = false;
    for (int later = at + 1; later < bytes.length && !damaged; later++) {
      damaged = wholeAt(bytes, later) > 0;
    }
    return new Contents(payloads, at, damaged);
  }

  /** The payload's length if a whole record begins here, otherwise 0. */
  private static int wholeAt(byte[] bytes, int at) {
    if (bytes.length - at < FRAME_BYTES + MIN_PAYLOAD_BYTES) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = buffer.getInt(at);
    if (length < MIN_PAYLOAD_BYTES
        || length > bytes.length - at - FRAME_BYTES
        || bytes[at + FRAME_BYTES] != '{') {
      return 0;
    }
    return checksum(length, bytes, at + FRAME_BYTES) == buffer.getInt(at + 4) ? length : 0;
  }

  private static int checksum(int length, byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length));
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
