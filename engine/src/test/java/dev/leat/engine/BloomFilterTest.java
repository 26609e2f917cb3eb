package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.lang.foreign.Arena;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BloomFilterTest {
  @Test
  void whatWasAddedIsNeverDenied() {
    Seeds.run(
        30,
        (seed, chance) -> {
          try (Arena arena = Arena.ofConfined()) {
            int entries = 1 + chance.nextInt(3_000);
            BloomFilter filter = filter(arena, entries, 4 + chance.nextInt(20));
            long seedOfEntries = chance.nextLong();
            RandomGenerator first = Seeds.chance(seedOfEntries);
            for (int i = 0; i < entries; i++) {
              filter.add(first.nextLong(), first.nextLong());
            }
            RandomGenerator again = Seeds.chance(seedOfEntries);
            for (int i = 0; i < entries; i++) {
              assertTrue(filter.mayContain(again.nextLong(), again.nextLong()));
            }
          }
        });
  }

  @Test
  void fewStrangersPass() {
    try (Arena arena = Arena.ofConfined()) {
      RandomGenerator chance = Seeds.chance(5);
      BloomFilter filter = filter(arena, 100_000, 16);
      for (int i = 0; i < 100_000; i++) {
        filter.add(chance.nextLong(), chance.nextLong());
      }
      int passed = 0;
      for (int i = 0; i < 400_000; i++) {
        passed += filter.mayContain(chance.nextLong(), chance.nextLong()) ? 1 : 0;
      }
      assertTrue(passed > 0 && passed < 400_000 / 600, "passed: " + passed);
    }
  }

  @Test
  void withoutBitsAllPass() {
    try (Arena arena = Arena.ofConfined()) {
      BloomFilter filter = filter(arena, 100, 0);
      filter.add(1, 2);
      assertTrue(filter.mayContain(1, 2));
      assertTrue(filter.mayContain(3, 4));
    }
  }

  private static BloomFilter filter(Arena arena, int entries, int bits) {
    return new BloomFilter(arena.allocate(BloomFilter.bytesFor(entries, bits)));
  }
}
