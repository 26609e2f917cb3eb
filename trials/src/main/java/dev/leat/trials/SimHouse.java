package dev.leat.trials;

import dev.leat.engine.Engine;
import dev.leat.engine.EngineOptions;
import dev.leat.engine.StateOptions;
import dev.leat.event.Metrics;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The rooms of a house in a {@link World}: the real log and the real engine with all its threads,
 * and a {@link SimStore} between them, on one simulated disk. Opened and closed by a simulated
 * thread.
 */
final class SimHouse {
  private final World world;
  final SimStore store;
  final SegmentedLog log;
  final Engine engine;

  /** What one directory is always opened with. */
  record Settings(LogOptions log, EngineOptions engine, StateOptions state) {
    /** Small, so that everything rolls, merges and waits within a few hundred events. */
    static Settings draw(RandomGenerator chance) {
      int batch = 8 << 10;
      LogOptions log =
          new LogOptions(
              (16 + 16 * chance.nextInt(3)) << 10,
              batch,
              1 << (9 + chance.nextInt(4)),
              batch + chance.nextInt(16 << 10),
              Duration.ofSeconds(chance.nextBoolean() ? 20 : 3_600),
              1 << 20,
              16 << 10,
              1 + chance.nextInt(2));
      long commitBytes = 500 + chance.nextLong(10_000);
      EngineOptions engine =
          new EngineOptions(
              1 + chance.nextInt(2),
              Duration.ofMillis(200 + chance.nextInt(8_000)),
              commitBytes,
              commitBytes * (1 + chance.nextInt(4)),
              Duration.ofSeconds(1 + chance.nextInt(8)),
              Duration.ofMillis(100 + chance.nextInt(2_000)));
      StateOptions state =
          new StateOptions(
              8 + chance.nextInt(60),
              1 + chance.nextInt(5),
              1 + chance.nextInt(2),
              2 + chance.nextInt(3),
              16,
              1 + chance.nextInt(3));
      return new Settings(log, engine, state);
    }
  }

  /** Where the log ended when it was opened. */
  final long recoveredEnd;

  private SimHouse(
      World world, SimStore store, SegmentedLog log, long recoveredEnd, Engine engine) {
    this.world = world;
    this.recoveredEnd = recoveredEnd;
    this.store = store;
    this.log = log;
    this.engine = engine;
  }

  /** Opens the rooms as the real house does: the tables first. */
  static SimHouse open(World world, SimDisk disk, Settings settings, RandomGenerator chance)
      throws IOException, InterruptedException {
    SimStore store = new SimStore(disk, world);
    SegmentedLog log =
        SegmentedLog.open(disk, settings.log(), world.clock(), store.committed(), chance, world);
    long recoveredEnd = log.nextOffset();
    try {
      Engine engine =
          Engine.start(
              new Engine.Rooms(log, store, disk, _ -> SimShop.PLAN, settings.state(), world),
              SimShop.ENCODED,
              settings.engine(),
              world.clock(),
              chance);
      store.provide(engine.metricTables());
      return new SimHouse(world, store, log, recoveredEnd, engine);
    } catch (IOException | RuntimeException failed) {
      log.close();
      throw failed;
    }
  }

  /** What stands in the way of working; empty if nothing does. */
  String trouble() {
    return engine.status().running()
        ? engine.status().detail() + log.status().detail()
        : "the engine stands still: " + engine.status().detail();
  }

  /** Waits until everything that was sent is committed and nothing waits for a recomputation. */
  void settle() throws InterruptedException {
    Laws.require(
        store.awaitVisible(log.nextOffset(), Duration.ofMinutes(2)),
        "processing has not reached %d, it is at %d: %s",
        log.nextOffset(),
        store.visibleOffset(),
        trouble());
    long end = world.nanoTime() + Duration.ofMinutes(30).toNanos();
    while (pending() > 0) {
      Laws.require(world.nanoTime() < end, "recomputations do not end: %s", details());
      world.sleep(1_000_000_000L);
    }
    Laws.require(engine.drain(Duration.ofMinutes(2)), "no commit succeeds: %s", trouble());
  }

  private long pending() {
    return engine.metrics().metrics().stream().mapToLong(info -> info.counts().pending()).sum();
  }

  private String details() {
    StringBuilder all = new StringBuilder();
    for (Metrics.MetricInfo info : engine.metrics().metrics()) {
      all.append(info.name()).append(' ').append(info.counts()).append(' ').append(info.detail());
    }
    return all.toString();
  }

  void close() {
    engine.close();
    log.close();
    store.close();
  }
}
