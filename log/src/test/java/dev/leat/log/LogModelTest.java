package dev.leat.log;

import dev.leat.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one log against a naive model, each decided by its seed alone: appends in
 * groups, reads, releases, clock moves, full disks, failing writes and forces, power cuts before
 * any change of the disk including those of recovery.
 */
class LogModelTest {
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
    Seeds.run(3_000, (seed, chance) -> model(chance).run(steps(chance)));
  }

  @Test
  void damageIsReportedAndNeverReadAsSomethingElse() {
    Seeds.run(1_500, (seed, chance) -> model(chance).runAndDamage(steps(chance)));
  }

  private static LogModel model(RandomGenerator chance) {
    return new LogModel(chance);
  }

  private static int steps(RandomGenerator chance) {
    return 20 + chance.nextInt(100);
  }
}
