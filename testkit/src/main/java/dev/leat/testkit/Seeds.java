package dev.leat.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs a random test many times, each time from a seed of its own that a failure names.
 *
 * <p>{@code -Dleat.seed=N} runs one seed alone, {@code -Dleat.seeds=N} sets how many are run.
 */
public final class Seeds {
  private Seeds() {}

  /** A test of one seed. */
  @FunctionalInterface
  public interface Body {
    void run(long seed, RandomGenerator chance) throws Exception;
  }

  /** Runs seeds 1 to {@code count}, or what the system properties ask for. */
  public static void run(int count, Body body) {
    Long one = Long.getLong("leat.seed");
    if (one != null) {
      runOne(one, body);
      return;
    }
    int seeds = Integer.getInteger("leat.seeds", count);
    for (long seed = 1; seed <= seeds; seed++) {
      runOne(seed, body);
    }
  }

  /** Chance that is the same for the same seed, on every machine. */
  public static RandomGenerator chance(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static void runOne(long seed, Body body) {
    try {
      body.run(seed, chance(seed));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "seed %d failed: %s%nrun it alone with -Dleat.seed=%d".formatted(seed, failure, seed),
          failure);
    }
  }
}
