package dev.leat.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Numbers are little-endian; the checksum covers the length and the payload. Each record stands
 * there twice, one copy behind the other.
 */
final class Journal {
  static final byte[] MAGIC = "LEATCAT4".getBytes(US_ASCII);
  static final int FRAME_BYTES = 8;

  /** The version before, which had each record once. */
  private static final byte[] SECOND_MAGIC = "LEATCAT2".getBytes(US_ASCII);

  private static final byte[] FIRST_MAGIC = "LEATCAT1".getBytes(US_ASCII);
  private static final int MIN_PAYLOAD_BYTES = 2;

  private Journal() {}

  /**
   * What a file's bytes hold.
   *
   * @param payloads the copies of records that are whole
   * @param goodBytes where the last of them ends
   * @param broken whether something before that is not as it was written, so that it can't be the
   *     tail a crash tore
   */
  record Contents(List<byte[]> payloads, int goodBytes, boolean broken) {}

  /** Whether these are the bytes of the first version of the format, which is not read any more. */
  static boolean isFirstVersion(byte[] bytes) {
    return begins(bytes, FIRST_MAGIC);
  }

  /**
   * Whether these are the bytes of a version that this program does not know. Known ones differ
   * from others in at least two bits, so that a flipped one is not taken for another version.
   */
  static boolean isLaterVersion(byte[] bytes) {
    int at = MAGIC.length - 1;
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, at, MAGIC, 0, at)
        && bytes[at] > MAGIC[at]
        && bytes[at] <= '9'
        && Integer.bitCount(bytes[at] ^ MAGIC[at]) > 1;
  }

  /** A record as it is written: twice, so that one copy may rot. */
  static ByteBuffer record(byte[] payload) {
    ByteBuffer record =
        ByteBuffer.allocate(2 * (FRAME_BYTES + payload.length)).order(ByteOrder.LITTLE_ENDIAN);
    for (int copy = 0; copy < 2; copy++) {
      record.putInt(payload.length).putInt(checksum(payload.length, payload, 0)).put(payload);
    }
    return record.flip();
  }

  static Contents read(byte[] bytes) {
    List<byte[]> payloads = new ArrayList<>();
    boolean broken =
        bytes.length >= MAGIC.length && !begins(bytes, MAGIC) && !begins(bytes, SECOND_MAGIC);
    int good = 0;
    int at = Math.min(MAGIC.length, bytes.length);
    while (at < bytes.length) {
      int length = wholeAt(bytes, at);
      if (length == 0) {
        at++;
        continue;
      }
      broken |= good > 0 ? at > good : at > MAGIC.length;
      payloads.add(Arrays.copyOfRange(bytes, at + FRAME_BYTES, at + FRAME_BYTES + length));
      at += FRAME_BYTES + length;
      good = at;
    }
    return new Contents(payloads, good, broken);
  }

  private static boolean begins(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /** Whether these are the bytes of the version before, which has to be written anew. */
  static boolean isSecondVersion(byte[] bytes) {
    return begins(bytes, SECOND_MAGIC);
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
