package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Stretches of time of series, against moments one by one. */
class SessionPartsTest {
  private static final int MOMENTS = 40;

  @Test
  void stretchesAreTheirMoments() {
    Seeds.run(
        300,
        (_, chance) -> {
          boolean everyone = chance.nextBoolean();
          SessionParts parts = everyone ? SessionParts.all(10, 30) : SessionParts.none();
          byte[] series = {1};
          byte[] other = {2};
          boolean[] own = new boolean[MOMENTS + 1];
          boolean[] others = new boolean[MOMENTS + 1];
          for (int i = 10; i < 30; i++) {
            others[i] = everyone;
          }
          for (int i = chance.nextInt(1, 6); i > 0; i--) {
            int from = chance.nextInt(MOMENTS);
            int to = Math.min(MOMENTS, from + chance.nextInt(9));
            parts.add(series, from, to);
            for (int moment = from; moment < to; moment++) {
              own[moment] = true;
            }
          }
          check(parts, series, own);
          check(parts, other, others);
        });
  }

  private static void check(SessionParts parts, byte[] series, boolean[] moments) {
    for (int first = 0; first < MOMENTS; first++) {
      assertEquals(moments[first], parts.has(series, first));
      boolean isCrossed = false;
      for (int last = first; last < MOMENTS; last++) {
        isCrossed |= moments[last] != moments[first];
        assertEquals(isCrossed, parts.isCrossedBy(series, first, last));
      }
    }
  }
}
