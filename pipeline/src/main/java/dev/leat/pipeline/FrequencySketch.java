package dev.leat.pipeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how often a value came: counts of each up to {@link #EXACT} different ones, and beyond
 * that a count-min sketch of 4 rows of 2,048 counters (Cormode and Muthukrishnan, 2005). It never
 * says too little. For one thread.
 *
 * <p>What it holds is a function of the counts of the hashes alone: not of their order, nor of what
 * was merged with what. Counters become longs when the total does not fit an int any more.
 *
 * <p>As bytes: 0, the number of hashes and each with its count, in ascending order; or 1 and all
 * counters, row by row. Counts are of variable length.
 */
final class FrequencySketch {
  /** Up to so many different values, an estimate is the count. */
  static final int EXACT = 512;

  private static final int ROWS = 4;
  private static final int WIDTH = 2_048;
  private static final int FEW = 0;
  private static final int DENSE = 1;

  private @Nullable HashSlots few = new HashSlots();
  private long[] fewCounts = new long[4];
  private int[] small = {};
  private long[] large = {};
  private long total;

  /** How much an estimate may be over the count, as a share of all counts: e / width. */
  static double error() {
    return Math.E / WIDTH;
  }

  /** The probability that it is not over by more: 1 - e^-rows. */
  static double confidence() {
    return 1 - Math.exp(-ROWS);
  }

  void add(long hash, long weight) {
    total = Math.addExact(total, weight);
    if (few == null) {
      raise(hash, weight);
    } else {
      addFew(few, hash, weight);
    }
  }

  void merge(FrequencySketch other) {
    if (other.few != null) {
      for (int i = 0; i < other.few.size(); i++) {
        add(other.few.hash(i), other.fewCounts[i]);
      }
      return;
    }
    total = Math.addExact(total, other.total);
    if (few != null) {
      spread(few);
    }
    fit();
    for (int i = 0; i < ROWS * WIDTH; i++) {
      plus(i, other.counter(i));
    }
  }

  long estimate(long hash) {
    if (few != null) {
      int slot = few.find(hash);
      return slot < 0 ? 0 : fewCounts[slot];
    }
    long least = Long.MAX_VALUE;
    for (int row = 0; row < ROWS; row++) {
      least = Math.min(least, counter(at(hash, row)));
    }
    return least;
  }

  /** The sum of all weights. */
  long total() {
    return total;
  }

  /** Whether estimates are the counts. */
  boolean isExact() {
    return few != null;
  }

  FrequencySketch copy() {
    FrequencySketch copy = new FrequencySketch();
    copy.few = few == null ? null : few.copy();
    copy.fewCounts = fewCounts.clone();
    copy.small = small.clone();
    copy.large = large.clone();
    copy.total = total;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    long counters = 8L * fewCounts.length + 4L * small.length + 8L * large.length;
    return 100 + counters + (few == null ? 0 : few.bytes());
  }

  void write(ByteWriter out) {
    if (few != null) {
      writeFew(few, out);
      return;
    }
    out.putByte(DENSE);
    for (int i = 0; i < ROWS * WIDTH; i++) {
      out.putVarint(counter(i));
    }
  }

  /**
   * What was written.
   *
   * @throws IllegalStateException if the bytes are no such sketch
   */
  static FrequencySketch read(ByteReader in) {
    FrequencySketch read = new FrequencySketch();
    try {
      int kind = in.getByte();
      check(kind == FEW || kind == DENSE);
      if (kind == FEW) {
        read.readFew(in);
      } else {
        read.readCounters(in);
      }
    } catch (ArithmeticException tooMany) {
      throw new IllegalStateException("a sketch of more counts than a number holds", tooMany);
    }
    return read;
  }

  private void addFew(HashSlots hashes, long hash, long weight) {
    int slot = hashes.add(hash);
    if (slot == fewCounts.length) {
      fewCounts = Arrays.copyOf(fewCounts, 2 * slot);
    }
    fewCounts[slot] += weight;
    if (slot == EXACT) {
      spread(hashes);
    }
  }

  private void spread(HashSlots hashes) {
    long[] counts = fewCounts;
    few = null;
    fewCounts = new long[0];
    small = new int[ROWS * WIDTH];
    for (int i = 0; i < hashes.size(); i++) {
      raise(hashes.hash(i), counts[i]);
    }
  }

  /** Adds a weight that is part of the total already. */
  private void raise(long hash, long weight) {
    fit();
    for (int row = 0; row < ROWS; row++) {
      plus(at(hash, row), weight);
    }
  }

  /** No counter is more than the total. */
  private void fit() {
    if (total > Integer.MAX_VALUE && small.length > 0) {
      large = new long[small.length];
      Arrays.setAll(large, i -> small[i]);
      small = new int[0];
    }
  }

  private long counter(int i) {
    return small.length > 0 ? small[i] : large[i];
  }

  private void plus(int i, long weight) {
    if (small.length > 0) {
      small[i] += (int) weight;
    } else {
      large[i] += weight;
    }
  }

  /** Each row takes other bits of the hash. */
  private static int at(long hash, int row) {
    return row * WIDTH + (int) (hash >>> (16 * row) & (WIDTH - 1));
  }

  private void writeFew(HashSlots hashes, ByteWriter out) {
    long[] sorted = new long[hashes.size()];
    Arrays.setAll(sorted, hashes::hash);
    Arrays.sort(sorted);
    out.putByte(FEW);
    out.putVarint(sorted.length);
    for (long hash : sorted) {
      out.putLong(hash);
      out.putVarint(fewCounts[hashes.find(hash)]);
    }
  }

  private void readFew(ByteReader in) {
    int count = in.getCount(Long.BYTES + 1);
    check(count <= EXACT);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long hash = in.getLong();
      long weight = in.getVarint();
      check((i == 0 || hash > last) && weight > 0);
      add(hash, weight);
      last = hash;
    }
  }

  private void readCounters(ByteReader in) {
    few = null;
    fewCounts = new long[0];
    large = new long[ROWS * WIDTH];
    long[] totals = new long[ROWS];
    for (int i = 0; i < large.length; i++) {
      large[i] = in.getVarint();
      check(large[i] >= 0);
      totals[i / WIDTH] = Math.addExact(totals[i / WIDTH], large[i]);
    }
    total = totals[0];
    for (long other : totals) {
      check(other == total);
    }
    if (total <= Integer.MAX_VALUE) {
      small = new int[large.length];
      Arrays.setAll(small, i -> (int) large[i]);
      large = new long[0];
    }
  }

  private static void check(boolean right) {
    if (!right) {
      throw new IllegalStateException("no sketch of frequencies");
    }
  }
}
