package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/sql}: runs a statement and streams its rows. */
final class SqlHandler implements Handler {
  static final HeaderName MAX_ROWS = HeaderNames.create("Leat-Max-Rows");
  static final HeaderName TIMEOUT = HeaderNames.create("Leat-Timeout-Ms");
  static final HeaderName TRUNCATED = HeaderNames.create("Leat-Truncated");

  private final EventStore store;
  private final Visibility visibility;
  private final QueryLimits limits;
  private final InstantSource clock;

  SqlHandler(EventStore store, Visibility visibility, QueryLimits limits, InstantSource clock) {
    this.store = store;
    this.visibility = visibility;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    SqlRequest asked =
        read(request)
            .orElse(
                Visibility.header(request, TIMEOUT),
                Visibility.header(request, MAX_ROWS),
                Visibility.header(request, Visibility.AFTER));
    Question question = question(asked);
    visibility.await(asked.after());
    answer(question, request.headers().first(HeaderNames.ACCEPT).orElse(""), response);
  }

  private SqlRequest read(ServerRequest request) throws IOException {
    byte[] body = RequestBytes.read(request, limits.maximumBodyBytes());
    String type =
        request.headers().contentType().map(Object::toString).orElse("").toLowerCase(Locale.ROOT);
    boolean bare = type.startsWith("text/plain") || type.startsWith("application/sql");
    if (!bare) {
      return SqlRequest.parse(body);
    }
    String sql = new String(body, UTF_8);
    if (sql.isBlank()) {
      throw JsonBody.invalid("The body must be an SQL statement, but is empty");
    }
    return SqlRequest.of(sql);
  }

  private Question question(SqlRequest asked) {
    long rows = asked.maxRows() < 0 ? limits.defaultRows() : asked.maxRows();
    if (rows > limits.maximumRows()) {
      throw JsonBody.invalid(
          "maxRows may be at most %d, not %d".formatted(limits.maximumRows(), rows));
    }
    long maximumMillis = limits.maximumTime().toMillis();
    long millis =
        asked.timeoutMillis() < 0 ? limits.defaultTime().toMillis() : asked.timeoutMillis();
    if (millis < 1 || millis > maximumMillis) {
      throw JsonBody.invalid(
          "timeoutMs must be from 1 to %d, not %d".formatted(maximumMillis, millis));
    }
    return new Question(asked.sql(), asked.parameters(), Duration.ofMillis(millis), rows);
  }

  private void answer(Question question, String accept, ServerResponse response)
      throws IOException, InterruptedException {
    // Read before the statement runs: a bound that holds, and known in time for a header.
    String asOf = Freshnesses.position(store.visibleOffset());
    Body body = new Body(response);
    RowFormat format = RowFormat.of(accept, body);
    response.header(HeaderNames.CONTENT_TYPE, format.contentType());
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    if (asOf != null) {
      response.header(Visibility.AS_OF, asOf);
    }
    // Known only at the end, so in the trailer of an answer that has begun by then.
    response.header(HeaderNames.TRAILER, TRUNCATED.defaultCase());
    switch (store.query(question, new Writing(format))) {
      case Answer.Rows rows -> {
        format.end(rows, clock.instant());
        finish(body, rows, response);
      }
      case Answer.Refused refused -> {
        Problem problem = Problem.of(refused);
        if (!body.isStarted()) {
          response.headers().remove(HeaderNames.TRAILER);
          response.headers().remove(HeaderNames.CONTENT_TYPE);
          throw new ProblemException(problem);
        }
        format.breakOff(problem);
        body.flush();
        // No last chunk: whoever reads sees that the answer is not whole.
        throw new CloseConnectionException(problem.detail());
      }
    }
  }

  private static void finish(Body body, Answer.Rows rows, ServerResponse response)
      throws IOException {
    String truncated = Boolean.toString(rows.truncated());
    if (body.isStarted()) {
      response.trailers().set(TRUNCATED, truncated);
    } else {
      response.headers().remove(HeaderNames.TRAILER);
      response.header(TRUNCATED, truncated);
    }
    body.finish();
  }

  /** Carries the rows from the store to the format. */
  private record Writing(RowFormat format) implements EventStore.Receiver {
    @Override
    public void columns(List<ColumnInfo> columns) {
      try {
        format.columns(columns);
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }

    @Override
    public void row(@Nullable Object[] values) {
      try {
        format.row(values);
      } catch (IOException gone) {
        throw new UncheckedIOException(gone);
      }
    }
  }
}
