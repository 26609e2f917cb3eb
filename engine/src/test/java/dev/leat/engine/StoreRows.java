package dev.leat.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore.TableChunk;
import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed rows of a {@link MemoryStore} as maps: what every row has by names that begin with
 * {@code @}, fields of the data by their paths. A field that became a number has numbers in all
 * rows, as it would in a query.
 */
final class StoreRows {
  /** The text of an array. */
  record Json(String text) {}

  private StoreRows() {}

  static List<Map<String, Object>> of(MemoryStore store, String table) {
    List<DataSchema.Entry> fields = store.schema(table).entries();
    List<String> paths = new ArrayList<>();
    for (DataSchema.Entry field : fields) {
      paths.add(field.parent() < 0 ? field.name() : paths.get(field.parent()) + '.' + field.name());
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (TableChunk each : store.committedChunks()) {
      if (each.table().equals(table)) {
        RowChunk.View view = each.chunk().view();
        for (int row = 0; row < view.rows(); row++) {
          Map<String, Object> read = envelope(each.chunk(), row);
          for (DataSchema.Entry field : fields) {
            Column column = view.data(field.id());
            if (column != null && column.isPresent(row)) {
              read.put(paths.get(field.id()), value(column, row, field.kind()));
            }
          }
          rows.add(read);
        }
      }
    }
    rows.sort(Comparator.comparing(Map::toString));
    rows.sort(Comparator.comparing(row -> (Long) row.get("@offset")));
    return rows;
  }

  private static Object value(Column column, int row, Kind kind) {
    return switch (column) {
      case Column.Longs longs when kind == Kind.DOUBLE -> (Object) (double) longs.get(row);
      case Column.Longs longs -> longs.get(row);
      case Column.Doubles doubles -> doubles.get(row);
      case Column.Booleans booleans -> booleans.get(row);
      case Column.Bytes bytes when kind == Kind.JSON -> new Json(new String(bytes.get(row), UTF_8));
      case Column.Bytes bytes -> new String(bytes.get(row), UTF_8);
    };
  }

  private static Map<String, Object> envelope(RowChunk chunk, int row) {
    Map<String, Object> envelope = new TreeMap<>();
    envelope.put("@shard", chunk.shard());
    put(envelope, "@offset", chunk.offset, row);
    put(envelope, "@time", chunk.timeMicros, row);
    put(envelope, "@received", chunk.receivedMicros, row);
    put(envelope, "@sampled", chunk.sampledRate, row);
    put(envelope, "@id", chunk.id, row);
    put(envelope, "@source", chunk.source, row);
    put(envelope, "@type", chunk.type, row);
    put(envelope, "@subject", chunk.subject, row);
    put(envelope, "@key", chunk.partitionKey, row);
    put(envelope, "@attributes", chunk.attributes, row);
    put(envelope, "@rest", chunk.rest, row);
    put(envelope, "@flags", chunk.flags, row);
    if (chunk.raw.isPresent(row)) {
      envelope.put("@raw", new String(chunk.raw.get(row), ISO_8859_1));
    }
    return envelope;
  }

  private static void put(Map<String, Object> into, String name, Column column, int row) {
    if (column.isPresent(row)) {
      into.put(name, value(column, row, Kind.LONG));
    }
  }

  static @Nullable String text(Map<String, Object> row, String name) {
    return (String) row.get(name);
  }
}
