package dev.leat.trials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventLog.Append;
import dev.leat.testkit.Seeds;
import dev.leat.trials.SimShop.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** The short form of {@code leat simulate}. */
class SimulationTest {
  /** So many seeds; more with -Dleat.simulation.seeds=N, or with ./leat simulate. */
  private static final int SEEDS = Integer.getInteger("leat.simulation.seeds", 2_000);

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Seeds that have found something; they stay. */
  private static final List<Long> FOUND = List.of(35L, 46L, 105L, 1_568L, 452_435L);

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
  void theLawsHoldInEverySeed() throws InterruptedException {
    FOUND.forEach(SimulationTest::run);
    ManySeeds seeds = new ManySeeds(1, SEEDS);
    ManySeeds.Failed failed = seeds.run(CORES, _ -> {});
    if (failed != null) {
      Simulation.Outcome _ = run(failed.seed());
      throw new AssertionError("seed %d failed once".formatted(failed.seed()), failed.cause());
    }
    assertEquals(SEEDS, seeds.totals().seeds());
    assertTrue(seeds.totals().acknowledged() > SEEDS);
  }

  @Test
  void worldsSideBySideDoNotMeet() throws InterruptedException {
    ManySeeds alone = new ManySeeds(1, 30);
    ManySeeds together = new ManySeeds(1, 30);
    assertNull(alone.run(1, _ -> {}));
    assertNull(together.run(2 * CORES + 1, _ -> {}));
    assertEquals(alone.totals(), together.totals());
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

  @Test
  void aLongWaitTakesFewSteps() {
    World world = new World(Seeds.chance(1), Trace.silent(), 0);
    long second = Duration.ofSeconds(1).toNanos();
    boolean[] over = {false};
    Thread _ = world.start("looks", () -> looking(world, over));
    Thread _ =
        world.start(
            "waits",
            () -> {
              try {
                world.idle(1_000 * second, 10 * second);
                over[0] = true;
              } catch (InterruptedException unexpected) {
                world.fail(unexpected);
              }
            });
    assertEquals(World.End.DONE, world.run(() -> over[0], Duration.ofHours(2)));
    assertTrue(world.nanoTime() >= 1_000 * second);
    assertTrue(world.steps() >= 100 && world.steps() < 110, world.steps() + " steps");
  }

  private static void looking(World world, boolean[] over) {
    try {
      while (!over[0]) {
        world.sleep(1_000_000);
      }
    } catch (InterruptedException unexpected) {
      world.fail(unexpected);
    }
  }

  @Test
  void whoeverWaitsInRealTimeIsFound() {
    World world = new World(Seeds.chance(1), Trace.silent(), 0);
    Thread _ = world.start("waits", () -> LockSupport.parkNanos(3_600_000_000_000L));
    assertThrows(IllegalStateException.class, () -> world.run(() -> false, Duration.ofHours(2)));
  }

  @Test
  void aMonitorThatAnotherThreadHoldsForAWhileChangesNothing() throws InterruptedException {
    Object monitor = new Object();
    World world = new World(Seeds.chance(1), Trace.silent(), 0);
    List<String> order = new ArrayList<>();
    Thread inside =
        world.unstarted(
            "inside",
            () -> {
              synchronized (monitor) {
                order.add("had it");
              }
              world.giveWay();
              order.add("gave way");
            });
    CountDownLatch held = new CountDownLatch(1);
    Thread outside =
        Thread.ofPlatform()
            .start(
                () -> {
                  synchronized (monitor) {
                    held.countDown();
                    while (inside.getState() != Thread.State.BLOCKED) {
                      Thread.onSpinWait();
                    }
                  }
                });
    held.await();
    inside.start();
    assertEquals(World.End.DONE, world.run(() -> order.size() == 2, Duration.ofHours(2)));
    assertEquals(2, world.steps());
    outside.join();
  }
}
