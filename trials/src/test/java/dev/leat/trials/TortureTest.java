package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.trials.TortureFault.At;
import dev.leat.trials.TortureFault.Kill;
import dev.leat.trials.TortureFault.Kind;
import dev.leat.trials.TortureFault.Pause;
import dev.leat.trials.TortureFault.Power;
import dev.leat.trials.TortureFault.Second;
import dev.leat.trials.TortureGround.Sort;
import dev.leat.trials.Trap.Effect;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code leat torture}: a real server, broken a few times. */
class TortureTest {
  private static final long SEED = 4711;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final TortureReport report = new TortureReport();

  @Test
  void nothingIsLostOrTwiceWhereverAServerIsKilled() throws Exception {
    SplittableRandom chance = new SplittableRandom(SEED);
    TortureGround ground = TortureGround.make(Sort.PLAIN, directory.resolve("plain"));
    TortureStretch stretch = stretch(ground);
    stretch.run(new Kill(chance.nextInt(500)));
    stretch.run(halt(Point.APPEND_FORCED, 20, Effect.HALT_AFTER));
    stretch.run(halt(Point.SEAL, 3, Effect.HALT_AFTER));
    stretch.run(new Second());
    stretch.run(new Kill(chance.nextInt(1_000)));
    stretch.run(halt(Point.COMMIT, 2, Effect.HALT_HALFWAY));
    stretch.run(halt(Point.CHECKPOINT, 4, Effect.HALT_BEFORE));
    stretch.run(new Pause(2_000));
    stretch.run(new Kill(chance.nextInt(1_000)));
    assertTrue(stretch.finish(), report::table);
    assertEquals(1, report.halts(Point.SEAL), report::table);
    assertEquals(1, report.halts(Point.COMMIT), report::table);
    ground.remove();
  }

  @Test
  void nothingIsLostOrTwiceWhenThePowerIsCut() throws Exception {
    String refusal = LoopDisk.refusal();
    if (!refusal.isEmpty()) {
      System.out.println("skipped: power: " + refusal);
    }
    Assumptions.assumeTrue(refusal.isEmpty(), refusal);
    TortureGround ground = TortureGround.make(Sort.POWER, directory.resolve("power"));
    try {
      TortureStretch stretch = stretch(ground);
      stretch.run(new Power(600));
      assertTrue(stretch.finish(), report::table);
    } finally {
      ground.remove();
    }
  }

  @Test
  void everyKindOfFaultCanBeChosenAndEveryPointIsHit() {
    SplittableRandom chance = new SplittableRandom(SEED);
    Set<Point> points = new java.util.HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      for (Kind kind : Kind.values()) {
        TortureFault fault = TortureFault.any(kind, chance, _ -> 0);
        assertEquals(kind, fault.kind());
        if (fault instanceof At at) {
          assertEquals(at.trap(), Trap.parse(at.trap().text()));
          points.add(at.trap().point());
        }
      }
    }
    assertEquals(Set.of(Point.values()), points);
  }

  private TortureStretch stretch(TortureGround ground) throws Exception {
    List<String> launcher = TortureRun.java(List.of());
    return new TortureStretch(SEED, ground, report, launcher, Integer.MAX_VALUE);
  }

  private static At halt(Point point, int nth, Effect effect) {
    return new At(new Trap(point, nth, effect));
  }
}
