package dev.leat.server;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Batches of the reference workload: slots copied and stamped with an id, a time and an order
 * number. One in a hundred events repeats one of the last, byte for byte. For one thread.
 */
final class ShopBatches {
  private static final int REPEATED_PER_1000 = 10;
  private static final int LATE_PER_1000 = 5;
  private static final int JITTER_MILLIS = 2_000;
  private static final int MEMORY = 4; // longs per remembered event

  private final ShopStamps stamps = new ShopStamps();
  private final ShopSlots slots;
  private final SplittableRandom chance;
  private final int events;
  private final long[] remembered;
  private final byte[] buffer;
  private long sent;
  private long order;
  private int length;

  /**
   * @param firstOrder where the order numbers of this instance begin
   * @param memory how many events back a repetition may reach
   */
  ShopBatches(ShopSlots slots, SplittableRandom chance, int events, long firstOrder, int memory) {
    this.slots = slots;
    this.chance = chance;
    this.events = events;
    this.order = firstOrder;
    remembered = new long[memory * MEMORY];
    int longest = 0;
    for (int slot = 0; slot < slots.count(); slot++) {
      longest = Math.max(longest, slots.starts[slot + 1] - slots.starts[slot]);
    }
    buffer = new byte[events * longest];
  }

  byte[] bytes() {
    return buffer;
  }

  int length() {
    return length;
  }

  int events() {
    return events;
  }

  /** Makes the next batch, as of this time. */
  void next(long nowMillis) {
    length = 0;
    int slot = chance.nextInt(slots.count());
    for (int i = 0; i < events; i++) {
      long dice = chance.nextLong();
      int perMille = (int) (((dice >>> 44) * 1_000) >>> 20);
      if (perMille < REPEATED_PER_1000 && sent > 0) {
        repeat(dice);
      } else {
        long late =
            perMille >= 1_000 - LATE_PER_1000
                ? 30_000 + (dice & 0xFFFF) * 60_000 / 0xFFFF
                : (dice & 0x7FF) * JITTER_MILLIS / 0x7FF;
        write(slot, chance.nextLong(), chance.nextLong(), nowMillis - late);
      }
      slot = slot + 1 == slots.count() ? 0 : slot + 1;
    }
  }

  private void write(int slot, long idHigh, long idLow, long millis) {
    int at = (int) (sent % (remembered.length / MEMORY)) * MEMORY;
    remembered[at] = (long) slot << 40 | order;
    remembered[at + 1] = idHigh;
    remembered[at + 2] = idLow;
    remembered[at + 3] = millis;
    sent++;
    stamp(slot, order++, idHigh, idLow, millis);
  }

  private void repeat(long dice) {
    long known = Math.min(sent, remembered.length / MEMORY);
    int at = (int) ((dice & 0x7FFFFFFF) % known) * MEMORY;
    long slotAndOrder = remembered[at];
    stamp(
        (int) (slotAndOrder >>> 40),
        slotAndOrder & (1L << 40) - 1,
        remembered[at + 1],
        remembered[at + 2],
        remembered[at + 3]);
  }

  private void stamp(int slot, long order, long idHigh, long idLow, long millis) {
    int start = slots.starts[slot];
    int size = slots.starts[slot + 1] - start;
    System.arraycopy(slots.bytes, start, buffer, length, size);
    int shift = length - start;
    stamps.id(buffer, slots.ids[slot] + shift, idHigh, idLow);
    stamps.time(buffer, slots.times[slot] + shift, millis);
    stamps.order(buffer, slots.orders[slot] + shift, order);
    length += size;
  }

  /** The present batch, for tests. */
  byte[] copy() {
    return Arrays.copyOf(buffer, length);
  }
}
