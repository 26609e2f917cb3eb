package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.testkit.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums are exact, whatever the order and however they are cut and put together again. */
class SumTest {
  private static final double[] EDGES = {
    Double.MIN_VALUE,
    Double.MIN_NORMAL,
    Double.MAX_VALUE,
    1e-6,
    1e-7,
    0.1,
    1.0 / 3,
    0x1p53,
    0x1p53 + 2,
    0x1.fffffffffffffp52 / 1e6,
    0x1p53 / 1e6,
    (0x1p51 - 1) / 1e6,
    0x1p51 / 1e6,
    1e22,
    0x1p63,
    -0x1p63
  };

  /** A number that is summed: a Long or a Double. */
  private record Value(Number number, long weight) {
    BigDecimal exact() {
      return number instanceof Long whole ? BigDecimal.valueOf(whole) : ofDouble((Double) number);
    }

    private static BigDecimal ofDouble(double value) {
      return isDecimal(value) ? new BigDecimal(Double.toString(value)) : new BigDecimal(value);
    }

    /** Whether the shortest decimal of the double has six decimals and its millionths 51 bits. */
    static boolean isDecimal(double value) {
      BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
      return shortest.scale() <= 6
          && shortest.movePointRight(6).abs().compareTo(new BigDecimal(1L << 51)) < 0;
    }
  }

  private final Accumulators parts =
      Accumulators.of(
          List.of(
              new Measure("sum", Function.SUM, "data.x", null),
              new Measure("avg", Function.AVG, "data.x", null),
              new Measure("rate", Function.RATE, "data.x", null)),
          Map.of(),
          new DataSchema(),
          1);
  private final CellLayout layout = new CellLayout(false, 10, parts, 1);
  private final Accumulator sum = parts.of(0);

  @Test
  void everySplitAndOrderGivesTheSameBits() {
    Seeds.run(
        300,
        (seed, chance) -> {
          List<Value> values = values(chance);
          Cells all = cells(values);
          List<Value> shuffled = new ArrayList<>(values);
          Collections.shuffle(shuffled, new Random(seed));
          Cells merged = tree(shuffled, chance);
          assertEquals(hex(all), hex(merged));
          check(values, all);
        });
  }

  private static String hex(Cells cells) {
    return HexFormat.of().formatHex(cells.encode());
  }

  private Cells cells(List<Value> values) {
    Cells cells = new Cells(layout, 10);
    int slot = cells.slot(new byte[0], 0, 0);
    Sample sample = new Sample();
    for (Value value : values) {
      sample.begin(0, 0, value.weight());
      if (value.number() instanceof Long whole) {
        sample.setLong(whole);
      } else {
        sample.setDouble(value.number().doubleValue());
      }
      sum.add(cells, slot, sample);
    }
    return cells;
  }

  private Cells tree(List<Value> values, RandomGenerator chance) {
    if (values.size() <= 1 || chance.nextInt(4) == 0) {
      return cells(values);
    }
    int cut = chance.nextInt(values.size());
    Cells cells = tree(values.subList(0, cut), chance);
    cells.merge(tree(values.subList(cut, values.size()), chance));
    return chance.nextBoolean() ? cells : Cells.decode(layout, cells.encode());
  }

  private void check(List<Value> values, Cells cells) {
    BigDecimal total = BigDecimal.ZERO;
    BigInteger count = BigInteger.ZERO;
    boolean binary = false;
    for (Value value : values) {
      total = total.add(value.exact().multiply(BigDecimal.valueOf(value.weight())));
      count = count.add(BigInteger.valueOf(value.weight()));
      binary |=
          value.number() instanceof Double number
              && !Value.isDecimal(number)
              && !(number == Math.rint(number) && Math.abs(number) < 0x1p63);
    }
    Object found = value(0, cells);
    if (values.isEmpty()) {
      assertNull(found);
      assertNull(value(1, cells));
      return;
    }
    if (!binary) {
      assertEquals(0, total.compareTo(new BigDecimal(found.toString())));
      boolean whole = total.stripTrailingZeros().scale() <= 0;
      Class<?> expected =
          !whole
              ? BigDecimal.class
              : total.toBigInteger().bitLength() < 64 ? Long.class : BigInteger.class;
      assertInstanceOf(expected, found);
    } else if (found instanceof Double rounded) {
      assertEquals(total.doubleValue(), rounded);
    } else {
      assertEquals(total.toBigInteger(), found);
    }
    MathContext enough = new MathContext(1_200);
    assertEquals(
        total.divide(new BigDecimal(count), enough).doubleValue(), (Double) value(1, cells));
    assertEquals(
        total.divide(new BigDecimal("60"), enough).doubleValue(), (Double) value(2, cells));
  }

  private @Nullable Object value(int measure, Cells cells) {
    return layout.value(measure, cells, 0, 60_000_000, null);
  }

  private static List<Value> values(RandomGenerator chance) {
    List<Value> values = new ArrayList<>();
    int kinds = 1 + chance.nextInt(4);
    int count = chance.nextInt(40);
    for (int i = 0; i < count; i++) {
      long weight = chance.nextInt(3) > 0 ? 1 : 1 + (chance.nextInt() >>> (1 + chance.nextInt(30)));
      values.add(new Value(number(chance, chance.nextInt(kinds)), Math.max(1, weight)));
    }
    return values;
  }

  private static Number number(RandomGenerator chance, int kind) {
    return switch (kind) {
      case 0 -> chance.nextLong() >> chance.nextInt(64);
      case 1 -> chance.nextInt(-1_000_000, 1_000_000) / 100.0;
      case 2 -> {
        double edge = EDGES[chance.nextInt(EDGES.length)];
        yield chance.nextBoolean() ? edge : -edge;
      }
      default -> {
        double any = Double.longBitsToDouble(chance.nextLong());
        yield Double.isFinite(any) ? (Number) any : (Number) 0.5;
      }
    };
  }

  @Test
  void manyOfTheLargestDoNotOverflow() {
    List<Value> values = Collections.nCopies(100_000, new Value(Long.MIN_VALUE, Integer.MAX_VALUE));
    check(values, cells(values));
  }

  @Test
  void carriesOfManyDoublesAreKept() {
    Superaccumulator many = new Superaccumulator();
    many.add(0.1, 1);
    for (int i = 0; i < 40; i++) {
      many.merge(many.copy());
    }
    Superaccumulator same = new Superaccumulator();
    same.add(0.1, 1L << 40);
    assertEquals(same.total(), many.total());
  }

  @Test
  void quotientsAreRoundedOnce() {
    Seeds.run(
        2_000,
        (seed, chance) -> {
          double edge = EDGES[chance.nextInt(EDGES.length)];
          // Next to the middle between two doubles, and on it.
          BigDecimal middle =
              new BigDecimal(edge)
                  .add(new BigDecimal(Math.min(Math.nextUp(edge), Double.MAX_VALUE)))
                  .divide(BigDecimal.TWO);
          BigInteger scale = BigInteger.ONE.shiftLeft(1_200);
          BigInteger above =
              middle
                  .multiply(new BigDecimal(scale))
                  .toBigIntegerExact()
                  .add(BigInteger.valueOf(chance.nextInt(-1, 2)));
          assertEquals(
              new BigDecimal(above).divide(new BigDecimal(scale)).doubleValue(),
              Rounding.quotient(above, scale));
        });
  }
}
