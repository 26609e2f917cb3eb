package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;
import java.util.List;
import java.util.NavigableMap;
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
  private SeriesReader labels;
  private @Nullable CelExpression condition;
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
    this.labels = plan.series(schema);
    this.condition = plan.condition(schema);
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
    labels = next.series(schema);
    condition = next.condition(schema);
    lateness = Watermark.micros(next.spec().lateness());
  }

  /**
   * Counts the event, or says why not.
   *
   * @param isAhead whether its time can't be right
   * @param watermark that the events before it made
   */
  final void add(EventCursor event, Row row, long time, boolean isAhead, long watermark) {
    if (counts(condition, event, row)) {
      place(row.chunk(), row.index(), time, isAhead, watermark);
    }
  }

  /** The same for a row that the condition is not asked about. */
  final void place(RowChunk chunk, int index, long time, boolean isAhead, long watermark) {
    reach(watermark);
    if (isAhead) {
      counters().ahead();
      mark(chunk, index, time);
    } else {
      count(chunk, index, time, watermark);
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

  /** Adds an event to where its time is, unless it came too late. */
  abstract void count(RowChunk chunk, int row, long time, long watermark);

  /** Notes that the place of this event has to be computed anew. */
  abstract void mark(RowChunk chunk, int row, long time);

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

  final SeriesReader labels() {
    return labels;
  }

  final long id() {
    return plan.id();
  }

  final String stream() {
    return plan.spec().from();
  }
}
