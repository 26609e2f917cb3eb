package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TagFilterTest {
  private record Added(int tag, long high, long low) {}

  @Test
  void whatWasAddedAndNotClearedIsNeverDenied() {
    Seeds.run(
        60,
        (seed, chance) -> {
          // Often with many more than fit.
          try (TagFilter filter = new TagFilter(1 + chance.nextInt(2_000))) {
            List<Added> model = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
              for (int i = chance.nextInt(1_500); i > 0; i--) {
                add(filter, model, added(chance));
              }
              int gone = chance.nextInt(1 << (TagFilter.MAX_TAG + 1)) & -2;
              filter.clear(gone);
              model.removeIf(each -> (gone >>> each.tag() & 1) != 0);
              assertHolds(filter, model);
            }
          }
        });
  }

  private static Added added(RandomGenerator chance) {
    // Small second halves too, so that a fingerprint's twelve bits are zero now and then.
    long low = chance.nextInt(4) == 0 ? chance.nextInt(2) : chance.nextLong();
    return new Added(1 + chance.nextInt(TagFilter.MAX_TAG), chance.nextLong(), low);
  }

  private static void add(TagFilter filter, List<Added> model, Added added) {
    filter.add(added.tag(), added.high(), added.low());
    model.add(added);
  }

  private static void assertHolds(TagFilter filter, List<Added> model) {
    for (Added added : model) {
      int candidates = filter.candidates(added.high(), added.low());
      assertTrue((candidates >>> added.tag() & 1) != 0, added.toString());
    }
  }

  @Test
  void nothingIsLeftOfAClearedBucket() {
    Seeds.run(
        30,
        (seed, chance) -> {
          try (TagFilter filter = new TagFilter(200)) {
            List<Added> model = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
              add(filter, model, added(chance));
            }
            int gone = 1 << (1 + chance.nextInt(TagFilter.MAX_TAG));
            filter.clear(gone);
            for (Added added : model) {
              assertEquals(0, filter.candidates(added.high(), added.low()) & gone);
            }
          }
        });
  }

  @Test
  void addingAgainTakesNoRoom() {
    try (TagFilter filter = new TagFilter(1)) {
      for (int i = 0; i < 1_000; i++) {
        filter.add(3, 0, 7);
      }
      assertEquals(1 << 3, filter.candidates(0, 7));
      assertEquals(0, filter.candidates(0, 8));
    }
  }

  @Test
  void fewStrangersPassWhenItIsFull() {
    try (TagFilter filter = new TagFilter(200_000)) {
      RandomGenerator chance = Seeds.chance(5);
      for (int i = 0; i < 200_000; i++) {
        filter.add(1 + i % 9, chance.nextLong(), chance.nextLong());
      }
      int passed = 0;
      for (int i = 0; i < 400_000; i++) {
        passed += Integer.bitCount(filter.candidates(chance.nextLong(), chance.nextLong()));
      }
      assertTrue(passed > 0 && passed < 400_000 / 12, "passed: " + passed);
    }
  }
}
