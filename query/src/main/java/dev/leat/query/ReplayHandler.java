package dev.leat.query;

import dev.leat.event.Processing;
import dev.leat.event.Replay;
import dev.leat.event.Replay.Answer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** {@code POST /v1/dead-letters/replay}: sends dead letters again, or says what would happen. */
final class ReplayHandler implements Handler {
  private final Processing processing;
  private final QueryLimits limits;
  private final InstantSource clock;

  ReplayHandler(Processing processing, QueryLimits limits, InstantSource clock) {
    this.processing = processing;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters.of(request, List.of());
    byte[] body = RequestBytes.read(request, limits.maximumBodyBytes());
    Replay.Request asked = ReplayRequest.parse(body, clock.instant());
    JsonAnswer answer = new JsonAnswer();
    switch (processing.replay(asked)) {
      case Answer.Dry dry -> {
        ReplayJson.dry(answer.json(), dry);
        answer.send(response);
      }
      case Answer.Started started -> {
        ReplayJson.job(answer.json(), started.job());
        response.header(HeaderNames.LOCATION, ReplayJson.url(started.job()));
        answer.send(Status.ACCEPTED_202, response);
      }
      case Answer.Busy busy ->
          throw new ProblemException(
              Problem.of(
                  Status.CONFLICT_409,
                  "BUSY",
                  "Another replay is running, %s; wait for it, or stop it with DELETE"
                      .formatted(ReplayJson.url(busy.job()))));
      case Answer.Refused refused ->
          throw new ProblemException(
              Problem.of(Problem.UNPROCESSABLE, "REFUSED", refused.reason()));
    }
  }
}
