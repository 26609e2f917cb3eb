package dev.leat.trials;

import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import dev.leat.trials.SimHouse.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One seed: producers send to a house that is killed, whose power is cut, whose disk fails, is slow
 * and full, again and again, also while it starts; then comes a calm end, and everything has to be
 * there once. The laws are looked at all the time. In one seed of {@value #ROTTEN} something rots
 * before the calm end: what the disk no longer has is said, and all else is as ever.
 *
 * <p>Everything happens on the calling thread. What the simulated disk can do stands first in
 * {@link SimDisk}.
 */
final class Simulation {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final Duration CALM = Duration.ofHours(2);

  /** No event is further ahead of its time. */
  private static final Duration AHEAD = Duration.ofMinutes(40);

  /** One seed of so many has damage at rest. */
  private static final int ROTTEN = 8;

  /** No frame of the log has more events: each producer waits for its answer. */
  private static final int LAST_FRAME = 18;

  /** How a house says that it could not restore what it knew. */
  private static final String FORGOT = "no version of the state is whole";

  /** So often a start may find more of the same damage. */
  private static final int MAX_STARTS = 4;

  private static final long HOUR = 3_600_000_000L; // in microseconds
  private static final long SECOND = 1_000_000_000L;

  static {
    // A house that dies a thousand times warns as often, through a lock that worlds side by side
    // would share; who wants to read it sets the level.
    if (System.getProperty("LEAT_LOG_LEVEL") == null && System.getenv("LEAT_LOG_LEVEL") == null) {
      System.setProperty("LEAT_LOG_LEVEL", "OFF");
    }
  }

  private final RandomGenerator chance;
  private final World world;
  private final SimDisk disk;
  private final Settings settings;
  private final Acknowledged acknowledged = new Acknowledged();
  private final List<SimProducer> producers = new ArrayList<>();
  private long committed;

  /** Most have few events and few lives: what goes wrong mostly does so at starts and ends. */
  private final boolean brief;

  /** Whether something on the disk is damaged before the calm end. */
  private final boolean rots;

  /** What it is, once there is something. */
  private @Nullable Rot rot;

  /** Whether the house has said that no state could be gone back to, and ids are not remembered. */
  private boolean forgot;

  // Of one life.
  private boolean disturbed;
  private boolean closing;
  private boolean ended;
  private @Nullable SimHouse house;

  /** Whether the engine met damage and stands still until the next start. */
  private boolean standsStill;

  private Simulation(long seed, Trace trace) {
    rots = seed % ROTTEN == 0;
    chance = Seeds.chance(seed);
    world = new World(chance, trace, new int[] {0, 5, 50}[chance.nextInt(3)]);
    disk = new SimDisk(world);
    disk.tearSectors(chance.nextBoolean());
    settings = Settings.draw(chance);
    brief = chance.nextInt(4) != 0;
    int many = 1 + chance.nextInt(3);
    for (int i = 0; i < many; i++) {
      int batches = brief ? 2 + chance.nextInt(10) : 5 + chance.nextInt(30);
      producers.add(new SimProducer("/p" + i, batches, chance, acknowledged));
    }
  }

  /** What a seed has shown. */
  record Outcome(long traceHash, long steps, int acknowledged) {}

  /**
   * Runs a seed.
   *
   * @throws AssertionError if a law is broken; its message says which
   */
  static Outcome run(long seed, Trace trace) {
    Simulation simulation = new Simulation(seed, trace);
    try {
      simulation.live();
    } catch (IllegalStateException failed) {
      throw new AssertionError(
          failed.getCause() == null ? failed.toString() : failed.getCause().toString(), failed);
    }
    return new Outcome(trace.hash(), simulation.world.steps(), simulation.acknowledged.size());
  }

  private void live() {
    int lives = 1 + chance.nextInt(brief ? 4 : 6);
    for (int life = 0; life < lives; life++) {
      badLife();
    }
    if (rots) {
      Rot struck = Rot.strike(disk, chance);
      if (struck != null) {
        world.trace().act(world.nanoTime(), "rot: " + struck.what(), struck.file(), 0);
      }
      rot = struck;
    }
    calmLife(true);
    calmLife(false);
  }

  private void begin(String what) {
    disturbed = false;
    closing = false;
    ended = false;
    house = null;
    world.trace().act(world.nanoTime(), what, "", 0);
  }

  private void badLife() {
    begin("life");
    boolean dies = chance.nextInt(8) != 0;
    if (dies) {
      disk.cutPowerAfter(1 + (long) Math.exp(chance.nextDouble() * 7));
    }
    disturb();
    Thread _ = world.start("main", this::badMain);
    World.End end = world.run(() -> ended, LIFE);
    if (end == World.End.STUCK) {
      throw new AssertionError("nothing goes on: " + world.stacks());
    }
    afterwards(end);
  }

  private void afterwards(World.End end) {
    world.end();
    disk.capacity(Long.MAX_VALUE / 4);
    if (chance.nextBoolean()) {
      world.trace().act(world.nanoTime(), "power cut", end.name(), 0);
      disk.crash(chance);
    } else {
      world.trace().act(world.nanoTime(), "kill", end.name(), 0);
      disk.kill();
    }
  }

  /** Chooses what the disk will do wrong in this life. */
  private void disturb() {
    int what = chance.nextInt(12);
    int when = chance.nextInt(150);
    disturbed = what < 4;
    switch (what) {
      case 0 -> disk.failWrite(when);
      case 1 -> disk.failForce(when);
      case 2 -> disk.failRead(chance.nextInt(40));
      case 3 -> {
        Thread _ = world.start("filler", this::fillDisk);
      }
      default -> {}
    }
  }

  /** The disk becomes full, and later it is not. */
  private void fillDisk() {
    try {
      world.sleep(1_000_000L * chance.nextInt(20_000));
      disk.fill(chance.nextInt(40_000));
      world.sleep(1_000_000L * chance.nextInt(20_000));
      disk.capacity(Long.MAX_VALUE / 4);
    } catch (InterruptedException unexpected) {
      world.fail(unexpected);
    }
  }

  private void badMain() {
    try {
      if (!open()) {
        return;
      }
      SimHouse open = open(house);
      work(open, 1 + chance.nextInt(30));
      if (!disturbed) {
        String trouble = open.trouble();
        Laws.require(trouble.isEmpty(), "nothing was wrong, and yet: %s", trouble);
      }
      if (chance.nextBoolean()) {
        boolean drained = open.engine.drain(Duration.ofSeconds(30));
        Laws.require(drained || disturbed, "no commit in 30 s: %s", open.trouble());
      }
      if (chance.nextBoolean()) {
        closing = true;
        open.close();
      }
    } catch (InterruptedException | RuntimeException | AssertionError failed) {
      world.fail(failed);
    } finally {
      ended = true;
    }
  }

  private static SimHouse open(@Nullable SimHouse house) {
    if (house == null) {
      throw new IllegalStateException("the house is not open");
    }
    return house;
  }

  /** False if that failed, which it may if the disk did. */
  private boolean open() throws InterruptedException {
    try {
      SimHouse opened = SimHouse.open(world, disk, settings, chance);
      house = opened;
      recovered(opened);
      Thread _ = world.start("watcher", () -> watch(opened));
      return true;
    } catch (IOException | RuntimeException failed) {
      if (disturbed) {
        return false;
      }
      throw new IllegalStateException("the start failed: " + failed, failed);
    }
  }

  private void recovered(SimHouse opened) {
    long now = opened.store.committed();
    if (rot != null) {
      recovered(opened, rot);
      return;
    }
    Laws.require(now >= committed, "the position went back from %d to %d", committed, now);
    committed = now;
    Laws.require(
        opened.log.nextOffset() >= acknowledged.end(),
        "the log ends at %d, events up to %d were acknowledged",
        opened.log.nextOffset(),
        acknowledged.end());
    Map<Long, SimRow> _ = Laws.rows(opened.store.committedRows(), acknowledged, now);
  }

  /**
   * After damage the state may have gone back, and be made again from the log. A damaged last frame
   * of the log looks like a write that was never finished; how much stood where a file was cut
   * short, or can't be read, nobody knows, but that it was is said.
   */
  private void recovered(SimHouse opened, Rot struck) {
    long end = opened.recoveredEnd;
    int tail = acknowledged.forgetFrom(end);
    boolean isSaid = !opened.log.status().detail().isEmpty();
    Laws.require(
        tail == 0 || (struck.ofLog() && (tail <= LAST_FRAME || isSaid)),
        "the log ends at %d, %d acknowledged events were behind it, and the damage is %s",
        end,
        tail,
        struck);
    committed = opened.store.committed();
  }

  /** Looks at the laws again and again. */
  private void watch(SimHouse opened) {
    long seen = opened.store.committed();
    try {
      while (!ended) {
        world.sleep(1_000_000L * (5 + chance.nextInt(3_000)));
        long visible = opened.store.visibleOffset();
        long end = opened.log.nextOffset();
        long kept = opened.store.committed();
        Laws.require(visible >= seen, "visible went back from %d to %d", seen, visible);
        Laws.require(visible <= end, "%d shows, the log ends at %d", visible, end);
        Laws.require(kept >= committed, "committed went back from %d to %d", committed, kept);
        seen = visible;
        committed = kept;
        if (rot == null) {
          Laws.balance(opened.engine.balance());
        }
        EngineStatus status = opened.engine.status();
        Laws.require(
            disturbed
                || closing
                || ended
                || rot != null
                || (status.running() && status.detail().isEmpty()),
            "nothing was wrong, and yet: %s",
            status);
      }
    } catch (InterruptedException | RuntimeException | AssertionError failed) {
      if ((!disturbed && rot == null) || failed instanceof AssertionError) {
        world.fail(failed);
      }
    }
  }

  /** All producers at once; returns when they have sent what they wanted to. */
  private void work(SimHouse opened, int batches) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < producers.size(); i++) {
      SimProducer producer = producers.get(i);
      threads.add(world.start("producer-" + i, () -> producer.run(opened.log, world, batches)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Nothing happens to this one; in the end all has to be right. */
  private void calmLife(boolean working) {
    int starts = 0;
    do {
      begin("calm");
      standsStill = false;
      Thread _ = world.start("main", () -> calmMain(working));
      World.End end = world.run(() -> ended, CALM);
      if (end != World.End.DONE) {
        throw new AssertionError("nothing goes on: " + world.stacks());
      }
      world.end();
      disk.kill();
      Laws.require(++starts <= MAX_STARTS, "damage is found again at every start");
    } while (standsStill);
  }

  private void calmMain(boolean working) {
    try {
      boolean _ = open();
      SimHouse opened = open(house);
      while (working && producers.stream().anyMatch(producer -> !producer.isDone())) {
        work(opened, Integer.MAX_VALUE);
        Laws.require(opened.log.status().writable(), "the log: %s", opened.log.status());
      }
      if (working) {
        closeWindows(opened);
      }
      opened.settle();
      check(opened);
      ended = true;
      opened.close();
    } catch (InterruptedException | RuntimeException | AssertionError failed) {
      standsStill = metDamage();
      if (!standsStill) {
        world.fail(failed);
      }
    } finally {
      ended = true;
    }
  }

  /**
   * Whether an engine met damage while it ran: it stops, says so, and the next start sets the file
   * aside.
   */
  private boolean metDamage() {
    SimHouse opened = house;
    return rot != null
        && opened != null
        && !opened.engine.status().running()
        && opened.engine.status().detail().contains("is damaged");
  }

  /** What came ahead of its time is counted when its time has come and an event says so. */
  private void closeWindows(SimHouse opened) throws InterruptedException {
    long grain = chance.nextInt(64) == 0 ? 1 : 5 * SECOND + chance.nextLong(30 * SECOND);
    world.idle(AHEAD.toNanos(), grain);
    SimProducer last = new SimProducer("/last", 0, chance, acknowledged);
    last.finish(opened.log, world);
  }

  private void check(SimHouse opened) throws InterruptedException {
    List<SimRow> rows = opened.store.committedRows();
    Balance balance = opened.engine.balance();
    String trouble = opened.trouble();
    Rot struck = rot;
    if (struck == null) {
      Map<Long, SimRow> byOffset = Laws.rows(rows, acknowledged, opened.log.nextOffset());
      Laws.counted(balance, byOffset);
      Laws.require(trouble.isEmpty(), "at the calm end: %s", trouble);
    } else {
      forgot |= trouble.contains(FORGOT);
      Laws.lost(rows, acknowledged, balance, struck);
      Map<Long, SimRow> _ =
          forgot
              ? Laws.kept(rows, acknowledged, opened.log.nextOffset())
              : Laws.rows(rows, acknowledged, opened.log.nextOffset());
    }
    long begin = micros();
    String difference =
        MetricOracle.difference(
            MetricOracle.expected(rows),
            MetricOracle.served(opened.engine.metrics(), begin - 5 * HOUR, begin + 2 * HOUR));
    Laws.require(difference.isEmpty(), "%s", difference);
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, world.clock().instant());
  }
}
