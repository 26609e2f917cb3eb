package dev.leat.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A split block Bloom filter: says of a fingerprint that it is surely not among some, or that it
 * may be. Each has one block of 256 bits, and eight bits in it, one in each word of 32: one cache
 * line per question. Any number of threads may ask once it is filled.
 *
 * <p>The block comes from the fingerprint's first half, so filling it with sorted fingerprints
 * walks through memory in order; the bits come from the second half. With 16 bits per fingerprint
 * about one in 800 strangers passes.
 *
 * <p>Source: Felix Putze, Peter Sanders, Johannes Singler, "Cache-, Hash- and Space-Efficient Bloom
 * Filters", 2007; blocks, words and multipliers as in Apache Parquet's Bloom filter specification.
 */
final class BloomFilter {
  static final int BLOCK_BYTES = 32;
  private static final int BLOCK_BITS = 8 * BLOCK_BYTES;
  private static final ValueLayout.OfLong WORDS =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bits;
  private final long blocks;

  /** A filter over this memory, which is all of its state. */
  BloomFilter(MemorySegment bits) {
    this.bits = bits;
    this.blocks = bits.byteSize() / BLOCK_BYTES;
  }

  /** The memory that a filter for so many fingerprints takes; with no bits, it passes all. */
  static long bytesFor(long entries, int bitsPerEntry) {
    return bitsPerEntry == 0
        ? 0
        : BLOCK_BYTES * Math.max(1, Math.ceilDiv(entries * bitsPerEntry, (long) BLOCK_BITS));
  }

  /** Not while others ask. */
  void add(long high, long low) {
    if (blocks == 0) {
      return;
    }
    long at = block(high);
    include(at, mask(0, low));
    include(at + 8, mask(1, low));
    include(at + 16, mask(2, low));
    include(at + 24, mask(3, low));
  }

  private void include(long at, long mask) {
    bits.set(WORDS, at, bits.get(WORDS, at) | mask);
  }

  boolean mayContain(long high, long low) {
    if (blocks == 0) {
      return true;
    }
    long at = block(high);
    long absent =
        (mask(0, low) & ~bits.get(WORDS, at))
            | (mask(1, low) & ~bits.get(WORDS, at + 8))
            | (mask(2, low) & ~bits.get(WORDS, at + 16))
            | (mask(3, low) & ~bits.get(WORDS, at + 24));
    return absent == 0;
  }

  /** The bits of words 2 * pair and 2 * pair + 1. */
  private static long mask(int pair, long low) {
    int key = (int) low;
    return switch (pair) {
      case 0 -> bit(key * 0x47b6137b) | bit(key * 0x44974d91) << 32;
      case 1 -> bit(key * 0x8824ad5b) | bit(key * 0xa2b7289d) << 32;
      case 2 -> bit(key * 0x705495c7) | bit(key * 0x2df1424b) << 32;
      default -> bit(key * 0x9efc4947) | bit(key * 0x5c6bfb31) << 32;
    };
  }

  private static long bit(int product) {
    return 1L << (product >>> 27);
  }

  private long block(long high) {
    return Math.unsignedMultiplyHigh(high, blocks) * BLOCK_BYTES;
  }
}
