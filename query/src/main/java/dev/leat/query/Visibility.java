package dev.leat.query;

import dev.leat.event.EventStore;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.LongSupplier;

/**
 * What an answer has seen: waits until it has seen the event that a request names, so that clients
 * read what they wrote. Any thread.
 *
 * @param acceptedOffset the offset the next event will have, to tell how far behind the rows are
 */
record Visibility(EventStore store, LongSupplier acceptedOffset, QueryLimits limits) {
  static final HeaderName AFTER = HeaderNames.create("Leat-After");
  static final HeaderName AS_OF = HeaderNames.create("Leat-As-Of");

  /** No event is named. */
  static final long ABSENT = -1;

  /** A count from a header; {@link #ABSENT} without it. */
  static long header(ServerRequest request, HeaderName name) {
    return request
        .headers()
        .first(name)
        .map(value -> JsonBody.count(name.defaultCase(), value))
        .orElse(ABSENT);
  }

  /** Waits for the event that the header {@code Leat-After} names. */
  void await(ServerRequest request) throws InterruptedException {
    await(header(request, AFTER));
  }

  /** Waits for the event at a position, or says that it did not show in time. */
  void await(long after) throws InterruptedException {
    if (after == ABSENT || store.awaitVisible(after + 1, limits.patience())) {
      return;
    }
    String detail =
        "Position %d did not become visible within %d s: rows show up to %s, the log reaches %s"
            .formatted(
                after,
                limits.patience().toSeconds(),
                Freshnesses.position(store.visibleOffset()),
                Freshnesses.position(acceptedOffset.getAsLong()));
    throw new ProblemException(
        new Problem(Status.SERVICE_UNAVAILABLE_503, "NOT_VISIBLE", detail, 1));
  }
}
