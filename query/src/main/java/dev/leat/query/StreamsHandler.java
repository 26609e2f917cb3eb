package dev.leat.query;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Freshness;
import dev.leat.event.EventStore.Status;
import dev.leat.event.EventStore.TableStatus;
import dev.leat.event.SystemTable;
import dev.leat.event.TableSpec;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/streams}: what there is to query, how much of it, and how fresh. */
final class StreamsHandler implements Handler {
  private final EventStore store;
  private final LongSupplier acceptedOffset;
  private final InstantSource clock;

  StreamsHandler(EventStore store, LongSupplier acceptedOffset, InstantSource clock) {
    this.store = store;
    this.acceptedOffset = acceptedOffset;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    UrlParameters.of(request, List.of());
    // In this order, so that what is visible never exceeds what is accepted.
    long visible = store.visibleOffset();
    long accepted = Math.max(acceptedOffset.getAsLong(), visible);
    Status status = store.status();
    JsonAnswer answer = new JsonAnswer();
    JsonWriter json = answer.json();
    json.beginObject().name("streams").beginArray();
    for (TableSpec table : store.tables()) {
      stream(json, table, status(status.tables(), table.name()));
    }
    json.endArray()
        .field("accepted", Freshnesses.position(accepted))
        .field("lagEvents", accepted - visible);
    Freshnesses.write(json, new Freshness(visible, status.commitVersion()), clock.instant());
    json.endObject();
    answer.send(response);
  }

  private void stream(JsonWriter json, TableSpec table, TableStatus status) throws IOException {
    json.beginObject()
        .field("name", table.name())
        .field("kind", SystemTable.isReserved(table.name()) ? "system" : "stream")
        .field("rows", status.sealedRows() + status.hotRows())
        .field("sealedRows", status.sealedRows())
        .field("hotRows", status.hotRows())
        .field("files", status.files())
        .field("bytes", status.fileBytes())
        .field("bytesPerEvent", perRow(status.fileBytes(), status.sealedRows()))
        .field("payloadBytesPerEvent", perRow(status.payloadBytes(), status.sealedRows()))
        .field("entityKey", table.entityKey())
        .field("retention", table.retention())
        .name("fields")
        .beginArray();
    fields(json, table);
    json.endArray().endObject();
  }

  /** What the store says of a table; nothing if it came after the store was asked. */
  private static TableStatus status(List<TableStatus> all, String name) {
    return all.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElse(new TableStatus(name, 0, 0, 0, 0, 0));
  }

  /** To a tenth; null while there are no files. */
  private static @Nullable Double perRow(long bytes, long rows) {
    return rows == 0 ? null : (Double) (Math.round(10.0 * bytes / rows) / 10.0);
  }

  /** The fields of the data as SQL spells them; an object's members stand for it. */
  private void fields(JsonWriter json, TableSpec table) throws IOException {
    List<String> paths = new ArrayList<>();
    for (DataSchema.Entry field : store.schema(table.name()).entries()) {
      String top = table.flat() ? "" : "data.";
      String path = (field.parent() < 0 ? top : paths.get(field.parent()) + ".") + field.name();
      paths.add(path);
      if (field.kind() != Kind.OBJECT) {
        json.beginObject().field("name", path).field("type", type(field.kind())).endObject();
      }
    }
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case OBJECT -> "STRUCT";
      case BOOLEAN -> "BOOLEAN";
      case LONG -> "BIGINT";
      case DOUBLE -> "DOUBLE";
      case TEXT -> "VARCHAR";
      case JSON -> "JSON";
    };
  }
}
