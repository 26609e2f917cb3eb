package dev.leat.query;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the rows of an answer are written. For one answer. */
interface RowFormat {
  void columns(List<ColumnInfo> columns) throws IOException;

  void row(@Nullable Object[] values) throws IOException;

  /** Ends a good answer. */
  void end(Answer.Rows answer, Instant now) throws IOException;

  /** Says as far as the format can why the answer breaks off here. */
  void breakOff(Problem problem) throws IOException;

  String contentType();

  /** The format that the {@code Accept} header asks for; JSON if it does not say. */
  static RowFormat of(String accept, OutputStream out) {
    String wanted = accept.toLowerCase(Locale.ROOT);
    if (wanted.contains("text/csv")) {
      return new CsvRows(out);
    }
    if (wanted.contains("ndjson") || wanted.contains("jsonl")) {
      return new NdjsonRows(out);
    }
    return new JsonRows(out);
  }
}
