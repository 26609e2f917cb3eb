package dev.leat.server;

import dev.leat.event.EventStore;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;

/**
 * {@code GET /v1/checkpoints}: the commits that can be gone back to ({@code leat state rollback}),
 * the newest first.
 */
final class CheckpointsEndpoint implements HttpService {
  private final EventStore store;

  CheckpointsEndpoint(EventStore store) {
    this.store = store;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/v1/checkpoints", (_, response) -> send(response));
  }

  private void send(ServerResponse response) {
    JsonText.send(
        response,
        200,
        json -> {
          json.beginObject().name("checkpoints").beginArray();
          for (EventStore.Version version : store.versions()) {
            json.beginObject()
                .field("version", version.version())
                .field("at", version.at())
                .field("position", Long.toString(version.nextOffset() - 1))
                .field("rows", version.rows())
                .field("stateBytes", version.state().length)
                .endObject();
          }
          json.endArray().endObject();
        });
  }
}
