package dev.leat.query;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Freshness;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Status;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/streams}: what there is to query, how much of it, and how fresh. */
final class StreamsHandler implements Handler {
  /** The one stream there is so far. */
  private static final String EVENTS = "events";

  private static final Question COLUMNS =
      new Question("SELECT * FROM events LIMIT 0", List.of(), Duration.ofSeconds(5), 1);

  private final EventStore store;
  private final LongSupplier acceptedOffset;
  private final InstantSource clock;

  StreamsHandler(EventStore store, LongSupplier acceptedOffset, InstantSource clock) {
    this.store = store;
    this.acceptedOffset = acceptedOffset;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    // In this order, so that what is visible never exceeds what is accepted.
    long visible = store.visibleOffset();
    long accepted = Math.max(acceptedOffset.getAsLong(), visible);
    Status status = store.status();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonWriter json = new JsonWriter(bytes);
    json.beginObject().name("streams").beginArray();
    stream(json, status, columns());
    json.endArray()
        .field("accepted", Freshnesses.position(accepted))
        .field("lagEvents", accepted - visible);
    Freshnesses.write(json, new Freshness(visible, status.commitVersion()), clock.instant());
    json.endObject().newLine().flush();
    response
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(bytes.toByteArray());
  }

  private static void stream(JsonWriter json, Status status, List<ColumnInfo> columns)
      throws IOException {
    json.beginObject()
        .field("name", EVENTS)
        .field("rows", status.sealedRows() + status.hotRows())
        .field("sealedRows", status.sealedRows())
        .field("hotRows", status.hotRows())
        .field("bytes", status.fileBytes())
        .field("files", status.files())
        .name("columns")
        .beginArray();
    for (ColumnInfo column : columns) {
      json.beginObject().field("name", column.name()).field("type", column.type()).endObject();
    }
    json.endArray().endObject();
  }

  /** The columns as a statement sees them; none while the store is too busy to say. */
  private List<ColumnInfo> columns() throws InterruptedException {
    ColumnsOnly only = new ColumnsOnly();
    return switch (store.query(COLUMNS, only)) {
      case Answer.Rows _ -> only.columns;
      case Answer.Refused _ -> List.of();
    };
  }

  private static final class ColumnsOnly implements EventStore.Receiver {
    private List<ColumnInfo> columns = new ArrayList<>();

    @Override
    public void columns(List<ColumnInfo> columns) {
      this.columns = columns;
    }

    @Override
    public void row(@Nullable Object[] values) {
      throw new IllegalStateException("LIMIT 0 yielded a row");
    }
  }
}
