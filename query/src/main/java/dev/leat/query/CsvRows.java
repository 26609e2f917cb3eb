package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header line. Null is an empty cell, the empty text {@code ""}; lists and structs
 * are JSON.
 */
final class CsvRows implements RowFormat {
  private final OutputStream out;

  CsvRows(OutputStream out) {
    this.out = new BufferedOutputStream(out);
  }

  @Override
  public String contentType() {
    return "text/csv; charset=utf-8; header=present";
  }

  @Override
  public void columns(List<ColumnInfo> columns) throws IOException {
    line(columns.stream().map(ColumnInfo::name).toArray());
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    line(values);
  }

  @Override
  public void end(Answer.Rows answer, Instant now) throws IOException {
    out.flush();
  }

  @Override
  public void breakOff(Problem problem) throws IOException {
    out.flush();
  }

  private void line(@Nullable Object[] values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        out.write(',');
      }
      Object value = values[i];
      if (value != null) {
        out.write(cell(value).getBytes(UTF_8));
      }
    }
    out.write('\r');
    out.write('\n');
  }

  private static String cell(Object value) throws IOException {
    String text =
        value instanceof List<?> || value instanceof Map<?, ?>
            ? json(value)
            : JsonWriter.textOf(value);
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String json(Object value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonWriter json = new JsonWriter(bytes);
    json.value(value).flush();
    return bytes.toString(UTF_8);
  }
}
