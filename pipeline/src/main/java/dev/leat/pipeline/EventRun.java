package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events of one stream that are decided on and not counted yet, in the order of the log: what its
 * metrics read of them, in columns. Each path is read once, each condition asked once and each key
 * made once for all metrics that have it, and a metric counts the run in short loops over arrays.
 * For one thread.
 *
 * <p>Where a run ends shows in no result: every event brings the watermark that those before it
 * made, and a metric counts events in their order.
 */
final class EventRun {
  /** Large enough that a loop pays, small enough that what it reads stays in the first cache. */
  static final int CAPACITY = 256;

  private final DataSchema schema;
  private final long[] times = new long[CAPACITY];
  private final long[] offsets = new long[CAPACITY];
  private final long[] weights = new long[CAPACITY];
  private final long[] watermarks = new long[CAPACITY];
  private final Map<KeyPath, RunColumn> columns = new LinkedHashMap<>();
  private final Map<List<KeyPath>, RunSeries> series = new LinkedHashMap<>();
  private final Map<String, RunSelection> selections = new LinkedHashMap<>();

  // The same, as it is walked through for each event.
  private final List<RunColumn> allColumns = new ArrayList<>();
  private final List<RunSelection> allSelections = new ArrayList<>();

  private int size;

  EventRun(DataSchema schema) {
    this.schema = schema;
  }

  /** The values of a path, from the next event on. */
  RunColumn column(KeyPath path) {
    return columns.computeIfAbsent(
        path,
        _ -> {
          RunColumn column = new RunColumn(ValueReader.of(path, schema));
          allColumns.add(column);
          return column;
        });
  }

  /** The series that events belong to by these labels. */
  RunSeries series(List<KeyPath> labels) {
    return series.computeIfAbsent(
        labels, _ -> new RunSeries(labels.stream().map(this::column).toList()));
  }

  /** The events that a metric counts. */
  RunSelection selection(MetricPlan metric) {
    String where = metric.spec().where();
    return selections.computeIfAbsent(
        where == null ? "" : where,
        _ -> {
          RunSelection selection = new RunSelection(metric.condition(schema));
          allSelections.add(selection);
          return selection;
        });
  }

  /**
   * Adds an event whose row is complete, though not ended.
   *
   * @param watermark that the events before it made
   */
  void add(EventCursor event, Row row, long watermark) {
    RowChunk chunk = row.chunk();
    int index = row.index();
    int at = size;
    times[at] = chunk.timeMicros.get(index);
    offsets[at] = chunk.offset.get(index);
    weights[at] = weight(chunk.sampledRate, index);
    watermarks[at] = watermark;
    for (int i = 0; i < allColumns.size(); i++) {
      allColumns.get(i).read(chunk, index, at);
    }
    for (int i = 0; i < allSelections.size(); i++) {
      allSelections.get(i).offer(event, row, at);
    }
    size = at + 1;
  }

  /** Says the watermark that an event finds which {@link #addAll} is about to add. */
  void setWatermark(int ahead, long watermark) {
    watermarks[size + ahead] = watermark;
  }

  /**
   * Adds events whose rows are complete, column by column: row by row as many arrays would have to
   * stand in the cache at once.
   */
  void addAll(RowChunk chunk, int row, int count) {
    int at = size;
    chunk.timeMicros.copy(row, times, at, count);
    chunk.offset.copy(row, offsets, at, count);
    for (int i = 0; i < count; i++) {
      weights[at + i] = weight(chunk.sampledRate, row + i);
    }
    for (int i = 0; i < allColumns.size(); i++) {
      allColumns.get(i).readAll(chunk, row, at, count);
    }
    for (int i = 0; i < allSelections.size(); i++) {
      allSelections.get(i).addAll(at, count);
    }
    size = at + count;
  }

  private static long weight(Column.Longs rate, int row) {
    return rate.isPresent(row) ? Math.max(1, rate.get(row)) : 1;
  }

  void clear() {
    size = 0;
    allColumns.forEach(RunColumn::clear);
    allSelections.forEach(RunSelection::clear);
    series.values().forEach(RunSeries::clear);
  }

  int size() {
    return size;
  }

  /** How many more events there is room for. */
  int room() {
    return CAPACITY - size;
  }

  long time(int index) {
    return times[index];
  }

  long offset(int index) {
    return offsets[index];
  }

  /** How many events an event stands for. */
  long weight(int index) {
    return weights[index];
  }

  long watermark(int index) {
    return watermarks[index];
  }
}
