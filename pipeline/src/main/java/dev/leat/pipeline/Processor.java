package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.EventStore.Intake;
import dev.leat.event.KeyHash;
import dev.leat.event.RowChunk;
import dev.leat.event.SystemTable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to events under one definition, one after the other: an event in; a row of its
 * stream, a dead letter or a note why it was discarded out. It knows no clock, no file and no
 * thread, so that the same events after the same memory give the same rows wherever it runs. For
 * one thread.
 */
public final class Processor {
  private final Intake intake;
  private final int shards;
  private final @Nullable Aggregates aggregates;
  private final SystemRows rows;
  private final List<Lane> lanes = new ArrayList<>();
  private StageWatch watch = StageWatch.NONE;
  private String stream = "";
  private String reason = "";
  private @Nullable Cause cause;

  /** A stream that events flow through. */
  private record Lane(
      StreamPlan plan,
      @Nullable CelExpression match,
      Row row,
      Stages stages,
      StreamAggregates counted,
      @Nullable LetterCopies letters) {}

  Processor(
      Plan plan,
      Function<String, DataSchema> schemas,
      Intake intake,
      Memory memory,
      @Nullable Aggregates aggregates,
      int shards,
      long definitionVersion) {
    this.intake = intake;
    this.aggregates = aggregates;
    this.shards = shards;
    this.rows = new SystemRows(schemas, intake, definitionVersion);
    for (StreamPlan each : plan.streams()) {
      DataSchema schema = schemas.apply(each.name());
      ExpressionCompiler.Compiled match = each.match();
      StreamAggregates counted =
          aggregates == null ? StreamAggregates.NONE : aggregates.of(each.name());
      lanes.add(
          new Lane(
              each,
              match == null ? null : match.instance(schema),
              new Row(schema, new Written(each.outputs(), schema)),
              new Stages(each, schema, memory, rows, counted, plan.lookups(), plan.kinds()),
              counted,
              letters(each.spec(), memory)));
    }
  }

  private static @Nullable LetterCopies letters(StreamSpec spec, Memory memory) {
    return spec.dedup().isZero()
        ? null
        : new LetterCopies(memory.seen("dead_letters:" + spec.name(), spec.dedup()));
  }

  /** Tells from now on how long the stages take, for the events that this one wants. */
  public void watchedBy(StageWatch stageWatch) {
    watch = stageWatch;
  }

  /**
   * Decides on the event that the cursor stands on, and writes what follows from it into the
   * intake.
   *
   * @param resent null for an event that a producer sent
   */
  public Verdict process(EventCursor event, long offset, @Nullable Resent resent) {
    if (aggregates != null) {
      aggregates.advance(event.receivedMicros());
    }
    Lane lane = lane(event);
    stream = lane.plan().name();
    reason = "";
    cause = null;
    RowChunk chunk = intake.chunk(stream, KeyHash.partition(event.keyHash(), shards));
    EnvelopeRow.write(event, offset, chunk);
    Row row = lane.row();
    row.begin(event, chunk);
    Verdict verdict = pass(lane, row, offset, resent);
    if (resent != null) {
      rows.superseded(
          event, offset, SystemTable.DEAD_LETTERS.tableName(), resent.deadLetter(), "replay");
    }
    return verdict;
  }

  /** The stream of the event that was decided on last. */
  public String stream() {
    return stream;
  }

  /** Why the event that was decided on last was not stored; empty if it was. */
  public String reason() {
    return reason;
  }

  /** The stage that the event decided on last failed at; empty if it is no dead letter. */
  public String failedStage() {
    return cause == null ? "" : cause.stage();
  }

  /** What it failed by, as {@code dead_letters.reason} has it: one of a few codes. */
  public String failedReason() {
    return cause == null ? "" : cause.reason();
  }

  private Verdict pass(Lane lane, Row row, long offset, @Nullable Resent resent) {
    boolean timed = watch.wantsNext();
    List<Stage> stages = lane.stages().of(row);
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      long begin = timed ? watch.nanoTime() : 0;
      Rejection rejection = check(stage, row);
      if (timed) {
        watch.took(stage.name(), watch.nanoTime() - begin);
      }
      if (rejection != null) {
        row.chunk().clearRow();
        return reject(rejection, lane, row.event(), offset, resent);
      }
    }
    store(stages, lane, row, timed);
    return Verdict.STORED;
  }

  private void store(List<Stage> stages, Lane lane, Row row, boolean timed) {
    long begin = timed ? watch.nanoTime() : 0;
    for (int i = 0; i < stages.size(); i++) {
      stages.get(i).stored(row);
    }
    long remembered = timed ? watch.nanoTime() : 0;
    if (!lane.stages().isRetraction()) {
      lane.counted().add(row.event(), row);
    }
    if (timed) {
      watch.took(StageWatch.REMEMBER, remembered - begin);
      watch.took(StageWatch.METRICS, watch.nanoTime() - remembered);
    }
    if (row.isRawNeeded()) {
      EnvelopeRow.writeRaw(row.event(), row.chunk());
    }
    row.chunk().endRow(row.event().recordLength());
  }

  /**
   * An event that a stage can't cope with must not stop those behind it, nor be lost: it is a dead
   * letter that says so. What the memory can't tell is no fault of the event.
   */
  private static @Nullable Rejection check(Stage stage, Row row) {
    try {
      return stage.check(row);
    } catch (MemoryException | UncheckedIOException stop) {
      throw stop;
    } catch (RuntimeException | StackOverflowError defect) {
      return Rejection.failed(
          "internal",
          "defect",
          null,
          stage.getClass().getSimpleName(),
          "a stage that copes with every event: please report this",
          defect.toString());
    }
  }

  private Verdict reject(
      Rejection rejection, Lane lane, EventCursor event, long offset, @Nullable Resent resent) {
    return switch (rejection) {
      case Rejection.Copied copied -> duplicate(event, offset, copied.first());
      case Rejection.Dropped dropped -> {
        reason = "rule " + dropped.rule();
        rows.filtered(event, offset, stream, dropped.rule());
        yield Verdict.FILTERED;
      }
      case Rejection.Failed failed -> fail(failed.cause(), lane, event, offset, resent);
    };
  }

  private Verdict duplicate(EventCursor event, long offset, long first) {
    reason = "a copy of " + first;
    rows.duplicate(event, offset, stream, first);
    return Verdict.DUPLICATE;
  }

  private Verdict fail(
      Cause cause, Lane lane, EventCursor event, long offset, @Nullable Resent resent) {
    LetterCopies letters = lane.letters();
    long first = letters == null || resent != null ? Memory.Seen.NEVER : letters.first(event);
    if (first != Memory.Seen.NEVER && first < offset) {
      return duplicate(event, offset, first);
    }
    if (letters != null && resent == null) {
      letters.add(event, offset);
    }
    reason = cause.line();
    this.cause = cause;
    EventSchema schema = lane.plan().schema();
    rows.deadLetter(
        event,
        offset,
        stream,
        cause,
        schema == null ? null : schema.version(),
        resent == null ? 1 : resent.attempt());
    return Verdict.DEAD_LETTERED;
  }

  /** The first stream that takes the event; the last one takes all. */
  private Lane lane(EventCursor event) {
    for (int i = 0; i < lanes.size() - 1; i++) {
      Lane lane = lanes.get(i);
      if (lane.match() != null && Routing.takes(lane.match(), event)) {
        return lane;
      }
    }
    return lanes.getLast();
  }
}
