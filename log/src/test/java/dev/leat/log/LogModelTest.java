package dev.leat.log;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one log against a naive model, each decided by its seed alone: appends in
 * groups, reads, releases, clock moves, full disks, failing writes and forces, power cuts before
 * any change of the disk including those of recovery.
 *
 * <p>{@code -Dleat.log.seed=N} runs that seed alone; {@code -Dleat.log.seeds=N} runs so many.
 */
class LogModelTest {
  private static final long FIRST_SEED = 1;

  // Failing disks are what this is about; thousands of reports of them would hide the one that
  // matters.
  private static final Logger QUIET = Logger.getLogger("dev.leat.log");

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  @Test
  void everythingAnsweredIsKeptThroughEveryHistory() {
    forEachSeed(Long.getLong("leat.log.seeds", 3000), LogModel::run);
  }

  @Test
  void damageIsReportedAndNeverReadAsSomethingElse() {
    forEachSeed(Long.getLong("leat.log.seeds", 1500), LogModel::runAndDamage);
  }

  private interface History {
    void run(LogModel model, int steps) throws Exception;
  }

  private static void forEachSeed(long count, History history) {
    Long one = Long.getLong("leat.log.seed");
    long first = one == null ? FIRST_SEED : one;
    for (long seed = first; seed < first + (one == null ? count : 1); seed++) {
      RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      try {
        history.run(new LogModel(chance), 20 + chance.nextInt(100));
      } catch (Exception | AssertionError broken) {
        fail("see it again with -Dleat.log.seed=" + seed, broken);
      }
    }
  }
}
