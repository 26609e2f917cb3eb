package dev.leat.server;

import com.sun.management.ThreadMXBean;
import dev.leat.collector.Collector;
import dev.leat.collector.CollectorOptions;
import dev.leat.collector.Submission;
import dev.leat.engine.DiscardingIntake;
import dev.leat.engine.StateStore;
import dev.leat.event.DataSchema;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.KeyRule;
import dev.leat.event.OsDisk;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import dev.leat.pipeline.Processor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What each stage costs: the same events of the reference workload are decided on under definitions
 * that have one stage more each time, in turns, on one thread whose processor time is read. Rows
 * are written into columns and thrown away; the memory of ids begins empty.
 */
final class StageBench {
  private static final long SEED = 20261123;
  private static final int BATCH = 500;
  private static final int SLOTS = 20_000;
  private static final int SHARDS = 4;

  /** A definition, named after what it has more than the one before. */
  record Variant(
      String adds, boolean schema, boolean rules, boolean dedup, boolean lookup, boolean metrics) {}

  static final List<Variant> VARIANTS =
      List.of(
          new Variant("decode into columns", false, false, false, false, false),
          new Variant("schema", true, false, false, false, false),
          new Variant("2 rules", true, true, false, false, false),
          new Variant("dedup", true, true, true, false, false),
          new Variant("lookup", true, true, true, true, false),
          new Variant("5 metrics", true, true, true, true, true));

  /**
   * What a variant took: the median of its rounds and their spread, in core-seconds per million;
   * and the median of the bytes it allocated per event.
   */
  record Cost(Variant variant, double median, double least, double most, double allocated) {}

  /** What one round took: core-seconds per million events, and bytes allocated per event. */
  private record Round(double cost, double allocated) {}

  private final Path directory;
  private final List<EventBatch> batches;
  private final int events;
  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  StageBench(Path directory, int events) {
    this.directory = directory;
    this.events = events;
    this.batches = batches(events);
  }

  /** The events as they would stand in the log. */
  private static List<EventBatch> batches(int events) {
    SplittableRandom chance = new SplittableRandom(SEED);
    ShopBatches shop =
        new ShopBatches(new ShopSlots(SLOTS, chance.split()), chance.split(), BATCH, 0, 100_000);
    CapturedLog log = new CapturedLog();
    InstantSource clock = InstantSource.system();
    Collector collector =
        new Collector(log, CollectorOptions.defaults(), clock, () -> KeyRule.NONE, SEED);
    for (int sent = 0; sent < events; sent += BATCH) {
      shop.next(clock.millis());
      collector.collect(
          new Submission(
              Submission.Form.LINES,
              Submission.Coding.IDENTITY,
              false,
              new ByteArrayInputStream(shop.bytes(), 0, shop.length()),
              List.of()));
    }
    return log.batches();
  }

  List<Cost> run(int rounds) throws IOException {
    List<Plan> plans = new ArrayList<>();
    for (Variant variant : VARIANTS) {
      plans.add(plan(variant));
    }
    double[][] costs = new double[VARIANTS.size()][rounds];
    double[][] allocated = new double[VARIANTS.size()][rounds];
    for (int round = -1; round < rounds; round++) { // The first one warms up.
      for (int i = 0; i < plans.size(); i++) {
        Round took = decide(plans.get(i));
        if (round >= 0) {
          costs[i][round] = took.cost();
          allocated[i][round] = took.allocated();
        }
      }
    }
    List<Cost> all = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      Arrays.sort(costs[i]);
      Arrays.sort(allocated[i]);
      all.add(
          new Cost(
              VARIANTS.get(i),
              costs[i][rounds / 2],
              costs[i][0],
              costs[i][rounds - 1],
              allocated[i][rounds / 2]));
    }
    return all;
  }

  private Plan plan(Variant variant) throws IOException {
    Path file =
        ShopPipeline.write(
            directory.resolve("stage-" + VARIANTS.indexOf(variant)),
            variant.schema(),
            variant.rules(),
            variant.dedup(),
            variant.lookup(),
            variant.metrics());
    DefinitionLoader loader = new DefinitionLoader(Extensions.kinds());
    if (loader.load(file) instanceof DefinitionLoader.Loaded loaded
        && loaded.content().compile(loader.kinds()) instanceof Planning.Valid valid) {
      return valid.plan();
    }
    throw new IllegalStateException("the definition of the bench is wrong: " + file);
  }

  private Round decide(Plan plan) throws IOException {
    Path state = Files.createTempDirectory(directory, "state");
    Map<String, DataSchema> schemas = new HashMap<>();
    plan.declare(table -> schemas.computeIfAbsent(table, _ -> new DataSchema()));
    Aggregates aggregates = Aggregates.restore(new byte[0], (_, _, _, _, _) -> {});
    aggregates.use(plan.metrics(), table -> schemas.computeIfAbsent(table, _ -> new DataSchema()));
    try (StateStore memory = StateStore.fresh(new OsDisk(state), new SecureRandom())) {
      Processor processor =
          plan.processor(
              table -> schemas.computeIfAbsent(table, _ -> new DataSchema()),
              new DiscardingIntake(),
              memory,
              aggregates,
              SHARDS,
              1);
      EventCursor event = new EventCursor();
      long offset = 0;
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long begin = threads.getCurrentThreadCpuTime();
      for (EventBatch batch : batches) {
        event.reset(batch);
        while (event.next()) {
          memory.advance(event.receivedMicros());
          aggregates.advance(event.receivedMicros());
          processor.process(event, offset++, null);
        }
      }
      aggregates.committed(aggregates.cut().number()); // What a commit asks of this thread.
      double cost = (threads.getCurrentThreadCpuTime() - begin) / 1e3 / events;
      allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
      return new Round(cost, (double) allocated / events);
    }
  }
}
