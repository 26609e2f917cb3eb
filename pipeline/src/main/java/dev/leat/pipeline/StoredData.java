package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data of a stored row again where its columns say all of it ({@link Shredder#saysAll}),
 * so that it was not kept as it was sent: the value of each field that a sender fills, and the
 * nulls of the rest. For one thread.
 */
final class StoredData {
  private final DataSchema schema;
  private final Written written;
  private final DataReader reader = new DataReader(true);
  private List<Entry> entries = List.of();
  private int version = -1;

  /**
   * @param written the fields that enrichment fills, which are no part of what was sent
   */
  StoredData(DataSchema schema, Written written) {
    this.schema = schema;
    this.written = written;
  }

  /** The data as JSON; null if no column has any. */
  byte @Nullable [] write(RowChunk chunk, int row) {
    if (version != schema.version()) {
      version = schema.version();
      entries = schema.entries();
    }
    Map<String, Object> members = object(-1, FieldPath.ROOT, chunk, row);
    if (chunk.rest.isPresent(row) && !members.isEmpty()) {
      members.putAll(rest(chunk, row));
    }
    return members.isEmpty() ? null : DataWriter.json(members);
  }

  private Map<String, Object> object(int parent, FieldPath path, RowChunk chunk, int row) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (Entry entry : DataSchema.childrenOf(entries, parent)) {
      FieldPath at = path.member(entry.name());
      if (!written.has(at)) {
        Object value =
            entry.kind() == Kind.OBJECT
                ? nested(entry, at, chunk, row)
                : reader.read(chunk.columnIfAny(entry.id()), entry.kind(), row);
        if (value != null) {
          members.put(entry.name(), value);
        }
      }
    }
    return members;
  }

  private @Nullable Object nested(Entry entry, FieldPath path, RowChunk chunk, int row) {
    Map<String, Object> members = object(entry.id(), path, chunk, row);
    return members.isEmpty() ? null : members;
  }

  private Map<String, Object> rest(RowChunk chunk, int row) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (reader.readJson(chunk.rest, row) instanceof Map<?, ?> rest) {
      rest.forEach((name, value) -> members.put(String.valueOf(name), value));
    }
    return members;
  }
}
