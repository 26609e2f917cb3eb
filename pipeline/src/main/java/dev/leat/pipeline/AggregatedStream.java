package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.List;

/** The metrics of one stream, and how far its event time has come. For one thread. */
final class AggregatedStream implements StreamAggregates {
  private final String name;
  private final Aggregates all;
  private final MarkBook marks;
  private final Watermark watermark;
  private final List<Aggregator> metrics = new ArrayList<>();

  AggregatedStream(String name, Aggregates all, MarkBook marks, Watermark watermark) {
    this.name = name;
    this.all = all;
    this.marks = marks;
    this.watermark = watermark;
  }

  List<Aggregator> metrics() {
    return metrics;
  }

  @Override
  public void add(EventCursor event, Row row) {
    long logTime = all.logTime();
    long time = event.timeMicros();
    boolean isAhead = watermark.isAhead(time, event.receivedMicros());
    long reached = watermark.at(logTime);
    for (int i = 0; i < metrics.size(); i++) {
      metrics.get(i).add(event, row, time, isAhead, reached);
    }
    if (!isAhead) {
      watermark.see(time, logTime);
    }
  }

  /** Counts rows in all metrics, none of which has a condition. */
  void add(RowChunk chunk, int from, int to) {
    for (int row = from; row < to; row++) {
      long received = chunk.receivedMicros.get(row);
      all.advance(received);
      long logTime = all.logTime();
      long time = chunk.timeMicros.get(row);
      boolean isAhead = watermark.isAhead(time, received);
      long reached = watermark.at(logTime);
      for (int i = 0; i < metrics.size(); i++) {
        metrics.get(i).place(chunk, row, time, isAhead, reached);
      }
      if (!isAhead) {
        watermark.see(time, logTime);
      }
    }
  }

  @Override
  public void corrected(long target, long position) {
    marks.corrected(name, target, position);
  }
}
