package dev.leat.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.random.RandomGenerator;

/**
 * Orders rendered once and sent many times: what a generator must not do is cost as much as what it
 * measures. They lie in one array, one behind the other. Immutable.
 */
final class ShopSlots {
  final byte[] bytes;

  /** Where each slot begins; one more at the end. */
  final int[] starts;

  /** Where in the array a slot has its blanks. */
  final int[] ids;

  final int[] times;
  final int[] orders;

  ShopSlots(int slots, RandomGenerator chance) {
    ShopOrder order = new ShopOrder(chance);
    byte[][] rendered = new byte[slots][];
    int total = 0;
    for (int slot = 0; slot < slots; slot++) {
      rendered[slot] = order.next();
      total += rendered[slot].length;
    }
    bytes = new byte[total];
    starts = new int[slots + 1];
    ids = new int[slots];
    times = new int[slots];
    orders = new int[slots];
    int at = 0;
    for (int slot = 0; slot < slots; slot++) {
      String text = new String(rendered[slot], ISO_8859_1);
      System.arraycopy(rendered[slot], 0, bytes, at, rendered[slot].length);
      starts[slot] = at;
      ids[slot] = at + text.indexOf(ShopOrder.BLANK_ID);
      times[slot] = at + text.indexOf(ShopOrder.BLANK_TIME);
      orders[slot] = at + text.indexOf(ShopOrder.BLANK_ORDER);
      at += rendered[slot].length;
    }
    starts[slots] = at;
  }

  int count() {
    return ids.length;
  }
}
