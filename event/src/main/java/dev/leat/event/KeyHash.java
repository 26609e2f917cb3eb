package dev.leat.event;

/**
 * The hash that decides which partition an event belongs to: MurmurHash3 x86 32-bit, seed 0, over
 * the UTF-8 bytes of the key. It is Iceberg's bucket hash for strings, so that a partition of the
 * log is a bucket of the table. It is part of the data on disk and never changes.
 *
 * <p>Source: Austin Appleby, MurmurHash3 (public domain); Apache Iceberg table specification,
 * appendix B.
 */
public final class KeyHash {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private KeyHash() {}

  /** The hash of {@code length} bytes beginning at {@code from}. */
  public static int of(byte[] bytes, int from, int length) {
    return finish(mix(0, bytes, from, length), length);
  }

  /** The partition in {@code [0, partitions)} that a key with this hash belongs to. */
  public static int partition(int hash, int partitions) {
    return (hash & Integer.MAX_VALUE) % partitions;
  }

  private static int mix(int seed, byte[] bytes, int from, int length) {
    int hash = seed;
    int whole = from + (length & ~3);
    for (int at = from; at < whole; at += 4) {
      hash ^= scramble(EventLayout.integer(bytes, at));
      hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
    }
    int tail = 0;
    for (int at = from + length - 1; at >= whole; at--) {
      tail = (tail << 8) | (bytes[at] & 0xFF);
    }
    return whole == from + length ? hash : hash ^ scramble(tail);
  }

  private static int scramble(int block) {
    return Integer.rotateLeft(block * C1, 15) * C2;
  }

  private static int finish(int hash, int length) {
    int h = hash ^ length;
    h = (h ^ (h >>> 16)) * 0x85ebca6b;
    h = (h ^ (h >>> 13)) * 0xc2b2ae35;
    return h ^ (h >>> 16);
  }
}
