package dev.leat.engine;

import dev.leat.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one state against a naive model, each decided by its seed alone: additions,
 * lookups, moves of log time, cuts, commits that happen or do not, background work at any moment,
 * failing writes and forces, power cuts before any change of the disk, flipped bits.
 */
class StateModelTest {
  // Failing disks are what this is about; thousands of reports of them would hide the one that
  // matters.
  private static final Logger QUIET = Logger.getLogger("dev.leat.engine");

  @BeforeAll
  static void quiet() {
    QUIET.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    QUIET.setLevel(null);
  }

  @Test
  void answersAsTheModelThroughEveryHistory() {
    Seeds.run(300, (seed, chance) -> new StateModel(chance).run(20 + chance.nextInt(300)));
  }

  @Test
  void damageIsReportedAndNeverAnswered() {
    Seeds.run(200, (seed, chance) -> new StateModel(chance).runAndDamage(50 + chance.nextInt(200)));
  }
}
