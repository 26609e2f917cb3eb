package dev.leat.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.server.ShopOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Orders of the shop, rendered once and sent many times, each with what is expected of it. Copying
 * costs a tenth of a core-second per million events, rendering sixty times that. Immutable.
 */
final class OrderSlots {
  private static final String[] WORDS =
      "small large red green blue left right early late gift box bag wrap note call back door bell"
          .split(" ", -1);

  /** One of them, and where in it the blanks are. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Slot(byte[] bytes, int idAt, int timeAt, int orderAt, OrderFields fields) {}

  private final List<Slot> slots = new ArrayList<>();

  /**
   * @param noteBytes length of a further member {@code note}; 0 for none
   */
  OrderSlots(int count, int noteBytes, long seed) {
    SplittableRandom chance = new SplittableRandom(seed);
    ShopOrder orders = new ShopOrder(chance);
    for (int i = 0; i < count; i++) {
      String text = new String(orders.next(), ISO_8859_1);
      if (noteBytes > 0) {
        text = text.replace("}}\n", ",\"note\":\"%s\"}}%n".formatted(note(noteBytes, chance)));
      }
      byte[] bytes = text.getBytes(UTF_8);
      slots.add(
          new Slot(
              bytes,
              text.indexOf(ShopOrder.BLANK_ID),
              text.indexOf(ShopOrder.BLANK_TIME),
              text.indexOf(ShopOrder.BLANK_ORDER),
              OrderFields.parse(bytes)));
    }
  }

  int count() {
    return slots.size();
  }

  Slot get(int slot) {
    return slots.get(slot);
  }

  int longestBytes() {
    return slots.stream().mapToInt(slot -> slot.bytes.length).max().orElse(0);
  }

  double meanBytes() {
    return slots.stream().mapToInt(slot -> slot.bytes.length).average().orElse(0);
  }

  private static String note(int bytes, RandomGenerator chance) {
    StringBuilder note = new StringBuilder();
    while (note.length() < bytes) {
      note.append(WORDS[chance.nextInt(WORDS.length)]).append(' ');
    }
    return note.substring(0, bytes);
  }
}
