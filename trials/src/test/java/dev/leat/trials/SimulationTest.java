package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventLog.Append;
import dev.leat.testkit.Seeds;
import dev.leat.trials.SimShop.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The short form of {@code leat simulate}. */
class SimulationTest {
  /** So many seeds; more with -Dleat.simulation.seeds=N, or with ./leat simulate. */
  private static final int SEEDS = Integer.getInteger("leat.simulation.seeds", 60);

  /** Seeds that have found something; they stay. */
  private static final List<Long> FOUND = List.of(35L, 46L, 105L);

  private static Simulation.Outcome run(long seed) {
    try {
      return Simulation.run(seed, Trace.silent());
    } catch (AssertionError broken) {
      throw new AssertionError(
          "seed %d: %s%nsee what happens with: ./leat simulate --seed %d"
              .formatted(seed, broken.getMessage(), seed),
          broken);
    }
  }

  @Test
  void theLawsHoldInEverySeed() {
    FOUND.forEach(SimulationTest::run);
    long acknowledged = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      acknowledged += run(seed).acknowledged();
    }
    assertTrue(acknowledged > 0);
  }

  @Test
  void aSeedDoesTheSameEveryTime() {
    Simulation.Outcome first = run(3);
    Simulation.Outcome other = run(4);
    assertEquals(first, run(3));
    assertNotEquals(first.traceHash(), other.traceHash());
  }

  @Test
  void aMissingAndADoubledRowAreFound() {
    Event event = new Event("order", "/p", "a", "w", 1, "", "{}");
    World world = new World(Seeds.chance(1), Trace.silent(), 0);
    Acknowledged acknowledged = new Acknowledged();
    acknowledged.add(new Append.Kept(5, 5), List.of(event), world);
    SimRow row = row(5, "a");
    assertEquals(Map.of(5L, row), Laws.rows(List.of(row), acknowledged, 6));
    assertThrows(AssertionError.class, () -> Laws.rows(List.of(), acknowledged, 6));
    assertThrows(AssertionError.class, () -> Laws.rows(List.of(row, row), acknowledged, 6));
    assertThrows(AssertionError.class, () -> Laws.rows(List.of(row, row(6, "a")), acknowledged, 6));
    assertThrows(AssertionError.class, () -> Laws.rows(List.of(row(5, "b")), acknowledged, 6));
  }

  private static SimRow row(long offset, String id) {
    return new SimRow("orders", offset, new TreeMap<>(Map.of("id", id, "source", "/p")));
  }

  @Test
  void timePassesWhenNobodyHasAnythingToDo() {
    World world = new World(Seeds.chance(1), Trace.silent(), 0);
    ReentrantLock lock = new ReentrantLock();
    boolean[] over = {false};
    Thread _ =
        world.start(
            "waits",
            () -> {
              lock.lock();
              try {
                long left = Duration.ofHours(1).toNanos();
                while (left > 0) {
                  left = world.await(lock, lock.newCondition(), left);
                }
                over[0] = true;
              } catch (InterruptedException unexpected) {
                world.fail(unexpected);
              } finally {
                lock.unlock();
              }
            });
    assertEquals(World.End.DONE, world.run(() -> over[0], Duration.ofHours(2)));
    assertTrue(world.nanoTime() >= Duration.ofHours(1).toNanos());
    assertEquals(World.End.STUCK, world.run(() -> false, Duration.ofHours(2)));
  }
}
