package dev.leat.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Batches of the reference workload: slots copied and stamped with an id, a time and an order
 * number. One in a hundred events repeats one of the last, byte for byte. For one thread.
 */
final class ShopBatches {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] PAIRS = pairs();
  private static final long DAY_MILLIS = 86_400_000L;
  private static final int REPEATED_PER_1000 = 10;
  private static final int LATE_PER_1000 = 5;
  private static final int JITTER_MILLIS = 2_000;
  private static final int ORDER_DIGITS = 10;
  private static final int MEMORY = 4; // longs per remembered event

  private final ShopSlots slots;
  private final SplittableRandom chance;
  private final int events;
  private final long[] remembered;
  private final byte[] buffer;
  private long sent;
  private long order;
  private int length;
  private long day = Long.MIN_VALUE;
  private byte[] date = {};

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
    id(slots.ids[slot] + shift, idHigh, idLow);
    time(slots.times[slot] + shift, millis);
    digits(slots.orders[slot] + shift, 1_000_000_000L + order % 9_000_000_000L, ORDER_DIGITS);
    length += size;
  }

  /** A random UUID; the digits for version and variant stand in the slot already. */
  private void id(int at, long high, long low) {
    hex(at, high, 8);
    hex(at + 9, high >>> 32, 4);
    hex(at + 15, high >>> 48, 3);
    hex(at + 20, low >>> 48, 3);
    hex(at + 24, low, 12);
  }

  private void hex(int at, long bits, int digits) {
    long rest = bits;
    for (int i = at; i < at + digits; i++) {
      buffer[i] = HEX[(int) (rest & 15)];
      rest >>>= 4;
    }
  }

  private void time(int at, long millis) {
    long wanted = Math.floorDiv(millis, DAY_MILLIS);
    if (wanted != day) {
      day = wanted;
      date = LocalDate.ofEpochDay(wanted).toString().getBytes(US_ASCII);
    }
    int within = (int) Math.floorMod(millis, DAY_MILLIS);
    System.arraycopy(date, 0, buffer, at, date.length);
    pair(at + 11, within / 3_600_000);
    pair(at + 14, within / 60_000 % 60);
    pair(at + 17, within / 1_000 % 60);
    digits(at + 20, within % 1_000, 3);
  }

  private void pair(int at, int value) {
    buffer[at] = PAIRS[value * 2];
    buffer[at + 1] = PAIRS[value * 2 + 1];
  }

  private void digits(int at, long value, int digits) {
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[i * 2] = (byte) ('0' + i / 10);
      pairs[i * 2 + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  /** The present batch, for tests. */
  byte[] copy() {
    return Arrays.copyOf(buffer, length);
  }
}
