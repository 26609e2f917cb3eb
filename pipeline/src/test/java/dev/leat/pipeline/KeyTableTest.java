package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private static final String[] BEGINNINGS = {"", "1", "https://leat.dev/", "\u00ff", "a\0", "a"};

  @Test
  void keysAreFoundAndSortedAsAMapDoes() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      String beginning = BEGINNINGS[random.nextInt(BEGINNINGS.length)];
      KeyTable table = new KeyTable(random.nextLong());
      TreeMap<byte[], Integer> model = new TreeMap<>(Arrays::compareUnsigned);
      for (int step = 0; step < 600; step++) {
        byte[] key = key(random, beginning);
        Integer known = model.get(key);
        assertEquals(known == null ? -1 : known, table.find(key, 0, key.length), "seed " + seed);
        if (known == null) {
          model.put(key, table.add(key, 0, key.length));
        } else if (random.nextInt(3) == 0) {
          table.remove(known);
          model.remove(key);
        }
      }
      int[] sorted = model.values().stream().mapToInt(Integer::intValue).toArray();
      assertArrayEquals(sorted, table.sorted(), "seed " + seed);
      assertArrayEquals(
          Arrays.stream(sorted).filter(slot -> slot % 2 == 0).toArray(),
          table.sorted(slot -> slot % 2 == 0),
          "seed " + seed);
    }
  }

  private static byte[] key(Random random, String beginning) {
    String end = Integer.toString(random.nextInt(300), 2 + random.nextInt(20));
    byte[] key = (random.nextInt(4) == 0 ? end : beginning + end).getBytes(UTF_8);
    return random.nextInt(4) == 0 ? Arrays.copyOf(key, key.length + random.nextInt(3)) : key;
  }

  @Test
  void numbersNameKeysUntilTheseAreRemoved() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      int apart = 1 << random.nextInt(20);
      KeyTable table = new KeyTable(random.nextLong());
      Map<Long, Integer> model = new HashMap<>();
      for (int step = 0; step < 2_000; step++) {
        long number = (random.nextInt(200) - 100L) * apart;
        byte[] key = Long.toString(number).getBytes(UTF_8);
        Integer named = model.get(number);
        assertEquals(named == null ? -1 : named, table.find(number), "seed " + seed);
        int slot = table.slot(key, 0, key.length);
        if (named != null && random.nextInt(2) == 0) {
          table.remove(slot);
          model.remove(number);
        } else if (named == null && random.nextInt(2) == 0) {
          table.name(slot, number);
          model.put(number, slot);
        }
      }
      List<Long> numbers = new ArrayList<>(model.keySet());
      numbers.forEach(number -> assertEquals(model.get(number), table.find(number)));
      assertEquals(-1, numbers.isEmpty() ? -1 : table.copy().find(numbers.getFirst()));
    }
  }
}
