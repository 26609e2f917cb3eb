package dev.leat.query;

import dev.leat.event.Metrics;
import dev.leat.event.Metrics.Difference;
import dev.leat.event.Metrics.MetricInfo;
import dev.leat.event.Metrics.Recomputation;
import dev.leat.event.Metrics.Recomputation.Done;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code POST /v1/metrics/{name}/recompute} and {@code .../verify}: compute windows anew from the
 * stored rows, and put the results in place or only compare them. The answer comes when it is done.
 */
final class RecomputeHandler implements Handler {
  /** One of the two calls. */
  interface Call {
    Recomputation run(String metric, long from, long to) throws InterruptedException;
  }

  private final Metrics metrics;
  private final Call call;
  private final QueryLimits limits;
  private final InstantSource clock;

  RecomputeHandler(Metrics metrics, Call call, QueryLimits limits, InstantSource clock) {
    this.metrics = metrics;
    this.call = call;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters.of(request, List.of());
    String name = MetricHandler.name(request);
    byte[] body = RequestBytes.read(request, limits.maximumBodyBytes());
    Stretch stretch = Stretch.parse(body, clock.instant());
    switch (call.run(name, stretch.from(), stretch.to())) {
      case Done done -> {
        JsonAnswer answer = new JsonAnswer();
        write(answer.json(), name, stretch, done);
        answer.send(response);
      }
      case Recomputation.Unknown unknown -> throw MetricHandler.unknown(name, unknown.known());
      case Recomputation.Refused refused ->
          throw new ProblemException(
              Problem.of(Problem.UNPROCESSABLE, "REFUSED", refused.reason()));
    }
  }

  private void write(JsonWriter json, String name, Stretch stretch, Done done) throws IOException {
    List<String> labels = labels(name);
    json.beginObject()
        .field("metric", name)
        .field("from", Times.ofMicros(stretch.from()))
        .field("to", Times.ofMicros(stretch.to()))
        .field("windows", done.windows())
        .field("rows", done.rows())
        .field("different", done.different())
        .name("differences")
        .beginArray();
    for (Difference difference : done.differences()) {
      json.beginObject();
      MetricJson.labels(json, labels, difference.labels());
      json.field("start", Times.ofMicros(difference.start()))
          .field("measure", difference.measure())
          .field("served", difference.served())
          .field("recomputed", difference.recomputed())
          .endObject();
    }
    json.endArray().field("millis", done.millis()).endObject();
  }

  /** None if the metric has gone from the definition since it was computed. */
  private List<String> labels(String name) {
    return metrics.metrics().stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .map(MetricInfo::labels)
        .orElse(List.of());
  }
}
