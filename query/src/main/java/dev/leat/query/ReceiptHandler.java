package dev.leat.query;

import dev.leat.event.Processing;
import dev.leat.event.Receipt;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/events/status}: where one event is now, and where its copies went. */
record ReceiptHandler(Processing processing) implements Handler {
  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    List<String> event =
        UrlParameters.of(request, List.of("source", "id")).required("source", "id");
    Receipt receipt = processing.receipt(event.get(0), event.get(1));
    JsonAnswer answer = new JsonAnswer();
    JsonWriter json = answer.json();
    json.beginObject()
        .field("state", receipt.state().label())
        .field("stream", receipt.stream())
        .field("position", position(receipt.position()))
        .field("complete", receipt.complete())
        .name("steps")
        .beginArray();
    for (Receipt.Step step : receipt.steps()) {
      json.beginObject()
          .field("position", position(step.position()))
          .field("state", step.state().label())
          .field("stream", step.stream())
          .field("detail", step.detail())
          .endObject();
    }
    json.endArray().endObject();
    answer.send(response);
  }

  private static @Nullable String position(long offset) {
    return offset < 0 ? null : Long.toString(offset);
  }
}
