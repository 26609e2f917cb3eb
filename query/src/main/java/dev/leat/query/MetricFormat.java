package dev.leat.query;

import dev.leat.event.Metrics.Answer.Results;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** How the results of a metric are written. For one answer. */
interface MetricFormat {
  String contentType();

  void write(Results results, Instant now) throws IOException;

  /** The format that the {@code Accept} header asks for; JSON if it does not say. */
  static MetricFormat of(String accept, OutputStream out) {
    RowFormat rows = RowFormat.of(accept, out);
    return rows instanceof JsonRows ? new MetricJson(out) : new MetricRows(rows);
  }
}
