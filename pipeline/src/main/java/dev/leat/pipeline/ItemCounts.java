package dev.leat.pipeline;

import dev.leat.pipeline.TopItems.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How often each item came, for all of them. For one thread. */
final class ItemCounts {
  private final KeyTable items;
  private long[] counts;

  /**
   * @param secret as of a {@link KeyTable}
   */
  ItemCounts(long secret) {
    this(new KeyTable(secret), new long[8]);
  }

  private ItemCounts(KeyTable items, long[] counts) {
    this.items = items;
    this.counts = counts;
  }

  void add(byte[] item, int from, int length, long weight) {
    int slot = items.slot(item, from, length);
    if (slot == counts.length) {
      counts = Arrays.copyOf(counts, slot * 2);
    }
    counts[slot] = Math.addExact(counts[slot], weight);
  }

  void addAll(ItemCounts other) {
    KeyTable from = other.items;
    for (int slot = 0; slot < from.slots(); slot++) {
      add(from.bytes(), from.from(slot), from.length(slot), other.counts[slot]);
    }
  }

  /** Those that came most often; with equal counts in the order of their bytes. */
  List<Item> top(int k) {
    List<Item> all = new ArrayList<>();
    for (int slot = 0; slot < items.slots(); slot++) {
      all.add(new Item(items.key(slot), counts[slot], 0));
    }
    all.sort(
        Comparator.comparingLong((Item item) -> -item.count())
            .thenComparing(Item::item, Arrays::compareUnsigned));
    return List.copyOf(all.subList(0, Math.min(k, all.size())));
  }

  ItemCounts copy() {
    return new ItemCounts(items.copy(), counts.clone());
  }

  /** Heap bytes held. */
  long bytes() {
    return items.heapBytes() + 8L * counts.length;
  }
}
