package dev.leat.pipeline;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the cells of one series of an answer are, in the order of time and, within a bucket, of
 * their keys. For one thread.
 */
final class SeriesCells {
  private static final int FIRST_SIZE = 4;

  private final List<@Nullable String> labels;
  private long[] buckets = new long[FIRST_SIZE];
  private Cells[] cells = new Cells[FIRST_SIZE];
  private int[] slots = new int[FIRST_SIZE];
  private int size;

  SeriesCells(List<@Nullable String> labels) {
    this.labels = labels;
  }

  void add(long bucket, Cells from, int slot) {
    if (size == slots.length) {
      buckets = Arrays.copyOf(buckets, size * 2);
      cells = Arrays.copyOf(cells, size * 2);
      slots = Arrays.copyOf(slots, size * 2);
    }
    buckets[size] = bucket;
    cells[size] = from;
    slots[size] = slot;
    size++;
  }

  List<@Nullable String> labels() {
    return labels;
  }

  int size() {
    return size;
  }

  long bucket(int index) {
    return buckets[index];
  }

  Cells cells(int index) {
    return cells[index];
  }

  int slot(int index) {
    return slots[index];
  }
}
