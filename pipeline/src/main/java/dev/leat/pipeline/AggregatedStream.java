package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;
import java.util.List;

/**
 * The metrics of one stream, and how far its event time has come. For one thread.
 *
 * <p>Events gather in a run, and are counted when it is full or somebody wants to know. One that
 * may be too early or too late for a metric is counted by itself, so that what it leaves behind
 * (marks, of which there are only so many) has the order of the log over all metrics.
 */
final class AggregatedStream implements StreamAggregates {
  private final String name;
  private final Aggregates all;
  private final MarkBook marks;
  private final Watermark watermark;
  private final List<Aggregator> metrics;
  private final EventRun run;

  /** Events at this time or later are too late for no metric, whatever the watermark. */
  private final long settled;

  /** How far behind the watermark an event may be that is too late for no metric. */
  private final long slack;

  AggregatedStream(
      String name,
      Aggregates all,
      MarkBook marks,
      Watermark watermark,
      List<Aggregator> metrics,
      DataSchema schema) {
    this.name = name;
    this.all = all;
    this.marks = marks;
    this.watermark = watermark;
    this.metrics = List.copyOf(metrics);
    this.run = new EventRun(schema);
    metrics.forEach(metric -> metric.read(run));
    settled = metrics.stream().mapToLong(Aggregator::settled).max().orElse(Watermark.NONE);
    slack = metrics.stream().mapToLong(Aggregator::slack).min().orElse(Long.MAX_VALUE);
  }

  @Override
  public void add(EventCursor event, Row row) {
    RowChunk chunk = row.chunk();
    long time = chunk.timeMicros.get(row.index());
    long logTime = all.logTime();
    long reached = watermark.at(logTime);
    boolean isAhead = watermark.isAhead(time, chunk.receivedMicros.get(row.index()));
    boolean isOrdinary = !isAhead && isTimely(time, reached);
    if (!isOrdinary) {
      count();
    }
    run.add(event, row, reached);
    if (!isAhead) {
      watermark.see(time, logTime);
    }
    if (!isOrdinary) {
      countAlone(isAhead);
    } else if (run.room() == 0) {
      count();
    }
  }

  /** Counts rows in all metrics, none of which has a condition. */
  void add(RowChunk chunk, int from, int to) {
    int row = from;
    while (row < to) {
      int ordinary = ordinary(chunk, row, Math.min(to, row + run.room()));
      run.addAll(chunk, row, ordinary);
      row += ordinary;
      if (run.room() == 0) {
        count();
      } else if (row < to) {
        count();
        addAlone(chunk, row++);
      }
    }
  }

  /**
   * How many of the next rows are neither ahead nor late; tells the run what watermark they find.
   */
  private int ordinary(RowChunk chunk, int from, int to) {
    for (int row = from; row < to; row++) {
      long received = chunk.receivedMicros.get(row);
      long time = chunk.timeMicros.get(row);
      all.advance(received);
      long reached = watermark.at(all.logTime());
      if (watermark.isAhead(time, received) || !isTimely(time, reached)) {
        return row - from;
      }
      run.setWatermark(row - from, reached);
      watermark.see(time, all.logTime());
    }
    return to - from;
  }

  private void addAlone(RowChunk chunk, int row) {
    long time = chunk.timeMicros.get(row);
    boolean isAhead = watermark.isAhead(time, chunk.receivedMicros.get(row));
    run.setWatermark(0, watermark.at(all.logTime()));
    run.addAll(chunk, row, 1);
    if (!isAhead) {
      watermark.see(time, all.logTime());
    }
    countAlone(isAhead);
  }

  private boolean isTimely(long time, long reached) {
    return time >= settled && (reached == Watermark.NONE || time > reached - slack);
  }

  private void countAlone(boolean isAhead) {
    if (isAhead) {
      metrics.forEach(metric -> metric.ahead(run));
      run.clear();
    } else {
      count();
    }
  }

  /** Counts what has gathered. */
  void count() {
    if (run.size() > 0) {
      for (int i = 0; i < metrics.size(); i++) {
        metrics.get(i).count(run);
      }
      run.clear();
    }
  }

  @Override
  public void corrected(long target, long position) {
    marks.corrected(name, target, position);
  }
}
