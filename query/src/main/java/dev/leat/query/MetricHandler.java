package dev.leat.query;

import dev.leat.event.Metrics;
import dev.leat.event.Metrics.Answer;
import dev.leat.event.Metrics.Answer.Results;
import dev.leat.event.Metrics.Query;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** {@code GET /v1/metrics/{name}}: the results of a metric, streamed. */
final class MetricHandler implements Handler {
  /** Results are in memory while they are written: some 200 bytes for each point. */
  static final long MAX_POINTS = 250_000;

  /** So many answers are made at a time, so that their memory is bounded too. */
  private static final int MAX_AT_ONCE = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Semaphore turns = new Semaphore(MAX_AT_ONCE, true);
  private final Metrics metrics;
  private final Visibility visibility;
  private final InstantSource clock;

  MetricHandler(Metrics metrics, Visibility visibility, InstantSource clock) {
    this.metrics = metrics;
    this.visibility = visibility;
    this.clock = clock;
  }

  /** The name in the path of a request. */
  static String name(ServerRequest request) {
    return request.path().pathParameters().get("name");
  }

  static ProblemException unknown(String name, List<String> known) {
    String others =
        known.isEmpty()
            ? "the definition has none"
            : "the definition has " + String.join(", ", known);
    return new ProblemException(
        Problem.of(
            Status.NOT_FOUND_404,
            "NOT_FOUND",
            "There is no metric '%s'; %s".formatted(name, others)));
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters parameters = MetricQuestion.parameters(request);
    Instant now = clock.instant();
    Query query = MetricQuestion.of(name(request), parameters, now, MAX_POINTS);
    visibility.await(request);
    if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ProblemException(
          new Problem(
              Status.SERVICE_UNAVAILABLE_503,
              "BUSY",
              "%d questions are being answered already, try again in a moment"
                  .formatted(MAX_AT_ONCE),
              1));
    }
    try {
      answer(query, request, response);
    } finally {
      turns.release();
    }
  }

  private void answer(Query query, ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    switch (metrics.query(query)) {
      case Results results ->
          answer(results, request.headers().first(HeaderNames.ACCEPT).orElse(""), response);
      case Answer.Unknown unknown -> throw unknown(query.metric(), unknown.known());
      case Answer.Wrong wrong ->
          throw JsonBody.invalid("%s: %s".formatted(wrong.parameter(), wrong.message()));
    }
  }

  private void answer(Results results, String accept, ServerResponse response) throws IOException {
    Body body = new Body(response);
    MetricFormat format = MetricFormat.of(accept, body);
    response.header(HeaderNames.CONTENT_TYPE, format.contentType());
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    String asOf = Freshnesses.position(results.position());
    if (asOf != null) {
      response.header(Visibility.AS_OF, asOf);
    }
    format.write(results, clock.instant());
    body.finish();
  }
}
