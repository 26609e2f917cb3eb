package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Metrics in an engine that runs: what they say does not depend on how often it was killed. */
@Timeout(120)
class EngineMetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long START = 1_700_000_000_000_000L;
  private static final long SECOND = 1_000_000;
  private static final long MINUTE = 60 * SECOND;
  private static final String DEFINITION =
      """
      metrics:
        - name: by_source
          from: events
          window: {tumbling: 1m}
          by: [source]
          lateness: 30s
          measures: {n: count()}
        - name: all_sliding
          from: events
          window: {sliding: 3m, every: 1m}
          lateness: 30s
          measures: {n: count()}
        - name: visits
          from: events
          window: {session: 5s, key: subject}
          lateness: 30s
          measures: {n: count()}
      """;

  private final MemoryLog log = new MemoryLog();
  private final MemoryStore store = new MemoryStore();
  private final SimDisk disk = new SimDisk();
  private final AtomicLong clock = new AtomicLong(START);
  private long now = START;

  /** What was sent: for each minute its sources, and how many events. */
  private final TreeMap<Long, Set<String>> sources = new TreeMap<>();

  private final TreeMap<Long, Long> counts = new TreeMap<>();

  @Test
  void resultsAreTheSameWhereverTheLogIsCutIntoCommitsAndLives() {
    Seeds.run(8, (seed, chance) -> new EngineMetricsTest().survives(chance));
  }

  private void survives(RandomGenerator chance) throws Exception {
    List<EventBatch> batches = new ArrayList<>();
    for (int i = 20 + chance.nextInt(60); i > 0; i--) {
      batches.add(batch(chance));
    }
    EngineMetricsTest untouched = new EngineMetricsTest();
    Map<String, String> expected = untouched.runOnce(batches);
    check(untouched);
    int next = 0;
    while (next < batches.size()) {
      store.failCommits(chance.nextInt(3));
      try (Engine engine = start(DEFINITION, options(1 + chance.nextInt(4_000)))) {
        for (int i = chance.nextInt(20); i > 0 && next < batches.size(); i--) {
          log.append(batches.get(next++));
        }
        if (chance.nextInt(4) != 0) {
          assertTrue(engine.drain(PATIENCE));
        }
      }
      store.crash();
      disk.crash(chance);
    }
    try (Engine engine = start(DEFINITION, options(1_000))) {
      assertTrue(engine.drain(PATIENCE));
      assertEquals(expected, results(engine));
      assertEquals("", engine.balance().detail());
    }
  }

  /** Any one file of the last version is damaged: results are those of a run without damage. */
  @Test
  void resultsAreTheSameAfterDamage() {
    Seeds.run(12, (seed, chance) -> new EngineMetricsTest().survivesDamage(chance));
  }

  private void survivesDamage(RandomGenerator chance) throws Exception {
    List<EventBatch> batches = new ArrayList<>();
    for (int i = 20 + chance.nextInt(40); i > 0; i--) {
      batches.add(batch(chance));
    }
    Map<String, String> expected = new EngineMetricsTest().runOnce(batches);
    int next = 0;
    for (int life = 0; life < 3; life++) {
      try (Engine engine = start(DEFINITION, options(1 + chance.nextInt(4_000)))) {
        int end = life == 2 ? batches.size() : batches.size() / 3 * (life + 1);
        while (next < end) {
          log.append(batches.get(next++));
        }
        assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      }
      store.crash();
      DamagedFiles.damageOne(disk, store, chance);
    }
    try (Engine engine = start(DEFINITION, options(1_000))) {
      assertTrue(engine.drain(PATIENCE), () -> engine.status().detail());
      assertEquals(expected, results(engine));
      assertEquals("", engine.balance().detail());
      assertEquals("", engine.status().detail());
    }
  }

  private Map<String, String> runOnce(List<EventBatch> batches) throws Exception {
    try (Engine engine = start(DEFINITION, options(1 << 29))) {
      batches.forEach(log::append);
      assertTrue(store.awaitVisible(log.nextOffset(), PATIENCE));
      return results(engine);
    }
  }

  /** Compares with what was sent. */
  private void check(EngineMetricsTest other) throws Exception {
    other.store.crash();
    try (Engine engine = other.start(DEFINITION, options(1 << 29))) {
      assertTrue(engine.drain(PATIENCE));
      MetricPlan plan = engine.live().between(moment -> moment.plans().getFirst());
      TreeMap<Long, Long> found = new TreeMap<>();
      for (Map.Entry<Long, ByteBuffer> bucket : buckets(engine, plan).entrySet()) {
        Cells cells =
            Cells.decode(plan.layout(other.store.schema("events")), bucket.getValue().array());
        assertEquals(Objects.requireNonNull(sources.get(bucket.getKey())).size(), cells.size());
        long sum = 0;
        for (int slot = 0; slot < cells.size(); slot++) {
          Object count =
              plan.layout(other.store.schema("events")).value(0, cells, slot, MINUTE, null);
          sum += ((Number) Objects.requireNonNull(count)).longValue();
        }
        found.put(bucket.getKey(), sum);
      }
      assertEquals(counts, found);
    }
  }

  private static byte[] bytes(ByteBuffer block) {
    byte[] bytes = new byte[block.remaining()];
    block.duplicate().get(bytes);
    return bytes;
  }

  private static Map<String, String> results(Engine engine) {
    Map<String, String> results = new TreeMap<>();
    for (MetricPlan plan : engine.live().between(LiveMetrics.Moment::plans)) {
      buckets(engine, plan)
          .forEach(
              (bucket, block) ->
                  results.put(plan.name() + "/" + bucket, HexFormat.of().formatHex(bytes(block))));
    }
    return results;
  }

  /** By their beginning, as a reader gets them: from memory, and what is not there from commits. */
  private static NavigableMap<Long, ByteBuffer> buckets(Engine engine, MetricPlan plan) {
    Held held = engine.live().between(moment -> held(moment.aggregates(), plan));
    TreeMap<Long, List<byte[]>> blocks = new TreeMap<>();
    engine
        .cells()
        .scan(
            plan.id(),
            Level.BASE,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (bucket, _, block) ->
                blocks.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(block.get()));
    held.slices().forEach((bucket, cells) -> blocks.put(bucket, List.of(cells.encode())));
    held.sessions()
        .forEach(
            (bucket, sessions) -> {
              List<byte[]> all = blocks.computeIfAbsent(bucket, _ -> new ArrayList<>());
              all.add(gone(sessions.gone()));
              all.add(sessions.held().encode());
            });
    NavigableMap<Long, ByteBuffer> buckets = new TreeMap<>();
    blocks.forEach(
        (bucket, oldestFirst) ->
            buckets.put(bucket, ByteBuffer.wrap(CellBlock.overlay(oldestFirst))));
    buckets.values().removeIf(block -> block.getInt(0) == 0);
    return buckets;
  }

  private record Held(
      NavigableMap<Long, Cells> slices, NavigableMap<Long, Aggregates.HeldSessions> sessions) {}

  private static Held held(Aggregates aggregates, MetricPlan plan) {
    long id = plan.id();
    return plan.isSession()
        ? new Held(
            new TreeMap<>(),
            Objects.requireNonNull(aggregates.liveSessions(id, Long.MIN_VALUE, Long.MAX_VALUE)))
        : new Held(
            Objects.requireNonNull(aggregates.live(id, Long.MIN_VALUE, Long.MAX_VALUE)),
            new TreeMap<>());
  }

  private static byte[] gone(List<byte[]> keys) {
    List<byte[]> sorted = keys.stream().sorted(Arrays::compareUnsigned).toList();
    int length = Integer.BYTES;
    for (byte[] key : sorted) {
      length += Short.BYTES + key.length + Integer.BYTES;
    }
    ByteBuffer block = ByteBuffer.allocate(length).putInt(sorted.size());
    sorted.forEach(key -> block.putShort((short) key.length).put(key).putInt(-1));
    return block.array();
  }

  /** A few events around now, none of them later than the disorder that the stream allows. */
  private EventBatch batch(RandomGenerator chance) {
    EventDraft draft = new EventDraft();
    EventBatch.Writer writer = new EventBatch.Writer(256);
    for (int i = 1 + chance.nextInt(20); i > 0; i--) {
      now += chance.nextLong(4 * SECOND);
      long received = now;
      String source = "/s/" + chance.nextInt(7);
      draft.clear();
      draft.id.set("id" + received);
      draft.source.set(source);
      draft.type.set("t");
      draft.subject.set("v" + chance.nextInt(5));
      draft.timeMicros = received - chance.nextLong(8 * SECOND);
      draft.receivedMicros = received;
      writer.add(draft);
      long minute = Math.floorDiv(draft.timeMicros, MINUTE) * MINUTE;
      sources.computeIfAbsent(minute, _ -> new HashSet<>()).add(source);
      counts.merge(minute, 1L, Long::sum);
    }
    return writer.batch();
  }

  @Test
  void windowsOfASilentStreamCloseAndThenNothingIsWritten() throws Exception {
    EngineOptions ticking =
        new EngineOptions(2, Duration.ofHours(1), 1 << 30, 1 << 30, Duration.ofMillis(10));
    try (Engine engine = start(DEFINITION, ticking)) {
      log.append(batch(Seeds.chance(3)));
      assertTrue(store.awaitVisible(log.nextOffset(), PATIENCE));
      long before = log.nextOffset();
      clock.set(now + 60 * MINUTE);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (isWaiting(engine) && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      assertTrue(!isWaiting(engine), "still waiting");
      assertTrue(log.nextOffset() > before, "no tick");
      long after = log.nextOffset();
      Thread.sleep(100);
      assertTrue(log.nextOffset() <= after + 1, "ticks without a reason");
      assertTrue(engine.drain(PATIENCE));
      assertEquals("", engine.balance().detail());
    }
  }

  private static boolean isWaiting(Engine engine) {
    return engine.live().between(moment -> moment.aggregates().isWaiting());
  }

  @Test
  void anIdleSystemWritesNothing() throws Exception {
    EngineOptions ticking =
        new EngineOptions(2, Duration.ofHours(1), 1 << 30, 1 << 30, Duration.ofMillis(5));
    try (Engine engine = start(DEFINITION, ticking)) {
      assertTrue(store.awaitVisible(log.nextOffset(), PATIENCE));
      Thread.sleep(100);
      assertTrue(engine.status().running());
      assertEquals(1, log.nextOffset());
    }
  }

  private Engine start(String definition, EngineOptions options) throws Exception {
    InstantSource time = () -> Instant.EPOCH.plus(clock.get(), ChronoUnit.MICROS);
    return Engine.start(
        new Engine.Rooms(log, store, disk, EngineMetricsTest::plan),
        definition.getBytes(UTF_8),
        options,
        time,
        Seeds.chance(7));
  }

  private static Plan plan(byte[] definition) {
    Definition.Reading.Valid read =
        (Definition.Reading.Valid) Definition.parse(new String(definition, UTF_8));
    Planning planning = Plan.compile(read.definition(), Places.NONE, Contents.NONE, Kinds.BUILT_IN);
    return ((Planning.Valid) planning).plan();
  }

  /** No tick, so that runs compare. */
  private static EngineOptions options(long commitBytes) {
    return new EngineOptions(
        2, Duration.ofHours(1), commitBytes, commitBytes * 2, Duration.ofHours(1));
  }
}
