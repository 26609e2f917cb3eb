package dev.leat.pipeline;

import java.util.Arrays;

/**
 * The numbers a {@link QuantileSketch} keeps. One in level l stands for 2^l. When there is no more
 * room, the lowest level that is full is sorted, and every other number of it goes a level up. For
 * one thread.
 *
 * <p>Which of each two goes up is a coin, and an honest coin that each life of a log throws anew
 * would give each another result. So the coin is a hash of numbers it decides about and of all
 * coins before, kept with them. Every second time a level does the opposite of the time before,
 * which takes errors back (Ivkin et al., arXiv 1907.00236).
 *
 * <pre>
 *   1 byte      number of levels
 *   1 byte      1 if numbers were left out; then 3 longs: hash, last coins, levels whose turn it is
 *   per level   varint number of numbers, doubles
 * </pre>
 */
final class QuantileLevels {
  /** Room of the highest level; each level below has two thirds, and 8 at least. */
  static final int K = 256;

  private static final int LEAST = 8;

  /** The lowest level is larger than KLL asks for, so that it is sorted less often. */
  private static final int LEAST_LOWEST = 64;

  /**
   * So many numbers a level keeps memory for at least, as what comes from below at once would
   * otherwise make it grow each time.
   */
  private static final int USUAL = 128;

  private static final int MAX_LEVELS = 63;
  private static final int MAX_NUMBERS = 8 * K;

  private double[][] levels = new double[1][0];
  private int[] sizes = new int[1];
  private int height = 1;
  private int held;
  private int[] rooms = {K};
  private int room = K;

  private boolean exact = true;
  private long hash;
  private long coins;
  private long turns;

  void add(double value, long weight) {
    // A number of weight 5 goes into levels 0 and 2.
    for (long rest = weight; rest != 0; rest &= rest - 1) {
      append(Long.numberOfTrailingZeros(rest), value);
    }
    makeRoom();
  }

  void merge(QuantileLevels other) {
    if (other.height > height) {
      grow(other.height);
    }
    if (!other.exact) {
      exact = false;
      hash = Hash64.of(hash ^ Long.rotateLeft(other.hash, 1));
    }
    for (int level = 0; level < other.height; level++) {
      for (int i = 0, n = other.sizes[level]; i < n; i++) {
        append(level, other.levels[level][i]);
      }
      makeRoom();
    }
  }

  /** Whether no number was left out. */
  boolean isExact() {
    return exact;
  }

  /** What all numbers stand for. */
  long weight() {
    long weight = 0;
    for (int level = 0; level < height; level++) {
      weight = Math.addExact(weight, Math.multiplyExact((long) sizes[level], 1L << level));
    }
    return weight;
  }

  /** The numbers of each level in their order. */
  double[][] sorted() {
    double[][] sorted = new double[height][];
    for (int level = 0; level < height; level++) {
      sorted[level] = Arrays.copyOf(levels[level], sizes[level]);
      Arrays.sort(sorted[level]);
    }
    return sorted;
  }

  QuantileLevels copy() {
    QuantileLevels copy = new QuantileLevels();
    copy.levels = new double[height][];
    for (int level = 0; level < height; level++) {
      copy.levels[level] = Arrays.copyOf(levels[level], sizes[level]);
    }
    copy.sizes = Arrays.copyOf(sizes, height);
    copy.height = height;
    copy.held = held;
    copy.rooms = rooms; // Replaced, never changed.
    copy.room = room;
    copy.exact = exact;
    copy.hash = hash;
    copy.coins = coins;
    copy.turns = turns;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    long bytes = 120;
    for (double[] level : levels) {
      bytes += 24 + 8L * level.length;
    }
    return bytes;
  }

  void write(ByteWriter out) {
    out.putByte(height);
    out.putByte(exact ? 0 : 1);
    if (!exact) {
      out.putLong(hash);
      out.putLong(coins);
      out.putLong(turns);
    }
    for (int level = 0; level < height; level++) {
      out.putVarint(sizes[level]);
      for (int i = 0; i < sizes[level]; i++) {
        out.putDouble(levels[level][i]);
      }
    }
  }

  static QuantileLevels read(ByteReader in) {
    QuantileLevels read = new QuantileLevels();
    int height = in.getByte();
    int kind = in.getByte();
    QuantileSketch.check(height > 0 && height <= MAX_LEVELS && (kind == 0 || kind == 1));
    if (kind == 1) {
      read.exact = false;
      read.hash = in.getLong();
      read.coins = in.getLong();
      read.turns = in.getLong();
    }
    read.grow(height);
    for (int level = 0; level < height; level++) {
      int size = in.getCount(Double.BYTES);
      QuantileSketch.check(size <= MAX_NUMBERS);
      for (int i = 0; i < size; i++) {
        read.append(level, in.getDouble());
      }
    }
    QuantileSketch.check(read.held < read.room && read.sizes[height - 1] > 0);
    return read;
  }

  private void append(int level, double value) {
    if (level >= height) {
      grow(level + 1);
    }
    double[] values = levels[level];
    int size = sizes[level];
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.max(4, 2 * size));
      levels[level] = values;
    }
    values[size] = value;
    sizes[level]++;
    held++;
  }

  private void grow(int levelsAtLeast) {
    int old = levels.length;
    if (levelsAtLeast > old) {
      levels = Arrays.copyOf(levels, levelsAtLeast);
      Arrays.fill(levels, old, levelsAtLeast, new double[0]);
      sizes = Arrays.copyOf(sizes, levelsAtLeast);
    }
    height = levelsAtLeast;
    rooms = new int[height];
    room = 0;
    int wide = K;
    for (int level = height - 1; level >= 0; level--) {
      rooms[level] = Math.max(wide, level == 0 ? LEAST_LOWEST : LEAST);
      room += rooms[level];
      wide = (2 * wide + 2) / 3;
    }
  }

  private void makeRoom() {
    while (held >= room) {
      int level = 0;
      while (sizes[level] < rooms[level]) {
        level++;
      }
      compact(level);
    }
  }

  /** Halves a level. */
  private void compact(int level) {
    double[] values = levels[level];
    int size = sizes[level];
    Arrays.sort(values, 0, size);
    int odd = size & 1;
    int kept = coin(level, values, size);
    if (level + 1 == height) {
      grow(height + 1);
    }
    for (int i = odd + kept; i < size; i += 2) {
      append(level + 1, values[i]);
    }
    // With an odd number the smallest stays alone, for what it stands for.
    sizes[level] = odd;
    held -= size - odd;
    exact = false;
    int usual = Math.max(2 * rooms[level], USUAL);
    if (values.length > usual) {
      levels[level] = Arrays.copyOf(values, usual);
    }
  }

  private int coin(int level, double[] sorted, int size) {
    long bit = 1L << level;
    for (int i = 0; i < size; i += Math.max(1, size / 4)) {
      hash = Hash64.of(hash ^ Double.doubleToLongBits(sorted[i]));
    }
    boolean turn = (turns & bit) != 0;
    boolean coin = turn ? (coins & bit) == 0 : hash < 0;
    turns ^= bit;
    coins = coin ? coins | bit : coins & ~bit;
    return coin ? 1 : 0;
  }
}
