package dev.leat.engine;

import dev.leat.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Random histories of a store of cells against a naive model, each decided by its seed alone:
 * changes of all kinds, commits that happen or do not, merges at any moment and in the middle of
 * reading, failing writes and forces, power cuts before any change of the disk, flipped bits.
 */
class CellStoreModelTest {
  // Failing disks are what this is about.
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
    Seeds.run(150, (seed, chance) -> new CellStoreModel(chance).run(20 + chance.nextInt(300)));
  }

  @Test
  void damageIsReportedAndNeverAnswered() {
    Seeds.run(150, (seed, chance) -> new CellStoreModel(chance).runAndDamage(chance.nextInt(100)));
  }
}
