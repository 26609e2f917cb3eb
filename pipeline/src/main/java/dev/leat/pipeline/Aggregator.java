package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The running results of one metric: what is not final yet, and what no commit holds yet. Per event
 * it allocates nothing once the series are there. For one thread.
 */
abstract sealed class Aggregator permits SliceAggregator, SessionAggregator {
  private final MetricState state;
  private final MarkBook marks;
  private final Aggregates.Source source;
  private MetricPlan plan;
  private CellLayout layout;

  // Of the run that it reads; null before the first.
  private @Nullable RunSeries labels;
  private @Nullable RunSelection selection;
  private @Nullable RunColumn[] columns = {};
  private @Nullable RunPart part;

  private long lateness;

  Aggregator(
      MetricPlan plan,
      DataSchema schema,
      MetricState state,
      MarkBook marks,
      Aggregates.Source source) {
    this.source = source;
    this.state = state;
    this.marks = marks;
    this.plan = plan;
    this.layout = plan.layout(schema);
    this.lateness = Watermark.micros(plan.spec().lateness());
  }

  static Aggregator of(
      MetricPlan plan,
      DataSchema schema,
      MetricState state,
      MarkBook marks,
      Aggregates.Source source) {
    return plan.isSession()
        ? new SessionAggregator(plan, schema, state, marks, source)
        : new SliceAggregator(plan, schema, state, marks, source);
  }

  /** Goes on under a plan with the same id, for rows of a table with this schema. */
  void use(MetricPlan next, DataSchema schema) {
    plan = next;
    layout = next.layout(schema);
    lateness = Watermark.micros(next.spec().lateness());
  }

  /** From now on it counts what gathers in this run. */
  void read(EventRun next) {
    labels = next.series(plan.labelPaths());
    selection = next.selection(plan);
    columns = layout.columns(next);
    part = new RunPart(next);
  }

  /** Counts the events of the run that it is for. */
  final void count(EventRun run) {
    if (selection().count() > 0) {
      count(run, selection());
    }
  }

  /** Notes of the only event of the run that its time can't be right, if it is for it. */
  final void ahead(EventRun run) {
    RunSelection selected = selection();
    for (int i = 0; i < selected.count(); i++) {
      int index = selected.indexes()[i];
      reach(run.watermark(index));
      counters().ahead();
      mark(run, index);
    }
  }

  /** Whether the event is one of those that count. One that the condition can't tell of is not. */
  static boolean counts(@Nullable CelExpression condition, EventCursor event, Row row) {
    if (condition == null) {
      return true;
    }
    int verdict = condition.fast(event, row);
    if (verdict != FastNode.UNDECIDED) {
      return verdict == FastNode.TRUE;
    }
    try {
      return condition.test(row);
    } catch (ExpressionException | StackOverflowError undecidable) {
      return false;
    }
  }

  /** Adds events to where their times are, unless they came too late. */
  abstract void count(EventRun run, RunSelection selected);

  /** Notes that the place of this event has to be computed anew. */
  abstract void mark(EventRun run, int index);

  /** The earliest time that no event is too late with, by the horizon alone. */
  abstract long settled();

  /** How far behind the watermark an event may be that is not too late. */
  abstract long slack();

  /** What changed since the last cut. */
  abstract void cut(long number, List<BucketChange> changes);

  /** All up to this cut is durable. */
  abstract void committed(long number);

  /** Takes up what the commits hold and events may still change. */
  abstract void load();

  /** Copies of what is held of the buckets in the stretch. */
  abstract NavigableMap<Long, Cells> live(long from, long to);

  /** How many cells the fullest bucket that is held has; for sessions, how many there are. */
  abstract long series();

  /** Forgets what was prepared for a recomputation. */
  abstract void abandon();

  /** Settles what the watermark has settled. */
  void reach(long watermark) {
    state.reach(watermark, lateness);
  }

  /** Whether some window with events is open. */
  final boolean isWaiting(long watermark) {
    return state.end() > watermark;
  }

  final long horizon() {
    return state.horizon();
  }

  final MetricState state() {
    return state;
  }

  final MetricCounters counters() {
    return state.counters();
  }

  final MarkBook marks() {
    return marks;
  }

  final Aggregates.Source source() {
    return source;
  }

  final MetricPlan plan() {
    return plan;
  }

  final CellLayout layout() {
    return layout;
  }

  final long lateness() {
    return lateness;
  }

  /** The series of the events of the run. */
  final RunSeries labels() {
    return Objects.requireNonNull(labels);
  }

  private RunSelection selection() {
    return Objects.requireNonNull(selection);
  }

  /** Where it gathers what it adds to cells at once. */
  final RunPart part() {
    return Objects.requireNonNull(part);
  }

  /** Adds what has gathered in the {@link #part}. */
  final void addPart(Cells cells) {
    layout.addAll(cells, part(), columns);
  }

  final long id() {
    return plan.id();
  }

  final String stream() {
    return plan.spec().from();
  }
}
