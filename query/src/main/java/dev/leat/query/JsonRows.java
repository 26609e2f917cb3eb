package dev.leat.query;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code {"columns":[...],"rows":[[...]],"asOf":{...},"truncated":false}}, a row per line. */
final class JsonRows implements RowFormat {
  private final JsonWriter json;
  private Cells cells = new Cells(List.of());

  JsonRows(OutputStream out) {
    json = new JsonWriter(out);
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public void columns(List<ColumnInfo> columns) throws IOException {
    cells = new Cells(columns);
    json.beginObject().name("columns").beginArray();
    for (ColumnInfo column : columns) {
      json.beginObject().field("name", column.name()).field("type", column.type()).endObject();
    }
    json.endArray().name("rows").beginArray();
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    json.beginArray();
    for (int i = 0; i < values.length; i++) {
      cells.write(json, i, values[i]);
    }
    json.endArray();
  }

  @Override
  public void end(Answer.Rows answer, Instant now) throws IOException {
    json.endArray();
    Freshnesses.write(json, answer.freshness(), now);
    json.field("truncated", answer.truncated()).endObject().newLine().flush();
  }

  @Override
  public void breakOff(Problem problem) throws IOException {
    json.endArray().name("error");
    problem.writeTo(json);
    json.endObject().newLine().flush();
  }
}
