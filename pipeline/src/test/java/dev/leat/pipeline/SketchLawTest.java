package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What all sketches promise: to be a function of what they are given, and to survive as bytes. */
class SketchLawTest {
  private static final int COUNTERS = 40;

  /** A kind of sketch, by its operations. */
  private record Kind<S>(
      Supplier<S> make,
      Adder<S> add,
      BiConsumer<S, S> merge,
      UnaryOperator<S> copy,
      BiConsumer<S, ByteWriter> write,
      Function<ByteReader, S> read,
      ToLongFunction<S> bytes,
      int emptyLength) {

    byte[] written(S sketch) {
      ByteWriter out = new ByteWriter();
      write.accept(sketch, out);
      return out.toByteArray();
    }

    S again(S sketch) {
      ByteReader in = new ByteReader(written(sketch));
      S again = read.apply(in);
      assertEquals(0, in.remaining());
      return again;
    }
  }

  @FunctionalInterface
  private interface Adder<S> {
    void add(S sketch, long value, long weight);
  }

  private static final List<Kind<?>> KINDS =
      List.of(
          new Kind<>(
              DistinctSketch::new,
              (sketch, value, _) -> sketch.add(Hash64.of(value)),
              DistinctSketch::merge,
              DistinctSketch::copy,
              DistinctSketch::write,
              DistinctSketch::read,
              DistinctSketch::bytes,
              2),
          new Kind<>(
              QuantileSketch::new,
              (sketch, value, weight) -> sketch.add(value / 3.0, weight),
              QuantileSketch::merge,
              QuantileSketch::copy,
              QuantileSketch::write,
              QuantileSketch::read,
              QuantileSketch::bytes,
              1),
          new Kind<>(
              () -> new TopItems(COUNTERS),
              (sketch, value, weight) -> {
                byte[] item = ("?" + value + "?").getBytes(UTF_8);
                sketch.add(item, 1, item.length - 2, weight);
              },
              TopItems::merge,
              TopItems::copy,
              TopItems::write,
              in -> TopItems.read(COUNTERS, in),
              TopItems::bytes,
              2),
          new Kind<>(
              FrequencySketch::new,
              (sketch, value, weight) -> sketch.add(Hash64.of(value), weight),
              FrequencySketch::merge,
              FrequencySketch::copy,
              FrequencySketch::write,
              FrequencySketch::read,
              FrequencySketch::bytes,
              2));

  @Test
  void whatIsWrittenAndReadGoesOnAsIfItHadNotBeen() {
    KINDS.forEach(kind -> Seeds.run(20, (_, chance) -> goOn(kind, chance)));
  }

  /** The same random work on two shelves of sketches, of which one is read back all the time. */
  private static <S> void goOn(Kind<S> kind, RandomGenerator chance) {
    List<S> kept = new ArrayList<>();
    List<S> read = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.add(kind.make.get());
      read.add(kind.make.get());
    }
    long values = 1L << (1 + chance.nextInt(20));
    for (int step = 0; step < 40; step++) {
      int at = chance.nextInt(3);
      int from = (at + 1 + chance.nextInt(2)) % 3;
      switch (chance.nextInt(4)) {
        case 0 -> {
          byte[] before = kind.written(kept.get(from));
          kind.merge.accept(kept.get(at), kind.copy.apply(kept.get(from)));
          kind.merge.accept(read.get(at), read.get(from));
          assertArrayEquals(before, kind.written(kept.get(from)));
          assertArrayEquals(before, kind.written(read.get(from)));
        }
        case 1 -> {
          S copy = kind.copy.apply(kept.get(from));
          byte[] before = kind.written(kept.get(from));
          kind.add.add(copy, chance.nextLong(values), 7);
          kind.merge.accept(copy, kept.get(at));
          assertArrayEquals(before, kind.written(kept.get(from)), "a copy shares nothing");
        }
        default -> {
          for (int i = chance.nextInt(2_000); i > 0; i--) {
            long value = chance.nextLong(values);
            long weight = chance.nextInt(10) == 0 ? 1 + chance.nextLong(1L << 33) : 1;
            kind.add.add(kept.get(at), value, weight);
            kind.add.add(read.get(at), value, weight);
          }
        }
      }
      int again = chance.nextInt(3);
      read.set(again, kind.again(read.get(again)));
      assertArrayEquals(kind.written(kept.get(at)), kind.written(read.get(at)));
    }
  }

  @Test
  void anEmptyOneIsTinyAndChangesNothing() {
    KINDS.forEach(SketchLawTest::empty);
  }

  private static <S> void empty(Kind<S> kind) {
    S empty = kind.make.get();
    byte[] bytes = kind.written(empty);
    assertEquals(kind.emptyLength, bytes.length);
    assertTrue(kind.bytes.applyAsLong(empty) < 500);
    S sketch = kind.again(empty);
    kind.merge.accept(sketch, empty);
    assertArrayEquals(bytes, kind.written(sketch));
    for (int i = 0; i < 5_000; i++) {
      kind.add.add(sketch, i, 1);
    }
    bytes = kind.written(sketch);
    kind.merge.accept(sketch, empty);
    assertArrayEquals(bytes, kind.written(sketch));
    kind.merge.accept(empty, sketch);
    assertTrue(kind.bytes.applyAsLong(sketch) < 50_000);
  }

  @Test
  void garbageIsRefused() {
    KINDS.forEach(kind -> Seeds.run(40, (_, chance) -> garbage(kind, chance)));
  }

  private static <S> void garbage(Kind<S> kind, RandomGenerator chance) {
    S sketch = kind.make.get();
    for (int i = chance.nextInt(chance.nextBoolean() ? 10 : 5_000); i > 0; i--) {
      kind.add.add(sketch, chance.nextLong(10_000), 1L + chance.nextInt(3));
    }
    byte[] right = kind.written(sketch);
    byte[] cut = Arrays.copyOf(right, chance.nextInt(right.length));
    assertThrows(IllegalStateException.class, () -> kind.read.apply(new ByteReader(cut)));
    for (int i = 0; i < 50; i++) {
      byte[] wrong = right.clone();
      for (int flips = 1 + chance.nextInt(3); flips > 0; flips--) {
        int most = chance.nextBoolean() ? Math.min(40, wrong.length) : wrong.length;
        wrong[chance.nextInt(most)] = (byte) chance.nextInt();
      }
      tryToRead(kind, wrong);
      byte[] noise = new byte[chance.nextInt(100)];
      chance.nextBytes(noise);
      if (noise.length > 0 && chance.nextBoolean()) {
        noise[0] = (byte) chance.nextInt(2);
      }
      tryToRead(kind, noise);
    }
  }

  /** Refused, or a sketch that can be written again. */
  private static <S> void tryToRead(Kind<S> kind, byte[] bytes) {
    S read;
    try {
      read = kind.read.apply(new ByteReader(bytes));
    } catch (IllegalStateException refused) {
      return;
    }
    byte[] once = kind.written(read);
    assertArrayEquals(once, kind.written(kind.again(read)));
    assertTrue(kind.bytes.applyAsLong(read) < 200_000);
  }
}
