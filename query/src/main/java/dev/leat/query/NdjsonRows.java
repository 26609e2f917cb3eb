package dev.leat.query;

import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One JSON object per row and line. A second column of a name is called {@code name_2}. */
final class NdjsonRows implements RowFormat {
  private final JsonWriter json;
  private Cells cells = new Cells(List.of());
  private List<String> names = List.of();

  NdjsonRows(OutputStream out) {
    json = new JsonWriter(out);
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public void columns(List<ColumnInfo> columns) {
    cells = new Cells(columns);
    Set<String> taken = new HashSet<>();
    List<String> unique = new ArrayList<>();
    for (ColumnInfo column : columns) {
      String name = column.name();
      for (int i = 2; !taken.add(name); i++) {
        name = column.name() + "_" + i;
      }
      unique.add(name);
    }
    names = List.copyOf(unique);
  }

  @Override
  public void row(@Nullable Object[] values) throws IOException {
    json.beginObject();
    for (int i = 0; i < values.length; i++) {
      json.name(names.get(i));
      cells.write(json, i, values[i]);
    }
    json.endObject().newLine();
  }

  @Override
  public void end(Answer.Rows answer, Instant now) throws IOException {
    json.flush();
  }

  @Override
  public void breakOff(Problem problem) throws IOException {
    json.beginObject().name("error");
    problem.writeTo(json);
    json.endObject().newLine().flush();
  }
}
