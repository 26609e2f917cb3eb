package dev.leat.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.testkit.Events;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int SHARDS = 5;

  private final MemoryLog log = new MemoryLog();
  private final MemoryStore store = new MemoryStore();
  private final SimDisk disk = new SimDisk();

  @Test
  void everyEventBecomesOneRowThroughRestartsAndFailedCommits() {
    Seeds.run(15, (seed, chance) -> new EngineTest().survives(chance));
  }

  private void survives(RandomGenerator chance) throws Exception {
    Events events = new Events(chance);
    List<Long> sent = new ArrayList<>();
    int lives = 1 + chance.nextInt(5);
    for (int life = 0; life < lives; life++) {
      store.failCommits(chance.nextInt(3));
      try (Engine engine = start(options(1 + chance.nextInt(4_000)))) {
        int batches = chance.nextInt(30);
        for (int i = 0; i < batches; i++) {
          send(events.batch(chance.nextInt(20), 50), sent);
        }
        if (chance.nextBoolean()) {
          assertTrue(engine.drain(PATIENCE));
          assertEquals(0, engine.status().lag());
        }
      }
      store.crash();
    }
    try (Engine engine = start(options(1_000))) {
      assertTrue(engine.drain(PATIENCE));
      assertEquals("", engine.balance().detail());
      assertEquals(sent.size(), engine.balance().total().accepted());
    }
    assertEquals(sent, store.rows("events"));
    assertEquals(log.nextOffset(), log.released());
    assertEquals(store.versions().getLast().nextOffset(), log.wanted());
  }

  private void send(EventBatch batch, List<Long> sent) {
    EventLog.Append.Kept kept = (EventLog.Append.Kept) log.append(batch);
    for (long offset = kept.firstOffset(); offset <= kept.lastOffset(); offset++) {
      sent.add(offset);
    }
  }

  @Test
  void aCommitComesByItselfAfterAWhile() throws Exception {
    EngineOptions quick = new EngineOptions(SHARDS, Duration.ofMillis(20), 1 << 30, 1 << 30);
    try (Engine engine = start(quick)) {
      log.append(new Events(Seeds.chance(1)).batch(3, 10));
      store.awaitCommits(1);
      assertTrue(engine.status().running());
    }
    assertEquals(List.of(1L, 2L, 3L), store.rows("events"));
  }

  @Test
  void aFailingCommitIsReportedAndTheLogIsNotReleased() throws Exception {
    store.failCommits(Integer.MAX_VALUE);
    try (Engine engine = start(options(1))) {
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
  void workersPauseWhileTooMuchIsUncommitted() throws Exception {
    EngineOptions small = new EngineOptions(SHARDS, Duration.ofHours(1), 2_000, 4_000);
    store.block(true);
    Events events = new Events(Seeds.chance(1));
    try (Engine engine = start(small)) {
      for (int i = 0; i < 200; i++) {
        log.append(events.batch(5, 100));
      }
      assertFalse(store.awaitVisible(log.nextOffset(), Duration.ofMillis(300)));
      assertTrue(engine.status().lag() > 0);
      store.block(false);
      assertTrue(engine.drain(PATIENCE));
    }
    assertEquals(1_000, store.rows("events").size());
  }

  @Test
  void aGapInTheLogIsPassed() throws Exception {
    Events events = new Events(Seeds.chance(1));
    for (int i = 0; i < 3; i++) {
      log.append(events.batch(2, 10));
    }
    log.lose(1);
    try (Engine engine = start(options(1_000))) {
      assertTrue(engine.drain(PATIENCE));
    }
    assertEquals(List.of(0L, 1L, 4L, 5L), store.rows("events"));
  }

  @Test
  void aFailureStopsTheEngineAndIsSaid() throws Exception {
    try (Engine engine = start(options(1_000))) {
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
  void aDefinitionThatTheTablesCantTakeIsRefusedAndTheOneBeforeStays() throws Exception {
    byte[] second = {2};
    for (int life = 0; life < 2; life++) {
      try (Engine engine = start(options(1_000))) {
        send(json("id-" + life, "{\"x\":\"text\"}"), new ArrayList<>());
        IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> engine.define(second));
        assertTrue(String.valueOf(refused.getMessage()).contains("data.x"), refused.getMessage());
        assertEquals(1, engine.definitionVersion());
        assertTrue(engine.status().running());
        assertTrue(engine.status().detail().contains("data.x"), engine.status().detail());
        assertTrue(engine.drain(PATIENCE));
      }
      store.crash();
    }
    assertEquals(2, store.rows("events").size());
  }

  private static EventBatch json(String id, String data) {
    EventDraft draft = new EventDraft();
    draft.id.set(id);
    draft.source.set("/test");
    draft.type.set("thing");
    draft.data.set(data);
    draft.dataFormat = DataFormat.JSON;
    EventBatch.Writer writer = new EventBatch.Writer(64);
    writer.add(draft);
    return writer.batch();
  }

  private Engine start(EngineOptions options) throws Exception {
    byte[] definition = {1};
    return Engine.start(
        new Engine.Rooms(log, store, disk, EngineTest::plan),
        definition,
        options,
        InstantSource.fixed(Instant.EPOCH),
        Seeds.chance(7));
  }

  /** The defaults; definition 2 writes an integer where events may bring something else. */
  private static Plan plan(byte[] definition) {
    String yaml =
        definition[0] == 1
            ? ""
            : """
              streams:
                - name: events
                  enrich:
                    - {compute: "1", into: data.x}
              """;
    Definition.Reading.Valid read = (Definition.Reading.Valid) Definition.parse(yaml);
    Planning planning = Plan.compile(read.definition(), Places.NONE, Contents.NONE, Kinds.BUILT_IN);
    return ((Planning.Valid) planning).plan();
  }

  private static EngineOptions options(long commitBytes) {
    return new EngineOptions(SHARDS, Duration.ofHours(1), commitBytes, commitBytes * 2);
  }
}
