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
  /** The version of the format that is written. */
  static final int FORMAT = 4;

  /** The oldest version that is read, which had each record once; there was none between. */
  static final int FIRST_READ = 2;

  static final byte[] MAGIC = "LEATCAT4".getBytes(US_ASCII);
  static final int FRAME_BYTES = 8;

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

  /** The version of the format that a file says it has; 0 if it is no catalogue by its looks. */
  static int format(byte[] bytes) {
    int digit = MAGIC.length - 1;
    boolean named =
        bytes.length >= MAGIC.length
            && Arrays.equals(bytes, 0, digit, MAGIC, 0, digit)
            && bytes[digit] >= '1'
            && bytes[digit] <= '9';
    return named ? bytes[digit] - '0' : 0;
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
    int format = format(bytes);
    boolean broken = bytes.length >= MAGIC.length && format != FORMAT && format != FIRST_READ;
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
