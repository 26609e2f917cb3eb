package dev.leat.engine;

import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A filter that all buckets of an index share: says of a fingerprint in which of them it may be,
 * for one cache line per question. A bucket goes by a tag, a number from 1 to {@link #MAX_TAG}, and
 * can be taken out again.
 *
 * <p>A fingerprint's first half picks its line of 64 bytes, so that sorted ones walk through memory
 * in order. The line has 31 slots of 16 bits: the tag in the upper four, twelve bits of the
 * fingerprint's second half, never zero, in the lower. A free slot is zero. When a line is full,
 * its first 16 bits remember by a bit for each tag which buckets had more to say: they may have
 * anything that belongs to this line. So an overflow costs useless reads, but never an entry.
 *
 * <p>One thread adds and clears; any may ask meanwhile. They see what was added before the view was
 * made that named the filter and the tag to them, and lose nothing that a view still names. None
 * may be asking when it is closed.
 */
final class TagFilter implements Closeable {
  static final int MAX_TAG = 15;

  /** With so many in a line on the average, about three lines in a thousand overflow. */
  private static final int ENTRIES_PER_LINE = 19;

  private static final int LINE_BYTES = 64;
  private static final int LANE_BITS = 16;
  private static final int PRINT_BITS = 12;
  private static final long ONES = 0x0001_0001_0001_0001L;
  private static final long PRINTS = 0x0fff * ONES;
  private static final long HITS = 0x1000 * ONES;
  private static final long OVERFLOW = 0xffff;
  private static final ValueLayout.OfLong WORDS = ValueLayout.JAVA_LONG;

  private final Arena arena = Arena.ofShared();
  private final long lines;
  private final MemorySegment bits;

  /** An empty filter that suits so many fingerprints. */
  TagFilter(long capacity) {
    lines = Math.max(1, Math.ceilDiv(capacity, (long) ENTRIES_PER_LINE));
    bits = arena.allocate(lines * LINE_BYTES, LINE_BYTES);
  }

  long capacity() {
    return lines * ENTRIES_PER_LINE;
  }

  long memoryBytes() {
    return bits.byteSize();
  }

  /** A bit for each tag under which the fingerprint may have been added. */
  int candidates(long high, long low) {
    long at = line(high);
    long sought = print(low) * ONES;
    long first = bits.get(WORDS, at);
    // The lane of the overflow is no slot.
    long hits = hits(first, sought) & ~OVERFLOW;
    long others =
        hits(bits.get(WORDS, at + 8), sought)
            | hits(bits.get(WORDS, at + 16), sought)
            | hits(bits.get(WORDS, at + 24), sought)
            | hits(bits.get(WORDS, at + 32), sought)
            | hits(bits.get(WORDS, at + 40), sought)
            | hits(bits.get(WORDS, at + 48), sought)
            | hits(bits.get(WORDS, at + 56), sought);
    int candidates = (int) (first & OVERFLOW);
    return (hits | others) == 0 ? candidates : candidates | tags(at, sought);
  }

  /** Bit 12 of each lane whose lower twelve bits are those sought. */
  private static long hits(long word, long sought) {
    // What is not zero carries into bit 12, and no further.
    return ((((word ^ sought) & PRINTS) + PRINTS) & HITS) ^ HITS;
  }

  private int tags(long at, long sought) {
    int tags = 0;
    for (int word = 0; word < LINE_BYTES; word += Long.BYTES) {
      long slots = bits.get(WORDS, at + word);
      long hits = hits(slots, sought) & (word == 0 ? ~OVERFLOW : -1);
      for (; hits != 0; hits &= hits - 1) {
        tags |= 1 << (slots >>> Long.numberOfTrailingZeros(hits) & MAX_TAG);
      }
    }
    return tags;
  }

  /** Adds a fingerprint under a tag; once more does nothing. */
  void add(int tag, long high, long low) {
    long at = line(high);
    long slot = (long) tag << PRINT_BITS | print(low);
    for (int lane = 1; lane < LINE_BYTES * Byte.SIZE / LANE_BITS; lane++) {
      long address = at + (lane >>> 2) * (long) Long.BYTES;
      int shift = (lane & 3) * LANE_BITS;
      long word = bits.get(WORDS, address);
      long present = word >>> shift & OVERFLOW;
      if (present == slot) {
        return;
      }
      if (present == 0) {
        bits.set(WORDS, address, word | slot << shift);
        return;
      }
    }
    bits.set(WORDS, at, bits.get(WORDS, at) | 1L << tag);
  }

  /** Takes out everything under these tags, a bit for each. */
  void clear(int tags) {
    for (long at = 0; at < bits.byteSize(); at += LINE_BYTES) {
      for (int word = 0; word < LINE_BYTES; word += Long.BYTES) {
        long old = bits.get(WORDS, at + word);
        long kept = old;
        for (int lane = word == 0 ? 1 : 0; lane < 4; lane++) {
          int shift = lane * LANE_BITS;
          boolean gone = (tags >>> (old >>> (shift + PRINT_BITS) & MAX_TAG) & 1) != 0;
          kept &= gone ? ~(OVERFLOW << shift) : -1;
        }
        bits.set(WORDS, at + word, word == 0 ? kept & ~(tags & OVERFLOW) : kept);
      }
    }
  }

  private long line(long high) {
    return Math.unsignedMultiplyHigh(high, lines) * LINE_BYTES;
  }

  private static long print(long low) {
    return Math.max(1, low & 0xfff);
  }

  @Override
  public void close() {
    arena.close();
  }
}
