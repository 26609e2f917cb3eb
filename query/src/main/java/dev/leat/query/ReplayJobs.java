package dev.leat.query;

import dev.leat.event.Processing;
import dev.leat.event.Replay.Job;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What can be asked of replays that have begun: all of them, one of them, and to stop. */
record ReplayJobs(Processing processing) {
  /** {@code GET /v1/dead-letters/replay}. */
  void list(ServerRequest request, ServerResponse response) throws IOException {
    UrlParameters.of(request, List.of());
    JsonAnswer answer = new JsonAnswer();
    answer.json().beginObject().name("jobs").beginArray();
    for (Job job : processing.replays()) {
      ReplayJson.job(answer.json(), job);
    }
    answer.json().endArray().endObject();
    answer.send(response);
  }

  /** {@code GET /v1/dead-letters/replay/{id}}. */
  void one(ServerRequest request, ServerResponse response) throws IOException {
    send(find(id(request)), response);
  }

  /** {@code DELETE /v1/dead-letters/replay/{id}}: the job as it was left. */
  void stop(ServerRequest request, ServerResponse response) throws IOException {
    long id = id(request);
    if (!processing.stopReplay(id)) {
      Job job = find(id);
      throw new ProblemException(
          Problem.of(
              Status.CONFLICT_409,
              "NOT_RUNNING",
              "Replay %d does not run any more: it is %s"
                  .formatted(id, job.state().name().toLowerCase(Locale.ROOT))));
    }
    send(find(id), response);
  }

  private static long id(ServerRequest request) {
    UrlParameters.of(request, List.of());
    return JsonBody.count("The id of a replay", request.path().pathParameters().get("id"));
  }

  private Job find(long id) {
    for (Job job : processing.replays()) {
      if (job.id() == id) {
        return job;
      }
    }
    throw new ProblemException(
        Problem.of(
            Status.NOT_FOUND_404,
            "NOT_FOUND",
            "There is no replay %d; GET %s lists those of late".formatted(id, ReplayJson.PATH)));
  }

  private static void send(Job job, ServerResponse response) throws IOException {
    JsonAnswer answer = new JsonAnswer();
    ReplayJson.job(answer.json(), job);
    answer.send(response);
  }
}
