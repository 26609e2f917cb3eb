package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLog;
import dev.leat.event.Metrics.Recomputation;
import dev.leat.event.OsDisk;
import dev.leat.event.Threads;
import dev.leat.log.LogOptions;
import dev.leat.log.SegmentedLog;
import dev.leat.pipeline.CellLayout;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.SeriesKey;
import dev.leat.store.DuckStore;
import dev.leat.store.StoreOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A log, a store and an engine on a real disk, for metrics; its {@link #crash} loses memory. */
final class MetricHouse implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final long SECOND = 1_000_000;
  static final long MINUTE = 60 * SECOND;

  /** When the first events come; whole hours of UTC. */
  static final long START = 1_800_000_000L * SECOND / (3_600 * SECOND) * (3_600 * SECOND);

  private final Path directory;
  private String definition;
  private DuckStore store;
  private EventLog log;
  private Engine engine;
  private Recomputer recomputer;
  private int ids;

  /** No definition comes into force before this is open. */
  private volatile CountDownLatch gate = new CountDownLatch(0);

  MetricHouse(Path directory, String definition) throws Exception {
    this.directory = directory;
    this.definition = definition;
    open();
    awaitAll();
  }

  private void awaitAll() throws Exception {
    assertTrue(store.awaitVisible(log.nextOffset(), PATIENCE));
  }

  private void open() throws Exception {
    InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(START / SECOND));
    store = DuckStore.open(directory.resolve("store"), StoreOptions.defaults(2), clock);
    OsDisk disk = new OsDisk(directory);
    log = SegmentedLog.open(disk, LogOptions.defaults(), clock, store.committed());
    engine =
        Engine.start(
            new Engine.Rooms(log, store, disk, this::load),
            definition.getBytes(UTF_8),
            // What is to be computed anew, the tests say.
            new EngineOptions(
                2,
                Duration.ofHours(1),
                1L << 40,
                1L << 41,
                Duration.ofHours(1),
                Duration.ofHours(1)),
            clock,
            new SecureRandom());
    recomputer =
        new Recomputer(
            Duration.ofHours(1), engine.live(), engine.cells(), store, clock, Threads.real());
  }

  private Plan load(byte[] bytes) {
    try {
      assertTrue(gate.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return plan(bytes);
  }

  private static Plan plan(byte[] bytes) {
    Definition.Reading reading = Definition.parse(new String(bytes, UTF_8));
    if (!(reading instanceof Definition.Reading.Valid read)) {
      throw new IllegalStateException(reading.toString());
    }
    Plan.Planning planning =
        Plan.compile(read.definition(), read.places(), Contents.NONE, Kinds.BUILT_IN);
    if (!(planning instanceof Plan.Planning.Valid valid)) {
      throw new IllegalStateException(planning.toString());
    }
    return valid.plan();
  }

  void define(String text) throws Exception {
    long _ = engine.define(text.getBytes(UTF_8));
    definition = text;
  }

  Recomputer recomputer() {
    return recomputer;
  }

  LiveMetrics live() {
    return engine.live();
  }

  CellStore cells() {
    return engine.cells();
  }

  /** Sends an event with a time of its own, and waits until it shows. */
  void send(String id, long time, long received, String attributes, String data) throws Exception {
    append(id, time, received, attributes, data);
    awaitAll();
  }

  void append(String id, long time, long received, String attributes, String data)
      throws Exception {
    EventDraft draft = new EventDraft();
    draft.type.set("order");
    draft.source.set("/test");
    draft.id.set(id);
    draft.subject.set("s");
    if (!attributes.isEmpty()) {
      draft.attributes.set(attributes);
    }
    draft.dataFormat = DataFormat.JSON;
    draft.data.set(data.getBytes(UTF_8));
    draft.timeMicros = time;
    draft.receivedMicros = received;
    EventBatch.Writer writer = new EventBatch.Writer(256);
    writer.add(draft);
    assertInstanceOf(EventLog.Append.Kept.class, log.append(writer.batch()));
  }

  /** Moves the watermark to this time, with an event of nobody. */
  void passTo(long time) throws Exception {
    send(
        "tick-" + ids++,
        time + 10 * SECOND,
        time + 10 * SECOND,
        "",
        "{\"shop\":\"clock\",\"n\":0}");
  }

  void commit() throws Exception {
    assertTrue(engine.drain(PATIENCE));
  }

  /** Works on marks until none is left. */
  void settle() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (marks() > 0) {
      assertTrue(System.nanoTime() < end, () -> "marks stay: " + recomputer.detail(metric("m")));
      boolean _ = recomputer.round();
      Thread.onSpinWait();
    }
  }

  int marks() {
    return live().between(moment -> moment.aggregates().marks().size());
  }

  MetricPlan metric(String name) {
    return live()
        .between(
            moment ->
                moment.plans().stream()
                    .filter(plan -> plan.name().equals(name))
                    .findFirst()
                    .orElseThrow());
  }

  /** All results but those of the clock, as text: the bucket in minutes, the labels, the values. */
  List<String> results(String name) {
    MetricPlan plan = metric(name);
    CellLayout layout = plan.layout(store.schema(plan.spec().from()));
    Stretch all = new Stretch(START - 1_000 * 60 * MINUTE, START + 1_000 * 60 * MINUTE);
    ServedCells served = live().between(moment -> ServedCells.copy(moment.aggregates(), plan, all));
    NavigableMap<Long, Cells> buckets = new TreeMap<>(served.read(cells(), layout, all.to()));
    List<String> lines = new ArrayList<>();
    buckets.forEach(
        (bucket, cells) -> {
          for (int slot : cells.sorted()) {
            List<String> labels = SeriesKey.labels(cells.key(slot), plan.labels().size());
            if (labels.contains("clock")) {
              continue;
            }
            StringBuilder line = new StringBuilder();
            if (plan.isSession()) {
              line.append((cells.first(slot) - START) / SECOND)
                  .append("..")
                  .append((cells.last(slot) - START) / SECOND);
            } else {
              line.append((bucket - START) / MINUTE);
            }
            line.append(' ').append(labels);
            for (int i = 0; i < plan.spec().measures().size(); i++) {
              line.append(' ').append(layout.value(i, cells, slot, plan.bucketMicros(), null));
            }
            lines.add(line.toString());
          }
        });
    return lines;
  }

  Recomputation.Done recompute(String metric, long from, long to) throws Exception {
    return assertInstanceOf(
        Recomputation.Done.class, recomputer.recompute(metric(metric), from, to));
  }

  Recomputation.Done verify(String metric) throws Exception {
    return assertInstanceOf(
        Recomputation.Done.class,
        recomputer.verify(metric(metric), Long.MIN_VALUE, Long.MAX_VALUE));
  }

  /** Loses everything that was not committed, and starts again. */
  void crash() throws Exception {
    close();
    open();
    awaitAll();
  }

  /** The same, and looks for marks before the definition is in force: so often that all are due. */
  void crashAndLookEarly() throws Exception {
    close();
    gate = new CountDownLatch(1);
    open();
    for (int look = 0; look < 3; look++) {
      boolean _ = recomputer.round();
    }
    gate.countDown();
    awaitAll();
  }

  @Override
  public void close() {
    recomputer.stop();
    engine.close();
    log.close();
    store.close();
  }
}
