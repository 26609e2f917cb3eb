package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.TopItems.Item;
import dev.leat.testkit.Seeds;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopItemsTest {
  /** The model is a map of counts; items are uniform or skewed, weights are from 1 up. */
  @Test
  void countsAreWithinTheirErrors() {
    Seeds.run(
        60,
        (seed, chance) -> {
          int pieces = new int[] {1, 10, 1_000}[(int) (seed % 3)];
          double skew = chance.nextBoolean() ? 1 : 1 + 5 * chance.nextDouble();
          int counters = 4 + chance.nextInt(100);
          int different = chance.nextBoolean() ? counters : 1 + chance.nextInt(5_000);
          Map<String, Long> model = new HashMap<>();
          TopItems merged = new TopItems(counters);
          for (int piece = 0; piece < pieces; piece++) {
            TopItems items = new TopItems(counters);
            for (int i = chance.nextInt(30_000 / pieces); i > 0; i--) {
              String item = "i" + (int) (different * Math.pow(chance.nextDouble(), skew));
              long weight = 1L + chance.nextInt(4);
              model.merge(item, weight, Long::sum);
              items.add(item.getBytes(UTF_8), 0, item.length(), weight);
            }
            merged.merge(items);
          }
          check(merged, counters, model);
        });
  }

  private static void check(TopItems items, int counters, Map<String, Long> model) {
    long total = model.values().stream().mapToLong(Long::longValue).sum();
    assertTrue(items.error() <= total * TopItems.error(counters));
    if (model.size() <= counters) {
      assertEquals(0, items.error());
      assertEquals(top(model, 10), text(items.top(10)));
    }
    Set<String> held = new HashSet<>();
    for (Item item : items.top(Integer.MAX_VALUE)) {
      String name = new String(item.item(), UTF_8);
      long count = model.get(name);
      assertTrue(count <= item.count() && item.count() - item.error() <= count, name);
      assertTrue(item.error() <= items.error());
      held.add(name);
    }
    assertTrue(held.size() <= counters);
    model.forEach((name, count) -> assertTrue(held.contains(name) || count <= items.error()));
  }

  /** Items that came while all had a counter, and stayed, are counted without any error. */
  @Test
  void anItemThatWasAlwaysLargeIsExact() {
    TopItems items = new TopItems(TopItems.countersFor(3));
    for (int i = 0; i < 100_000; i++) {
      byte[] item = (i % 3 == 0 ? "large" : "small" + i).getBytes(UTF_8);
      items.add(item, 0, item.length, 1);
    }
    Item first = items.top(3).getFirst();
    assertEquals("large 33334 0", text(List.of(first)).getFirst());
    assertTrue(items.error() > 0);
  }

  @Test
  void equalCountsAreInTheOrderOfTheirBytes() {
    TopItems items = new TopItems(8);
    for (String item : List.of("b", "é", "a", "ab", "", "b")) {
      byte[] bytes = item.getBytes(UTF_8);
      items.add(bytes, 0, bytes.length, 1);
    }
    assertEquals(List.of("b 2 0", " 1 0", "a 1 0", "ab 1 0", "é 1 0"), text(items.top(9)));
    assertEquals(2, items.top(2).size());
  }

  private static List<String> top(Map<String, Long> model, int k) {
    return model.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .limit(k)
        .map(entry -> entry.getKey() + " " + entry.getValue() + " 0")
        .collect(Collectors.toList());
  }

  private static List<String> text(List<Item> items) {
    return items.stream()
        .map(item -> new String(item.item(), UTF_8) + " " + item.count() + " " + item.error())
        .collect(Collectors.toList());
  }
}
