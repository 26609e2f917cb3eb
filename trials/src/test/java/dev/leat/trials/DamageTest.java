package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.trials.DamageCase.Outcome;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sample of what {@code leat damage --all} tries, the same each time. */
class DamageTest {
  private static final int SAMPLE = 600;
  private static final long SEED = 20;

  @BeforeAll
  static void quiet() {
    DamageCommand.quiet();
  }

  static Set<String> types() {
    return DamageTypes.all().sequencedKeySet();
  }

  @ParameterizedTest
  @MethodSource("types")
  void damageIsDetectedOrHarmless(String type) throws Exception {
    try (DamageCase files = DamageTypes.make(type)) {
      DamageTally tally = new DamageHunt(files).run(SAMPLE, SEED, 2, _ -> {});
      assertEquals(List.of(), tally.examples(), "seed " + SEED);
      assertEquals(SAMPLE, tally.tried());
      assertTrue(tally.flips.sum() > 0 && tally.cuts.sum() > 0 && tally.detected.sum() > 0);
    }
  }

  /** The hunt itself: whatever is wrong is counted, exceptions too, and all is tried once. */
  @Test
  void everyDamageIsTriedAndWhatIsWrongIsSaid() throws Exception {
    Set<String> seen = Collections.synchronizedSet(new HashSet<>());
    DamageCase fake =
        new DamageCase() {
          @Override
          public String type() {
            return "fake";
          }

          @Override
          public SortedMap<String, Long> files() {
            return new TreeMap<>(Map.of("a", 100L, "b", 3L));
          }

          @Override
          public Outcome open(Damage damage) {
            seen.add(damage.toString());
            if (damage.file().equals("b") && damage.cut()) {
              throw new IndexOutOfBoundsException("as careless code does");
            }
            return damage.file().equals("b") ? Outcome.HARMLESS : Outcome.DETECTED;
          }

          @Override
          public void close() {}
        };
    DamageTally tally = new DamageHunt(fake).run(-1, 0, 2, _ -> {});
    assertEquals(9 * 103, seen.size());
    assertEquals(9 * 103, tally.tried());
    assertEquals(3, tally.wrong.sum());
    assertEquals(24, tally.harmless.sum());
    assertEquals(900, tally.detected.sum());
    assertTrue(tally.examples().getFirst().contains("IndexOutOfBounds"), "" + tally.examples());
  }
}
