package dev.leat.server;

import dev.leat.engine.Engine;
import dev.leat.engine.EngineOptions;
import dev.leat.engine.EngineStatus;
import dev.leat.event.Balance;
import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.OsDisk;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.store.DuckStore;
import dev.leat.store.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rooms behind the door, opened on a data directory without listening: processes what is in the
 * log and lets it be looked at. Nothing expires here: neither segments of the log, nor rows, as
 * time stands still. One thread opens, uses and closes it.
 */
final class QuietHouse implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration COMMIT = Duration.ofSeconds(30);

  private final Deque<AutoCloseable> rooms = new ArrayDeque<>();
  private final EventLog log;
  private final EventStore store;
  private final Engine engine;

  private QuietHouse(Path data, int partitions, byte[] definition, InstantSource clock)
      throws IOException, InterruptedException {
    try {
      OsDisk disk = new OsDisk(data);
      store =
          opened(DuckStore.open(data.resolve("store"), StoreOptions.defaults(partitions), clock));
      LogOptions keepAll =
          LogOptions.defaults()
              .withRetention(Duration.ofDays(36_500))
              .withRetentionBytes(Long.MAX_VALUE / 2);
      log = opened(SegmentedLog.open(disk, keepAll, clock, store.committed()));
      KeptPlans plans =
          new KeptPlans(new DefinitionLoader(Extensions.kinds(), ContentStore.in(data)));
      engine =
          opened(
              Engine.start(
                  new Engine.Rooms(log, store, disk, plans),
                  definition,
                  EngineOptions.of(partitions),
                  clock,
                  new SecureRandom()));
      store.provide(engine.metricTables());
    } catch (IOException | InterruptedException | RuntimeException failed) {
      close();
      throw failed;
    }
  }

  /**
   * Opens the rooms.
   *
   * @param definition for events that come after what is in the log; none do
   * @param clock the time of the last event is a good one to stand still at
   */
  static QuietHouse open(Path data, int partitions, byte[] definition, InstantSource clock)
      throws IOException, InterruptedException {
    return new QuietHouse(data, partitions, definition, clock);
  }

  private <T extends AutoCloseable> T opened(T room) {
    rooms.push(room);
    return room;
  }

  /**
   * Processes the log to its end and commits.
   *
   * @throws CommandFailure if processing stops before
   */
  void finish(Progress progress) throws InterruptedException {
    long from = store.visibleOffset();
    long end = log.nextOffset();
    while (!store.awaitVisible(end, LOOK)) {
      requireRunning();
      if (progress.isDue()) {
        long done = store.visibleOffset();
        progress.show(
            (double) (done - from) / Math.max(1, end - from),
            "processed up to position %,d of %,d".formatted(done, end));
      }
    }
    while (!engine.drain(COMMIT)) {
      requireRunning();
      progress.say("waiting for the last commit: " + engine.status().detail());
    }
    progress.clear();
  }

  private void requireRunning() {
    EngineStatus status = engine.status();
    if (!status.running()) {
      throw new CommandFailure("processing stopped: " + status.detail());
    }
  }

  EventStore store() {
    return store;
  }

  /** The first offset that the log does not have. */
  long end() {
    return log.nextOffset();
  }

  Balance balance() {
    return engine.balance();
  }

  @Override
  public void close() {
    while (!rooms.isEmpty()) {
      AutoCloseable room = rooms.pop();
      try {
        room.close();
      } catch (Exception failed) {
        System.getLogger(QuietHouse.class.getName())
            .log(
                System.Logger.Level.ERROR,
                "closing " + room.getClass().getSimpleName() + " failed",
                failed);
      }
    }
  }
}
