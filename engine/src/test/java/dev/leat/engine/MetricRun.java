package dev.leat.engine;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.Metrics;
import dev.leat.event.SystemTable;
import dev.leat.event.Threads;
import dev.leat.pipeline.Aggregates;
import dev.leat.pipeline.AggregatesCut;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Processor;
import dev.leat.testkit.Seeds;
import dev.leat.testkit.SimDisk;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics that events are sent to, with all that serves them, on one thread. */
final class MetricRun implements AutoCloseable {
  static final long MINUTE = 60_000_000;
  static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  final CellStore cells;
  final LiveMetrics live;
  final RollUp rollUp;
  final MetricDesk desk;

  private final Plan plan;
  private final StateStore memory;
  private final Aggregates aggregates;
  private final Processor processor;
  private long offset;

  /**
   * @param yaml a definition whose stream takes events of the type {@code thing}
   */
  MetricRun(String yaml) throws IOException {
    plan = plan(yaml);
    SimDisk disk = new SimDisk();
    MemoryStore rows = new MemoryStore();
    SystemTable.defineIn(rows);
    plan.prepare(rows);
    memory = StateStore.openStill(disk, new byte[0], StateOptions.defaults(), Seeds.chance(1));
    cells = CellStore.openStill(disk, new byte[0], CellRules.defaults());
    aggregates = Aggregates.restore(new byte[0], cells);
    aggregates.use(plan.metrics(), rows::schema);
    processor = plan.processor(rows::schema, rows.intake(), memory, aggregates, 1, 1);
    live = new LiveMetrics(aggregates, 0);
    rollUp = new RollUp(live, cells, rows::schema, 100);
    MetricDesk.Computation none =
        (_, _, _) -> new Metrics.Recomputation.Refused("there are no rows");
    desk =
        new MetricDesk(
            live,
            cells,
            rows::schema,
            new CellCache(CellCache.DEFAULT_BYTES, Threads.real()),
            rollUp,
            none,
            none,
            _ -> "");
    live.begin();
    live.end(plan.metrics(), 0);
  }

  private static Plan plan(String yaml) {
    return switch (Definition.parse(yaml, Kinds.BUILT_IN)) {
      case Definition.Reading.Valid valid ->
          switch (Plan.compile(
              valid.definition(),
              valid.places(),
              new Contents(Map.of(), Map.of(), Map.of()),
              Kinds.BUILT_IN)) {
            case Plan.Planning.Valid planned -> planned.plan();
            case Plan.Planning.Invalid wrong -> throw new AssertionError(wrong.mistakes());
          };
      case Definition.Reading.Invalid wrong -> throw new AssertionError(wrong.mistakes());
    };
  }

  /** An event of the type {@code thing} that was received as it happened. */
  void send(long time, String json) {
    EventDraft draft = new EventDraft();
    draft.id.set(Long.toString(offset));
    draft.source.set("/test");
    draft.type.set("thing");
    draft.data.set(json);
    draft.dataFormat = DataFormat.JSON;
    draft.timeMicros = time;
    draft.receivedMicros = time;
    EventBatch.Writer writer = new EventBatch.Writer(64);
    writer.add(draft);
    EventCursor event = new EventCursor();
    event.reset(writer.batch());
    event.next();
    live.begin();
    processor.process(event, offset++, null);
    live.end(plan.metrics(), offset);
  }

  /** What is known becomes durable, and what is due after that is done. */
  void commit() throws IOException {
    live.begin();
    AggregatesCut cut = aggregates.cut();
    live.end(plan.metrics(), offset);
    byte[] manifest = cells.write(cut);
    cells.committed(manifest);
    live.committed(cut.number());
    rollUp.run();
  }

  Metrics.Answer.Results results(Metrics.Query query) throws InterruptedException {
    return switch (desk.query(query)) {
      case Metrics.Answer.Results results -> results;
      case Metrics.Answer.Unknown unknown -> throw new AssertionError(unknown);
      case Metrics.Answer.Wrong wrong -> throw new AssertionError(wrong);
    };
  }

  static Metrics.Query query(
      @Nullable Long from, @Nullable Long to, @Nullable Long step, @Nullable List<String> by) {
    return new Metrics.Query("counts", from, to, step, by, Map.of(), null, 100_000);
  }

  @Override
  public void close() {
    cells.close();
    memory.close();
  }
}
