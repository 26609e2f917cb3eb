package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Balance;
import dev.leat.event.TableSpec;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random mixes of events through everything that decides about them, with definitions that change,
 * dead letters that are sent again and power cuts, against a model that is written from the
 * references.
 */
@Timeout(600)
class PipelineModelTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  // Power cuts and failing commits are what this is about; their reports would hide what matters.
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
  void everyEventGetsTheVerdictOfTheModel() {
    Seeds.run(10, (seed, chance) -> new Lives(chance).run());
  }

  @Test
  void rowsAreAFunctionOfTheLog() {
    Seeds.run(
        2,
        (seed, chance) -> {
          MixRun run = new MixRun(chance);
          run.define(MixDefinition.FIRST);
          for (int left = 20 + chance.nextInt(60); left > 0; left--) {
            run.send();
          }
          MemoryStore once = new MemoryStore();
          try (Engine engine =
              EngineRuns.start(
                  new FrozenLog(run.log, 64, chance),
                  once,
                  new SimDisk(),
                  MixDefinition.FIRST,
                  chance)) {
            assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
          }
          new ModelCheck(once, run.model).everyEventIsWhereItShouldBe();
          for (int longest : new int[] {1, 20, 1_000}) {
            MemoryStore often = new MemoryStore();
            livesOf(new FrozenLog(run.log, longest, chance), often, chance);
            for (TableSpec table : once.tables()) {
              assertSame(StoreRows.of(once, table.name()), StoreRows.of(often, table.name()));
            }
            assertEquals(once.tables(), often.tables());
          }
        });
  }

  private static void assertSame(
      List<Map<String, Object>> expected, List<Map<String, Object>> found) {
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      assertEquals(expected.get(i), found.get(i));
    }
    assertEquals(expected.size(), found.size());
  }

  private static void livesOf(FrozenLog log, MemoryStore store, RandomGenerator chance)
      throws Exception {
    SimDisk disk = new SimDisk();
    for (int left = 1 + chance.nextInt(6); left > 0; left--) {
      try (Engine engine = EngineRuns.start(log, store, disk, MixDefinition.SECOND, chance)) {
        boolean cut = chance.nextInt(4) == 0;
        if (cut) {
          disk.cutPowerAfter(1 + chance.nextInt(200));
        }
        // Where the power is cut that may be never.
        boolean reached =
            store.awaitVisible(
                chance.nextLong(log.nextOffset() + 1), cut ? Duration.ofMillis(50) : PATIENCE);
        assertTrue(reached || cut, () -> engine.status().detail());
      }
      store.crash();
      disk.crash(chance);
    }
    try (Engine engine = EngineRuns.start(log, store, disk, MixDefinition.SECOND, chance)) {
      assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      assertEquals("", engine.balance().detail());
    }
  }

  /** The lives of a server, each ended by a crash but the last. */
  private static final class Lives {
    private final RandomGenerator chance;
    private final MixRun run;
    private final MemoryStore store = new MemoryStore();
    private final SimDisk disk = new SimDisk();

    Lives(RandomGenerator chance) {
      this.chance = chance;
      this.run = new MixRun(chance);
    }

    void run() throws Exception {
      for (int left = chance.nextInt(5); left > 0; left--) {
        boolean cut = chance.nextInt(3) == 0;
        try (Engine engine = start()) {
          store.failCommits(chance.nextInt(4) / 3);
          if (cut) {
            disk.cutPowerAfter(1 + chance.nextInt(200));
          }
          live(engine, cut);
        }
        store.crash();
        if (chance.nextInt(4) == 0) {
          disk.kill();
        } else {
          disk.crash(chance);
        }
      }
      store.failCommits(0);
      try (Engine engine = start()) {
        live(engine, false);
        assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
        check(engine);
      }
    }

    private Engine start() throws Exception {
      MixDefinition definition = chance.nextInt(3) == 0 ? run.other() : run.model.definition();
      run.willDefine(definition);
      return EngineRuns.start(run.log, store, disk, definition, chance);
    }

    private void live(Engine engine, boolean cut) throws Exception {
      for (int left = chance.nextInt(40); left > 0; left--) {
        run.send();
        if (chance.nextInt(10) == 0) {
          store.awaitVisible(run.log.nextOffset() - chance.nextInt(30), Duration.ofMillis(20));
        }
        if (!cut && chance.nextInt(25) == 0) {
          MixDefinition next = run.other();
          run.willDefine(next);
          assertEquals(run.model.version(), engine.define(next.bytes()));
        }
        if (!cut && chance.nextInt(40) == 0) {
          store.failCommits(0);
          assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
          check(engine);
        }
      }
    }

    private void check(Engine engine) {
      new ModelCheck(store, run.model).everyEventIsWhereItShouldBe();
      Balance balance = engine.balance();
      assertEquals("", balance.detail());
      assertTrue(balance.balanced());
      assertEquals(run.model.streams(), balance.streams());
      assertEquals(run.model.accepted(), balance.total().accepted());
      assertEquals(
          run.log.nextOffset() - run.model.controls() - run.model.resent(),
          balance.total().accepted());
      assertEquals(0, balance.total().gap());
      assertEquals(run.model.version(), engine.definitionVersion());
      assertEquals(run.log.nextOffset(), balance.position());
    }
  }
}
