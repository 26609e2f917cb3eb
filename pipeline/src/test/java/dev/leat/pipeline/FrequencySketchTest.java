package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrequencySketchTest {
  /** The model is a map of counts; values are uniform or skewed, weights are from 1 up. */
  @Test
  void estimatesAreWithinTheStatedError() {
    Seeds.run(
        15,
        (seed, chance) -> {
          int pieces = new int[] {1, 10, 1_000}[(int) (seed % 3)];
          double skew = chance.nextBoolean() ? 1 : 1 + 3 * chance.nextDouble();
          long values = chance.nextBoolean() ? FrequencySketch.EXACT : 30_000;
          Map<Long, Long> model = new HashMap<>();
          FrequencySketch one = new FrequencySketch();
          FrequencySketch merged = new FrequencySketch();
          for (int piece = 0; piece < pieces; piece++) {
            FrequencySketch sketch = new FrequencySketch();
            for (int i = chance.nextInt(100_000 / pieces); i > 0; i--) {
              long value = (long) (values * Math.pow(chance.nextDouble(), skew));
              long weight = 1L + chance.nextInt(3);
              model.merge(value, weight, Long::sum);
              sketch.add(Hash64.of(value), weight);
              one.add(Hash64.of(value), weight);
            }
            merged.merge(sketch);
          }
          assertArrayEquals(bytes(one), bytes(merged));
          assertEquals(model.values().stream().mapToLong(Long::longValue).sum(), merged.total());
          assertEquals(model.size() <= FrequencySketch.EXACT, merged.isExact());
          int outside = 0;
          for (Map.Entry<Long, Long> entry : model.entrySet()) {
            long over = merged.estimate(Hash64.of(entry.getKey())) - entry.getValue();
            assertTrue(over >= 0 && (over == 0 || !merged.isExact()));
            outside += over > FrequencySketch.error() * merged.total() ? 1 : 0;
          }
          assertTrue(outside <= (1 - FrequencySketch.confidence()) * model.size());
        });
  }

  @Test
  void countersOutgrowInts() {
    FrequencySketch sketch = new FrequencySketch();
    for (int i = 0; i < 2_000; i++) {
      sketch.add(Hash64.of((long) i), 1);
    }
    FrequencySketch early = sketch.copy();
    long small = sketch.bytes();
    sketch.add(Hash64.of(7L), Integer.MAX_VALUE);
    sketch.add(Hash64.of(7L), 1L << 40);
    assertTrue(sketch.bytes() > small);
    long least = (1L << 40) + Integer.MAX_VALUE + 1;
    assertTrue(sketch.estimate(Hash64.of(7L)) >= least);
    early.merge(sketch);
    assertTrue(early.estimate(Hash64.of(7L)) >= least + 1);
    assertEquals(least + 1 + 3_998, early.total());
    assertArrayEquals(
        bytes(early), bytes(FrequencySketch.read(new ByteReader(bytes(early.copy())))));
  }

  private static byte[] bytes(FrequencySketch sketch) {
    ByteWriter out = new ByteWriter();
    sketch.write(out);
    return out.toByteArray();
  }
}
