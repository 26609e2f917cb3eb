package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SHARDS = 5;

  private final MemoryLog log = new MemoryLog();
  private final MemoryStore store = new MemoryStore(SHARDS);

  @Test
  void everyEventBecomesOneRowThroughRestartsAndFailedCommits() {
    Seeds.run(15, (seed, chance) -> new EngineTest().survives(chance));
  }

  private void survives(RandomGenerator chance) throws Exception {
    Events events = new Events(chance);
    long sent = 0;
    int lives = 1 + chance.nextInt(5);
    for (int life = 0; life < lives; life++) {
      store.failCommits(chance.nextInt(3));
      try (Engine engine =
          Engine.start(log, store, options(1 + chance.nextInt(3), 1 + chance.nextInt(4_000)))) {
        int batches = chance.nextInt(30);
        for (int i = 0; i < batches; i++) {
          EventBatch batch = events.batch(chance.nextInt(20), 50);
          log.append(batch);
          sent += batch.count();
        }
        if (chance.nextBoolean()) {
          assertTrue(engine.drain(PATIENCE));
          assertEquals(0, engine.status().lag());
        }
      }
      store.crash();
    }
    try (Engine engine = Engine.start(log, store, options(2, 1_000))) {
      assertTrue(engine.drain(PATIENCE));
    }
    assertEquals(LongStream.range(0, sent).boxed().toList(), store.rows());
    assertEquals(sent, log.released());
  }

  @Test
  void aCommitComesByItselfAfterAWhile() throws InterruptedException {
    EngineOptions quick = new EngineOptions(SHARDS, 2, Duration.ofMillis(20), 1 << 30, 1 << 30);
    try (Engine engine = Engine.start(log, store, quick)) {
      log.append(new Events(Seeds.chance(1)).batch(3, 10));
      store.awaitCommits(1);
      assertTrue(engine.status().running());
    }
    assertEquals(List.of(0L, 1L, 2L), store.rows());
  }

  @Test
  void aFailingCommitIsReportedAndTheLogIsNotReleased() throws InterruptedException {
    store.failCommits(Integer.MAX_VALUE);
    try (Engine engine = Engine.start(log, store, options(1, 1))) {
      log.append(new Events(Seeds.chance(1)).batch(3, 10));
      store.awaitFailures(2);
      assertFalse(engine.drain(Duration.ofMillis(1)));
      assertTrue(engine.status().failedCommits() > 0);
      assertEquals("told to fail", engine.status().detail());
      assertEquals(0, log.released());
      store.failCommits(0);
      assertTrue(engine.drain(PATIENCE));
      assertEquals("", engine.status().detail());
    }
  }

  @Test
  void workersPauseWhileTooMuchIsUncommitted() throws InterruptedException {
    EngineOptions small = new EngineOptions(SHARDS, 2, Duration.ofHours(1), 2_000, 4_000);
    store.block(true);
    Events events = new Events(Seeds.chance(1));
    try (Engine engine = Engine.start(log, store, small)) {
      for (int i = 0; i < 200; i++) {
        log.append(events.batch(5, 100));
      }
      assertFalse(store.awaitVisible(log.nextOffset(), Duration.ofMillis(300)));
      assertTrue(engine.status().lag() > 0);
      store.block(false);
      assertTrue(engine.drain(PATIENCE));
    }
    assertEquals(1_000, store.rows().size());
  }

  @Test
  void aGapInTheLogIsPassed() throws InterruptedException {
    Events events = new Events(Seeds.chance(1));
    for (int i = 0; i < 3; i++) {
      log.append(events.batch(2, 10));
    }
    log.lose(1);
    try (Engine engine = Engine.start(log, store, options(2, 1_000))) {
      assertTrue(engine.drain(PATIENCE));
    }
    assertEquals(List.of(0L, 1L, 4L, 5L), store.rows());
  }

  @Test
  void aFailureStopsTheEngineAndIsSaid() throws InterruptedException {
    try (Engine engine = Engine.start(log, store, options(2, 1_000))) {
      log.failReads(new IllegalStateException("the disk is gone"));
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (engine.status().running() && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertFalse(engine.status().running());
      assertTrue(engine.status().detail().contains("the disk is gone"));
    }
  }

  @Test
  void anotherNumberOfPartitionsIsRefused() {
    EngineOptions other = EngineOptions.of(SHARDS + 1, 2);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Engine.start(log, store, other))
            .getMessage();
    assertTrue(message.contains("5 partitions"), message);
  }

  private static EngineOptions options(int workers, long commitBytes) {
    return new EngineOptions(SHARDS, workers, Duration.ofHours(1), commitBytes, commitBytes * 2);
  }
}
