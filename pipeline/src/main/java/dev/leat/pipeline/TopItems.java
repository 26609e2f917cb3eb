package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The items that came most often, with a fixed number of counters: Space-Saving (Metwally, Agrawal
 * and El Abbadi, 2005) whose smallest counters are given up by the quarter instead of one by one.
 * For one thread.
 *
 * <p>A count is never too small. What was given up had at most {@link #error} each; so an item that
 * is new, or comes again, begins with that much, and carries it along as its own error. Each time a
 * quarter is given up for an error grown by v, the three quarters that stay have v each that is in
 * no other's error, so the error is at most the total by three quarters of the counters. The same
 * holds after a merge, for which an item that one side does not have has the error of that side.
 *
 * <p>All of it is a function of the items and counts that are held, and their order is that in
 * which they came; both are written.
 *
 * <pre>
 *   varint    error
 *   varint    number of items
 *   per item  varint length, item, varint count, varint error
 * </pre>
 */
final class TopItems {
  private static final int SMALLEST = 4;
  private static final int MAX_COUNTERS = 1 << 20;

  private final int counters;
  private byte[][] items = new byte[SMALLEST][];
  private long[] hashes = new long[SMALLEST];
  private long[] counts = new long[SMALLEST];
  private long[] errors = new long[SMALLEST];
  private int[] table = new int[2 * SMALLEST];
  private int size;
  private long error;

  /**
   * @param count at most so often, weights counted
   * @param error at least so much less
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes to be shown, compared by nobody.
  record Item(byte[] item, long count, long error) {}

  TopItems(int counters) {
    if (counters < SMALLEST || counters > MAX_COUNTERS) {
      throw new IllegalArgumentException(counters + " counters, not 4 to " + MAX_COUNTERS);
    }
    this.counters = counters;
  }

  /** As many counters as the {@code k} largest deserve. */
  static int countersFor(int k) {
    return Math.max(64, 8 * k);
  }

  /** What {@link #error} is at most, as a share of all counts. */
  static double error(int counters) {
    return 1.0 / (kept(counters) + 1);
  }

  void add(byte[] item, int from, int length, long weight) {
    long hash = Hash64.of(item, from, length);
    int slot = find(hash, item, from, length);
    if (slot >= 0) {
      counts[slot] = Math.addExact(counts[slot], weight);
      return;
    }
    append(
        Arrays.copyOfRange(item, from, from + length), hash, Math.addExact(error, weight), error);
    if (size > counters) {
      giveUp();
    }
  }

  void merge(TopItems other) {
    long before = error;
    long[] added = new long[size];
    Arrays.fill(added, other.error);
    long[] addedErrors = added.clone();
    int own = size;
    for (int i = 0; i < other.size; i++) {
      byte[] item = other.items[i];
      int slot = find(other.hashes[i], item, 0, item.length);
      if (slot < 0) {
        append(
            item,
            other.hashes[i],
            Math.addExact(other.counts[i], before),
            Math.addExact(other.errors[i], before));
      } else {
        added[slot] = other.counts[i];
        addedErrors[slot] = other.errors[i];
      }
    }
    for (int i = 0; i < own; i++) {
      counts[i] = Math.addExact(counts[i], added[i]);
      errors[i] = Math.addExact(errors[i], addedErrors[i]);
    }
    error = Math.addExact(before, other.error);
    if (size > counters) {
      giveUp();
    }
  }

  /** The items with the largest counts; those with equal counts in the order of their bytes. */
  List<Item> top(int k) {
    List<Item> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(new Item(items[i].clone(), counts[i], errors[i]));
    }
    all.sort(
        Comparator.comparingLong((Item item) -> -item.count())
            .thenComparing(Item::item, Arrays::compareUnsigned));
    return List.copyOf(all.subList(0, Math.min(k, size)));
  }

  /** The most that any count is too large, and that an item without a counter had; 0 if exact. */
  long error() {
    return error;
  }

  TopItems copy() {
    TopItems copy = new TopItems(counters);
    copy.items = items.clone();
    copy.hashes = hashes.clone();
    copy.counts = counts.clone();
    copy.errors = errors.clone();
    copy.table = table.clone();
    copy.size = size;
    copy.error = error;
    return copy;
  }

  /** Heap bytes held. */
  long bytes() {
    long bytes = 150 + 28L * items.length + 4L * table.length;
    for (int i = 0; i < size; i++) {
      bytes += 16 + (items[i].length + 7 & -8);
    }
    return bytes;
  }

  void write(ByteWriter out) {
    out.putVarint(error);
    out.putVarint(size);
    for (int i = 0; i < size; i++) {
      out.putVarint(items[i].length);
      out.putBytes(items[i]);
      out.putVarint(counts[i]);
      out.putVarint(errors[i]);
    }
  }

  /**
   * What was written.
   *
   * @throws IllegalStateException if the bytes are no such items, or too many for the counters
   */
  static TopItems read(int counters, ByteReader in) {
    TopItems read = new TopItems(counters);
    read.error = in.getVarint();
    int size = in.getCount(3);
    check(size <= counters && read.error >= 0);
    for (int i = 0; i < size; i++) {
      byte[] item = in.getBytes(in.getCount(1));
      long count = in.getVarint();
      long error = in.getVarint();
      long hash = Hash64.of(item);
      check(count > error && error >= 0 && error <= read.error && count > read.error);
      check(read.find(hash, item, 0, item.length) < 0);
      read.append(item, hash, count, error);
    }
    return read;
  }

  private int find(long hash, byte[] item, int from, int length) {
    int mask = table.length - 1;
    for (int at = (int) hash & mask; table[at] != 0; at = (at + 1) & mask) {
      int slot = table[at] - 1;
      if (hashes[slot] == hash
          && Arrays.equals(items[slot], 0, items[slot].length, item, from, from + length)) {
        return slot;
      }
    }
    return -1;
  }

  private void append(byte[] item, long hash, long count, long itsError) {
    if (size == items.length) {
      items = Arrays.copyOf(items, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      errors = Arrays.copyOf(errors, 2 * size);
      table = new int[4 * size];
      for (int i = 0; i < size; i++) {
        place(i);
      }
    }
    set(size, item, hash, count, itsError);
    place(size);
    size++;
  }

  private void set(int slot, byte[] item, long hash, long count, long itsError) {
    items[slot] = item;
    hashes[slot] = hash;
    counts[slot] = count;
    errors[slot] = itsError;
  }

  private void place(int slot) {
    int mask = table.length - 1;
    int at = (int) hashes[slot] & mask;
    while (table[at] != 0) {
      at = (at + 1) & mask;
    }
    table[at] = slot + 1;
  }

  /** Leaves at most three quarters: those above the largest count that has to go. */
  private void giveUp() {
    long[] sorted = Arrays.copyOf(counts, size);
    Arrays.sort(sorted);
    error = sorted[size - 1 - kept(counters)];
    int old = size;
    size = 0;
    Arrays.fill(table, 0);
    for (int i = 0; i < old; i++) {
      if (counts[i] > error) {
        set(size, items[i], hashes[i], counts[i], errors[i]);
        place(size++);
      }
    }
    Arrays.fill(items, size, old, null);
  }

  private static int kept(int counters) {
    return counters - counters / 4;
  }

  private static void check(boolean right) {
    if (!right) {
      throw new IllegalStateException("no list of frequent items");
    }
  }
}
