package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the cells of a result as JSON; text of a column of type JSON is embedded as it is. */
final class Cells {
  private final boolean[] embedded;
  private final JsonScanner scanner = new JsonScanner(512);

  Cells(List<ColumnInfo> columns) {
    embedded = new boolean[columns.size()];
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] = columns.get(i).type().equalsIgnoreCase("JSON");
    }
  }

  void write(JsonWriter json, int column, @Nullable Object value) throws IOException {
    if (embedded[column] && value instanceof String text) {
      writeJson(json, text);
    } else {
      json.value(value);
    }
  }

  /** Text that should be JSON; if it is not, it is written as text. */
  void writeJson(JsonWriter json, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    if (isJson(bytes)) {
      json.raw(bytes);
    } else {
      json.value(text);
    }
  }

  /** An answer must stay JSON whatever a table holds, so it is looked at and not believed. */
  private boolean isJson(byte[] bytes) {
    scanner.reset(bytes, 0, bytes.length);
    try {
      Token token = scanner.next();
      while (token != Token.END) {
        token = scanner.next();
      }
      return true;
    } catch (JsonException not) {
      return false;
    }
  }
}
