package dev.leat.pipeline;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how many different values there were: the hashes themselves up to {@link #EXACT} of
 * them, and beyond that a HyperLogLog of 4,096 registers, read with the improved estimator of Otmar
 * Ertl (arXiv 1702.01284, algorithm 6). For one thread.
 *
 * <p>What it holds is a function of the set of hashes alone: not of their order, nor of how often
 * one came, nor of what was merged with what. So merging costs no accuracy, and there is no coin
 * and no history (as of the HIP estimator) that a merge or a file would have to preserve.
 *
 * <p>As bytes: 0, the number of hashes and the hashes in ascending order; or the registers:
 *
 * <pre>
 *   1 byte       1
 *   1 byte       the smallest register
 *   2,048 bytes  four bits of each, how far above the smallest, the even one in the upper half; 15 for more
 *   1 byte       of each with more, in order, the register
 * </pre>
 */
final class DistinctSketch {
  /** Up to so many values, the estimate is their number. */
  static final int EXACT = 256;

  private static final int INDEX_BITS = 12;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final int RANKS = Long.SIZE - INDEX_BITS;
  private static final int MORE = 15;
  private static final int FEW = 0;
  private static final int DENSE = 1;
  private static final double ALPHA = 0.5 / 0.6931471805599453;

  private @Nullable HashSlots few = new HashSlots();
  private byte[] registers = {};

  /** How far the estimate may be off, relative to the value, with a probability of 95 %. */
  static double error() {
    return 2 * 1.04 / Math.sqrt(REGISTERS);
  }

  void add(long hash) {
    if (few == null) {
      raise(hash);
    } else if (few.add(hash) == EXACT) {
      spread(few);
    }
  }

  void merge(DistinctSketch other) {
    if (other.few != null) {
      for (int i = 0; i < other.few.size(); i++) {
        add(other.few.hash(i));
      }
      return;
    }
    if (few != null) {
      spread(few);
    }
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = (byte) Math.max(registers[i], other.registers[i]);
    }
  }

  /** Whether the estimate is the number of values. */
  boolean isExact() {
    return few != null;
  }

  double estimate() {
    if (few != null) {
      return few.size();
    }
    int[] counts = new int[RANKS + 2];
    for (byte register : registers) {
      counts[register]++;
    }
    double sum = REGISTERS * tau(1 - counts[RANKS + 1] / (double) REGISTERS);
    for (int rank = RANKS; rank >= 1; rank--) {
      sum = 0.5 * (sum + counts[rank]);
    }
    sum += REGISTERS * sigma(counts[0] / (double) REGISTERS);
    return ALPHA * REGISTERS * REGISTERS / sum;
  }

  DistinctSketch copy() {
    DistinctSketch copy = new DistinctSketch();
    copy.few = few == null ? null : few.copy();
    copy.registers = registers.clone();
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    return 40 + (few == null ? REGISTERS : few.bytes());
  }

  void write(ByteWriter out) {
    if (few != null) {
      writeFew(few, out);
      return;
    }
    out.putByte(DENSE);
    byte least = RANKS + 1;
    for (byte register : registers) {
      least = (byte) Math.min(least, register);
    }
    out.putByte(least);
    for (int i = 0; i < REGISTERS; i += 2) {
      int even = Math.min(registers[i] - least, MORE);
      out.putByte(even << 4 | Math.min(registers[i + 1] - least, MORE));
    }
    for (byte register : registers) {
      if (register - least >= MORE) {
        out.putByte(register);
      }
    }
  }

  /**
   * What was written.
   *
   * @throws IllegalStateException if the bytes are no such sketch
   */
  static DistinctSketch read(ByteReader in) {
    DistinctSketch read = new DistinctSketch();
    int kind = in.getByte();
    if (kind == FEW) {
      read.few = readFew(in);
      return read;
    }
    check(kind == DENSE);
    read.few = null;
    read.registers = new byte[REGISTERS];
    int least = in.getByte();
    for (int i = 0; i < REGISTERS; i += 2) {
      int two = in.getByte();
      read.registers[i] = (byte) (least + (two >> 4 & MORE));
      read.registers[i + 1] = (byte) (least + (two & MORE));
    }
    for (int i = 0; i < REGISTERS; i++) {
      boolean more = read.registers[i] - least == MORE;
      byte register = more ? in.getByte() : read.registers[i];
      check(least >= 0 && register <= RANKS + 1 && (!more || register - least >= MORE));
      read.registers[i] = register;
    }
    return read;
  }

  private void raise(long hash) {
    int register = (int) (hash >>> (Long.SIZE - INDEX_BITS));
    int rank = Long.numberOfLeadingZeros(hash << INDEX_BITS | 1L << (INDEX_BITS - 1)) + 1;
    if (rank > registers[register]) {
      registers[register] = (byte) rank;
    }
  }

  private void spread(HashSlots hashes) {
    few = null;
    registers = new byte[REGISTERS];
    for (int i = 0; i < hashes.size(); i++) {
      raise(hashes.hash(i));
    }
  }

  private static void writeFew(HashSlots few, ByteWriter out) {
    long[] sorted = new long[few.size()];
    Arrays.setAll(sorted, few::hash);
    Arrays.sort(sorted);
    out.putByte(FEW);
    out.putVarint(sorted.length);
    for (long hash : sorted) {
      out.putLong(hash);
    }
  }

  private static HashSlots readFew(ByteReader in) {
    HashSlots few = new HashSlots();
    int count = in.getCount(Long.BYTES);
    check(count <= EXACT);
    long last = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long hash = in.getLong();
      check(i == 0 || hash > last);
      few.add(hash);
      last = hash;
    }
    return few;
  }

  private static void check(boolean right) {
    if (!right) {
      throw new IllegalStateException("no sketch of different values");
    }
  }

  /** For registers that were never raised; x is their share. */
  private static double sigma(double x) {
    if (x == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = x;
    double factor = 1;
    double sum = x;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * factor;
      factor += factor;
    } while (sum != before);
    return sum;
  }

  /** For registers that can't be raised any more; x is the share of all others. */
  private static double tau(double x) {
    if (x == 0 || x == 1) {
      return 0;
    }
    double root = x;
    double factor = 1;
    double sum = 1 - x;
    double before;
    do {
      root = Math.sqrt(root);
      before = sum;
      factor *= 0.5;
      sum -= (1 - root) * (1 - root) * factor;
    } while (sum != before);
    return sum / 3;
  }
}
