package dev.leat.server;

import dev.leat.query.Problem;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** What a request gets that nothing answers to. */
final class NotFound {
  private static final String CALLS =
      "POST /v1/events, GET /v1/events/status, POST /v1/sql, GET /v1/streams, GET /v1/balance,"
          + " GET /v1/dead-letters, GET /v1/dead-letters/groups, POST /v1/dead-letters/replay,"
          + " GET /v1/metrics, GET /v1/metrics/{name}, POST /v1/metrics/{name}/recompute,"
          + " POST /v1/metrics/{name}/verify,"
          + " GET /v1/definition, POST /v1/definition/reload, GET /v1/checkpoints, GET /v1/live,"
          + " GET /v1/alerts, GET /v1/silences, POST /v1/silences, DELETE /v1/silences/{id},"
          + " GET /health/live, GET /health/ready, GET /metrics, GET /";

  private NotFound() {}

  static void answer(ServerRequest request, ServerResponse response) {
    String asked = request.prologue().method().text() + " " + request.path().path();
    String detail = "There is no %s; there are %s".formatted(asked, CALLS);
    Problem.of(Status.NOT_FOUND_404, "NOT_FOUND", detail).send(response);
  }
}
