package dev.leat.query;

import dev.leat.event.Metrics;
import dev.leat.event.Metrics.MetricInfo;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;

/** {@code GET /v1/metrics}: which there are, how far they have come, and where events went. */
record MetricListHandler(Metrics metrics) implements Handler {
  @Override
  public void handle(ServerRequest request, ServerResponse response) throws IOException {
    UrlParameters.of(request, List.of());
    JsonAnswer answer = new JsonAnswer();
    answer.json().beginObject().name("metrics").beginArray();
    for (MetricInfo metric : metrics.metrics()) {
      MetricJson.info(answer.json(), metric);
    }
    answer.json().endArray().endObject();
    answer.send(response);
  }
}
