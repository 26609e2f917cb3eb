package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.JsonException;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.Sessions.Session;
import java.util.Arrays;
import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A metric over rows that are there already: the same code as over events, but it knows no lateness
 * and no watermark, and its measures are exact. For one thread.
 */
public final class MetricBatch {
  private final MetricPlan metric;
  private final CellLayout layout;
  private final CellLayout exact;
  private final SeriesReader labels;
  private final @Nullable CelExpression condition;
  private final StoredRow stored;
  private final TreeMap<Long, Cells> slices = new TreeMap<>();
  private final Sessions sessions;
  private @Nullable TreeSet<byte[]> only;
  private @Nullable Cells lastCells;
  private long lastBucket;

  public MetricBatch(MetricPlan metric, DataSchema schema) {
    this.metric = metric;
    this.layout = metric.layout(schema);
    this.exact = layout.exact();
    this.labels = metric.series(schema);
    this.condition = metric.condition(schema);
    this.stored = new StoredRow(new Row(schema, new Written(metric.outputs(), schema)));
    this.sessions = new Sessions(metric, exact, (_, _) -> {});
  }

  /** From now on rows of other series are passed over. A series is its labels, without a start. */
  public void only(Collection<byte[]> series) {
    TreeSet<byte[]> wanted = new TreeSet<>(Arrays::compareUnsigned);
    wanted.addAll(series);
    only = wanted;
  }

  /** Adds a row; rows come in the order of their positions, with envelope and data as stored. */
  public void add(RowChunk chunk, int row) {
    if (condition != null && !counts(condition, chunk, row)) {
      return;
    }
    labels.read(chunk, row);
    if (only != null && !only.contains(Arrays.copyOf(labels.key(), labels.length()))) {
      return;
    }
    long time = chunk.timeMicros.get(row);
    if (metric.isSession()) {
      addToSession(time, chunk, row);
    } else {
      Cells cells = slice(metric.bucketOf(Level.BASE, time));
      exact.add(cells, cells.slot(labels), chunk, row);
    }
  }

  /** Data that only looks like JSON was no data for the condition when the event came. */
  private boolean counts(CelExpression where, RowChunk chunk, int row) {
    Row present = stored.at(chunk, row);
    try {
      return Aggregator.counts(where, present.event(), present);
    } catch (JsonException noJson) {
      return false;
    }
  }

  private Cells slice(long bucket) {
    Cells cells = lastCells;
    if (cells == null || bucket != lastBucket) {
      cells = slices.computeIfAbsent(bucket, _ -> new Cells(exact, exact.maxSeries()));
      lastCells = cells;
      lastBucket = bucket;
    }
    return cells;
  }

  private void addToSession(long time, RowChunk chunk, int row) {
    byte[] key = labels.key();
    int length = labels.length();
    int series = sessions.find(key, 0, length);
    if (sessions.touched(series, time, time) == null && isFull(time)) {
      key = Cells.OTHER;
      length = Cells.OTHER.length;
    }
    Session session = sessions.join(sessions.series(key, 0, length), time, time);
    exact.add(session.cells(), session.slot(), chunk, row);
  }

  /** Here it is the sessions of one bucket that there may be so many of. */
  private boolean isFull(long time) {
    return sessions.cells(metric.bucketOf(Level.BASE, time)).size() >= metric.spec().series();
  }

  /** The buckets so far, in cells of the metric's layout. Ends the batch. */
  public NavigableMap<Long, Cells> finish() {
    TreeMap<Long, Cells> settled = new TreeMap<>();
    finishExact().forEach((bucket, cells) -> settled.put(bucket, layout.settle(cells)));
    return settled;
  }

  /** The buckets so far, in cells of the exact layout. Ends the batch as well. */
  public NavigableMap<Long, Cells> finishExact() {
    NavigableMap<Long, Cells> buckets = metric.isSession() ? sessions.buckets() : slices;
    buckets.values().removeIf(cells -> cells.size() == 0);
    return buckets;
  }
}
