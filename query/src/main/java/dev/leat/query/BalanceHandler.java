package dev.leat.query;

import dev.leat.event.Balance;
import dev.leat.event.Balance.Totals;
import dev.leat.event.Processing;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /v1/balance}: where all events are, and whether that adds up. */
record BalanceHandler(Processing processing) implements Handler {
  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    UrlParameters.of(request, List.of());
    Balance balance = processing.balance();
    JsonAnswer answer = new JsonAnswer();
    JsonWriter json = answer.json();
    json.beginObject();
    BalanceJson.total(json, balance);
    json.field("position", Freshnesses.position(balance.position())).name("streams").beginObject();
    for (Map.Entry<String, Totals> stream : new TreeMap<>(balance.streams()).entrySet()) {
      json.name(stream.getKey()).beginObject();
      BalanceJson.counts(json, stream.getValue());
      json.endObject();
    }
    json.endObject().endObject();
    answer.send(response);
  }
}
