package dev.leat.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void everyValueIsInTheFirstBucketThatIsLargeEnough() {
    for (long seed = 1; seed <= 50; seed++) {
      check(seed, new Random(seed));
    }
  }

  private static void check(long seed, Random chance) {
    Histogram histogram =
        switch (chance.nextInt(3)) {
          case 0 -> Histogram.ofDurations();
          case 1 -> Histogram.ofShortDurations();
          default -> Histogram.ofCounts();
        };
    long[] bounds = histogram.read().bounds();
    long[] expected = new long[bounds.length + 1];
    long sum = 0;
    int values = chance.nextInt(500);
    for (int i = 0; i < values; i++) {
      // As often on a bound, or beside one, as anywhere.
      long value =
          chance.nextBoolean()
              ? bounds[chance.nextInt(bounds.length)] + chance.nextLong(-1, 2)
              : chance.nextLong(-5, 1L << chance.nextInt(3, 40));
      histogram.record(value);
      int bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]) {
        bucket++;
      }
      expected[bucket]++;
      sum += Math.max(0, value);
    }
    Histogram.Reading read = histogram.read();
    assertArrayEquals(expected, read.counts(), "seed " + seed);
    assertEquals(sum, read.sum(), "seed " + seed);
    assertEquals(values, read.count(), "seed " + seed);
  }

  @Test
  void sharesAreRoundedUpToBounds() {
    Histogram histogram = Histogram.ofShortDurations();
    assertEquals(0, histogram.read().atMost(0.99));
    histogram.record(5_000_000_000L);
    assertEquals(100_000_000, histogram.read().atMost(0.5), "beyond all bounds");
    Histogram.Reading before = histogram.read();
    for (int i = 0; i < 98; i++) {
      histogram.record(90);
    }
    histogram.record(600);
    histogram.record(700);
    Histogram.Reading lately = histogram.read().since(before);
    assertEquals(100, lately.count());
    assertEquals(98 * 90 + 600 + 700, lately.sum());
    assertEquals(100, lately.atMost(0.5));
    assertEquals(100, lately.atMost(0.98));
    assertEquals(1_000, lately.atMost(0.99));
  }

  @Test
  void nothingIsLostBetweenThreads() throws InterruptedException {
    Histogram histogram = Histogram.ofCounts();
    int threads = 4;
    int each = 20_000;
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int j = 0; j < each; j++) {
                      histogram.record(j % 7);
                    }
                  }));
    }
    for (Thread thread : all) {
      thread.join();
    }
    long sum = 0;
    for (int j = 0; j < each; j++) {
      sum += j % 7;
    }
    assertEquals((long) threads * each, histogram.read().count());
    assertEquals(threads * sum, histogram.read().sum());
  }
}
