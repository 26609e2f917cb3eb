package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DistinctSketchTest {
  /** With few values the estimate is their number, however they came together. */
  @Test
  void fewValuesAreCounted() {
    Seeds.run(
        200,
        (_, chance) -> {
          Set<Long> model = new HashSet<>();
          DistinctSketch whole = new DistinctSketch();
          for (int piece = 1 + chance.nextInt(5); piece > 0; piece--) {
            DistinctSketch sketch = new DistinctSketch();
            for (int i = chance.nextInt(300); i > 0; i--) {
              long value = chance.nextLong(DistinctSketch.EXACT);
              model.add(value);
              sketch.add(Hash64.of(value));
            }
            whole.merge(sketch);
          }
          assertTrue(whole.isExact());
          assertEquals(model.size(), whole.estimate());
        });
  }

  /** Pieces in any order, with anything twice, make the same bytes as their values in one. */
  @Test
  void whatItHoldsIsAFunctionOfTheSet() {
    Seeds.run(
        100,
        (_, chance) -> {
          DistinctSketch one = new DistinctSketch();
          List<DistinctSketch> pieces = pieces(one, 1 + chance.nextInt(20), 2_000, chance);
          assertArrayEquals(bytes(one), bytes(merged(pieces, chance)));
          assertArrayEquals(bytes(one), bytes(merged(pieces, chance)));
        });
  }

  /** 95 of 100 within the error; all within twice as much, which is 4 sigma. */
  @Test
  void estimatesAreWithinTheStatedError() {
    for (int values : new int[] {257, 400, 3_000, 10_000, 12_000, 30_000}) {
      int[] outside = new int[1];
      Seeds.run(
          100,
          (seed, _) -> {
            DistinctSketch sketch = new DistinctSketch();
            for (int i = 0; i < values; i++) {
              sketch.add(Hash64.of(seed << 32 | i));
            }
            double error = Math.abs(sketch.estimate() / values - 1);
            outside[0] += error > DistinctSketch.error() ? 1 : 0;
            assertTrue(error < 2 * DistinctSketch.error(), values + " off by " + error);
          });
      assertTrue(outside[0] <= 5, values + " outside: " + outside[0]);
    }
  }

  /** An estimator that sums up errors loses a sixth on the way. */
  @Test
  void manyMergesCostNothing() {
    Seeds.run(
        3,
        (_, chance) -> {
          DistinctSketch one = new DistinctSketch();
          List<DistinctSketch> pieces = pieces(one, 8_192, 100, chance);
          DistinctSketch merged = merged(pieces, chance);
          assertArrayEquals(bytes(one), bytes(merged));
        });
    Seeds.run(
        10,
        (_, chance) -> {
          DistinctSketch merged = new DistinctSketch();
          for (int i = 0; i < 8_192; i++) {
            DistinctSketch piece = new DistinctSketch();
            for (int j = 0; j < 20; j++) {
              piece.add(chance.nextLong());
            }
            merged.merge(piece);
          }
          double error = Math.abs(merged.estimate() / (8_192 * 20) - 1);
          assertTrue(error < 2 * DistinctSketch.error(), "off by " + error);
        });
  }

  /** All registers at their highest, which no stream of events brings about. */
  @Test
  void theHighestRegistersAreRead() {
    DistinctSketch sketch = new DistinctSketch();
    for (long register = 0; register < 4_096; register++) {
      sketch.add(register << 52);
    }
    assertEquals(Double.POSITIVE_INFINITY, sketch.estimate());
    ByteWriter out = new ByteWriter();
    sketch.write(out);
    assertEquals(
        sketch.estimate(), DistinctSketch.read(new ByteReader(out.toByteArray())).estimate());
  }

  private static List<DistinctSketch> pieces(
      DistinctSketch one, int count, int most, RandomGenerator chance) {
    List<DistinctSketch> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DistinctSketch piece = new DistinctSketch();
      for (int j = chance.nextInt(1 + chance.nextInt(most)); j > 0; j--) {
        long hash = Hash64.of(chance.nextLong(50_000));
        piece.add(hash);
        one.add(hash);
      }
      pieces.add(piece);
    }
    return pieces;
  }

  private static DistinctSketch merged(List<DistinctSketch> pieces, RandomGenerator chance) {
    List<DistinctSketch> left = new ArrayList<>(pieces);
    DistinctSketch merged = new DistinctSketch();
    while (!left.isEmpty()) {
      int next = chance.nextInt(left.size());
      merged.merge(left.get(next));
      left.set(next, left.getLast());
      left.removeLast();
    }
    return merged;
  }

  private static byte[] bytes(DistinctSketch sketch) {
    ByteWriter out = new ByteWriter();
    sketch.write(out);
    return out.toByteArray();
  }
}
