package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class QuantileSketchTest {
  private static final double[] ASKED = {0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};
  private static final int MANY = 20_000;

  /** Values in the orders that are hard for compaction. */
  private enum Order {
    UNIFORM,
    SKEWED,
    SORTED,
    REVERSED,
    FROM_BOTH_ENDS,
    WAVES;

    double value(int i, RandomGenerator chance) {
      return switch (this) {
        case UNIFORM -> chance.nextDouble();
        case SKEWED -> Math.floor(Math.pow(chance.nextDouble(), -1.1));
        case SORTED -> i;
        case REVERSED -> -i;
        case FROM_BOTH_ENDS -> (i & 1) == 0 ? i : MANY - i;
        case WAVES -> (i % 1_000) * 1_000 + i / 1_000;
      };
    }
  }

  /** As long as there are few, the answers are those of a sorted list. */
  @Test
  void fewNumbersAreExact() {
    Seeds.run(
        200,
        (_, chance) -> {
          TreeMap<Double, Long> model = new TreeMap<>();
          QuantileSketch merged = new QuantileSketch();
          int left = chance.nextInt(QuantileLevels.K);
          while (left > 0) {
            QuantileSketch sketch = new QuantileSketch();
            int size = 1 + chance.nextInt(left);
            left -= size;
            for (; size > 0; size--) {
              double value = chance.nextInt(500) / 10.0 - 20;
              long weight = 1L << chance.nextInt(30);
              model.merge(value + 0.0, weight, Long::sum);
              sketch.add(value, weight);
            }
            merged.merge(sketch);
          }
          assertTrue(merged.isExact());
          for (double q : ASKED) {
            assertEquals(naive(model, q), merged.quantile(q));
          }
        });
  }

  /** 99 of 100 ranks within the error, and none off by twice as much. */
  @Test
  void ranksAreWithinTheStatedError() {
    int[] asked = new int[1];
    int[] outside = new int[1];
    Seeds.run(
        36,
        (seed, chance) -> {
          Order order = Order.values()[(int) (seed % 6)];
          int pieces = new int[] {1, 10, 1_000}[(int) (seed / 6 % 3)];
          boolean weighted = chance.nextBoolean();
          TreeMap<Double, Long> model = new TreeMap<>();
          QuantileSketch merged = new QuantileSketch();
          for (int at = 0, piece = 1; piece <= pieces; piece++) {
            int most = 2 * (MANY - at) / (pieces - piece + 1);
            int end = piece == pieces ? MANY : at + chance.nextInt(most + 1);
            QuantileSketch sketch = new QuantileSketch();
            for (; at < Math.min(end, MANY); at++) {
              double value = order.value(at, chance);
              long weight = weighted ? 1L + chance.nextInt(at % 10 == 0 ? 500 : 5) : 1;
              model.merge(value, weight, Long::sum);
              sketch.add(value, weight);
            }
            merged.merge(sketch);
          }
          long total = model.values().stream().mapToLong(Long::longValue).sum();
          assertEquals(total, merged.count());
          assertEquals(model.firstKey(), merged.quantile(0));
          assertEquals(model.lastKey(), merged.quantile(1));
          double last = model.firstKey();
          for (double q : ASKED) {
            double value = merged.quantile(q);
            assertTrue(value >= last && model.containsKey(value), "a number that was there");
            last = value;
            double error = error(model, total, q, value);
            asked[0]++;
            outside[0] += error > QuantileSketch.error() ? 1 : 0;
            assertTrue(error < 2 * QuantileSketch.error(), order + " off by " + error);
          }
          assertTrue(merged.bytes() < 40_000, "bytes " + merged.bytes());
        });
    assertTrue(outside[0] <= (1 - QuantileSketch.confidence()) * asked[0], "of " + outside[0]);
  }

  /** Pieces with the same numbers throw different coins, so that their errors do not add up. */
  @Test
  void equalPiecesDoNotErrAlike() {
    QuantileSketch merged = new QuantileSketch();
    int pieces = 500;
    int size = 1_000;
    for (int piece = 0; piece < pieces; piece++) {
      QuantileSketch sketch = new QuantileSketch();
      for (int i = 0; i < size; i++) {
        sketch.add(i * pieces + piece, 1);
      }
      merged.merge(sketch);
    }
    for (double q : ASKED) {
      double error = Math.abs(merged.quantile(q) / (pieces * size) - q);
      assertTrue(error < QuantileSketch.error(), q + " off by " + error);
    }
  }

  @Test
  void ranksAreThoseOfDecimals() {
    assertEquals(7, QuantileSketch.rank(0.07, 100));
    assertEquals(8, QuantileSketch.rank(0.071, 100));
    assertEquals(1, QuantileSketch.rank(0, 100));
    assertEquals(100, QuantileSketch.rank(1, 100));
    assertEquals(1, QuantileSketch.rank(0.5, 1));
    assertEquals(95, QuantileSketch.rank(0.95, 100));
    assertThrows(IllegalArgumentException.class, () -> QuantileSketch.rank(1.1, 100));
    assertThrows(IllegalArgumentException.class, () -> QuantileSketch.rank(Double.NaN, 100));
    assertThrows(IllegalArgumentException.class, () -> new QuantileSketch().add(1, 0));
  }

  @Test
  void oddNumbersHaveAPlace() {
    QuantileSketch sketch = new QuantileSketch();
    assertTrue(Double.isNaN(sketch.quantile(0.5)));
    sketch.add(-0.0, 1);
    assertEquals("0.0", Double.toString(sketch.quantile(0.5)));
    sketch.add(Double.NEGATIVE_INFINITY, 1);
    sketch.add(Double.NaN, Long.MAX_VALUE - 2);
    assertEquals(Double.NEGATIVE_INFINITY, sketch.quantile(0));
    assertEquals(Double.NaN, sketch.quantile(0.5));
    assertEquals(Long.MAX_VALUE, sketch.count());
    assertThrows(ArithmeticException.class, () -> sketch.add(1, 1));
  }

  private static double naive(NavigableMap<Double, Long> model, double q) {
    long total = model.values().stream().mapToLong(Long::longValue).sum();
    long rank = QuantileSketch.rank(q, total);
    for (Map.Entry<Double, Long> entry : model.entrySet()) {
      rank -= entry.getValue();
      if (rank <= 0) {
        return entry.getKey();
      }
    }
    return Double.NaN;
  }

  /** How far the ranks that a value has are from the one asked for. */
  private static double error(
      NavigableMap<Double, Long> model, long total, double q, double value) {
    double below = model.headMap(value, false).values().stream().mapToLong(Long::longValue).sum();
    double upTo = below + model.get(value);
    double asked = q * total;
    return Math.max(0, Math.max(below - asked, asked - upTo)) / total;
  }
}
