package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The checksum of a whole file: its CRC-32C in the upper half, its CRC-32 in the lower one.
 *
 * <p>Both are over all bytes, and their polynomials have no factor in common, so together they are
 * one cyclic code of 64 bits: surely different after any flipped bit, any odd number of them, and
 * any damage that lies within 64 bits; after any other damage equal in one of 2^64 cases, where one
 * of 32 bits would let every four billionth pass. A hash that mixes as well would promise nothing
 * about a single bit, and both of these run at the speed of the processor's instructions for them.
 */
final class FileChecksum {
  private static final int CHUNK_BYTES = 256 << 10;

  private FileChecksum() {}

  /** That of the first so many bytes of a file, or of fewer if it ends before. */
  static long of(Disk.File file, long bytes) throws IOException {
    CRC32C upper = new CRC32C();
    CRC32 lower = new CRC32();
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer chunk = arena.allocate(CHUNK_BYTES).asByteBuffer();
      for (long at = 0; at < bytes; ) {
        int read = file.read(chunk.clear().limit((int) Math.min(CHUNK_BYTES, bytes - at)), at);
        if (read <= 0) {
          break;
        }
        update(upper, chunk, read);
        update(lower, chunk, read);
        at += read;
      }
    }
    return both(upper, lower);
  }

  /** That of these bytes. */
  static long of(byte[] bytes) {
    CRC32C upper = new CRC32C();
    CRC32 lower = new CRC32();
    upper.update(bytes);
    lower.update(bytes);
    return both(upper, lower);
  }

  private static void update(Checksum checksum, ByteBuffer chunk, int bytes) {
    checksum.update(chunk.rewind().limit(bytes));
  }

  private static long both(Checksum upper, Checksum lower) {
    return upper.getValue() << Integer.SIZE | lower.getValue();
  }

  /** As it stands in the catalogue: 16 digits. */
  static String text(long checksum) {
    return HexFormat.of().toHexDigits(checksum);
  }

  /**
   * What {@link #text} made.
   *
   * @throws IllegalArgumentException if it did not
   */
  static long parse(String text) {
    return HexFormat.fromHexDigitsToLong(text);
  }
}
