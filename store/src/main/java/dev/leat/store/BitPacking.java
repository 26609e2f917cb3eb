package dev.leat.store;

/**
 * Parquet's two ways to write whole numbers in few bits: runs of equal values mixed with packed
 * ones, for levels and codes, and packed differences for all others.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Parquet
 *     encodings</a>
 */
final class BitPacking {
  private static final int GROUP = 8;

  /** A run pays from so many values on, as it also ends the packed values before it. */
  private static final int MIN_RUN = 16;

  private static final int BLOCK = 128;
  private static final int MINIBLOCKS = 4;
  private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

  private final long[] deltas = new long[BLOCK];

  /** Bits that numbers from 0 to {@code most} take. */
  static int width(long most) {
    return Long.SIZE - Long.numberOfLeadingZeros(most);
  }

  /** Writes values in runs and packs (RLE), without the length that may stand before them. */
  static void putRuns(int[] values, int from, int to, int width, ByteSink out) {
    int at = from;
    while (at < to) {
      int run = run(values, at, to);
      if (run >= MIN_RUN || at + run == to) {
        out.putVarint((long) run << 1);
        for (int bits = 0; bits < width; bits += Byte.SIZE) {
          out.put(values[at] >>> bits);
        }
        at += run;
      } else {
        int end = at;
        do {
          end += GROUP;
        } while (end < to && run(values, end, Math.min(to, end + MIN_RUN)) < MIN_RUN);
        int groups = (end - at) / GROUP;
        out.putVarint(((long) groups << 1) | 1);
        pack(values, at, Math.min(end, to), end - at, width, out);
        at = Math.min(end, to);
      }
    }
  }

  private static int run(int[] values, int from, int to) {
    int at = from + 1;
    while (at < to && values[at] == values[from]) {
      at++;
    }
    return at - from;
  }

  /** Packs values, the lowest bit first; zeros fill up to {@code slots} values. */
  private static void pack(int[] values, int from, int to, int slots, int width, ByteSink out) {
    out.reserve(slots * width / Byte.SIZE + Long.BYTES);
    long bits = 0;
    int held = 0;
    for (int i = from; i < to; i++) {
      bits |= (long) values[i] << held;
      held += width;
      if (held >= Integer.SIZE) {
        out.putInt((int) bits);
        bits >>>= Integer.SIZE;
        held -= Integer.SIZE;
      }
    }
    for (int left = slots * width - (to - from) * width + held; left > 0; left -= Byte.SIZE) {
      out.put((int) bits);
      bits >>>= Byte.SIZE;
    }
  }

  /** Writes values as differences from one to the next (DELTA_BINARY_PACKED). */
  void putDeltas(long[] values, int from, int to, ByteSink out) {
    out.putVarint(BLOCK);
    out.putVarint(MINIBLOCKS);
    out.putVarint(to - from);
    out.putZigzag(from < to ? values[from] : 0);
    for (int at = from + 1; at < to; at += BLOCK) {
      putBlock(values, at, Math.min(BLOCK, to - at), out);
    }
  }

  private void putBlock(long[] values, int at, int count, ByteSink out) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      long delta = values[at + i] - values[at + i - 1];
      deltas[i] = delta;
      least = Math.min(least, delta);
    }
    out.putZigzag(least);
    int widths = out.length();
    out.putInt(0);
    for (int miniblock = 0; miniblock * MINIBLOCK < count; miniblock++) {
      int from = miniblock * MINIBLOCK;
      int to = Math.min(count, from + MINIBLOCK);
      long all = 0;
      for (int i = from; i < to; i++) {
        deltas[i] -= least;
        all |= deltas[i];
      }
      int width = width(all);
      out.array()[widths + miniblock] = (byte) width;
      packLongs(from, to, width, out);
    }
  }

  private void packLongs(int from, int to, int width, ByteSink out) {
    if (width == 0) {
      return;
    }
    out.reserve(MINIBLOCK * width / Byte.SIZE + Long.BYTES);
    long bits = 0;
    int held = 0;
    for (int i = from; i < from + MINIBLOCK; i++) {
      long value = i < to ? deltas[i] : 0;
      bits |= value << held;
      held += width;
      if (held >= Long.SIZE) {
        out.putLong(bits);
        held -= Long.SIZE;
        bits = held == 0 ? 0 : value >>> (width - held);
      }
    }
    if (held > 0) { // 32 values end at a multiple of 32 bits.
      out.putInt((int) bits);
    }
  }
}
