package dev.leat.server;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics} for Prometheus. What it needs is loaded by the first who asks, so that a
 * start does not wait for it. Any thread.
 */
final class MetersEndpoint implements HttpService, AutoCloseable {
  private final MeterSource source;
  private @Nullable Meters meters; // guarded by this

  MetersEndpoint(MeterSource source) {
    this.source = source;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.get("/metrics", this::answer);
  }

  private void answer(ServerRequest request, ServerResponse response) {
    String accept =
        request.headers().contains(HeaderNames.ACCEPT)
            ? request.headers().get(HeaderNames.ACCEPT).values()
            : null;
    Meters.Page page = scrape(accept);
    response
        .header(HeaderNames.CONTENT_TYPE, page.contentType())
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(page.text());
  }

  /** What an answer has; null as in {@link Meters#scrape}. */
  Meters.Page scrape(@Nullable String accept) {
    return meters().scrape(accept);
  }

  private synchronized Meters meters() {
    Meters present = meters;
    if (present == null) {
      present = new Meters(source::read);
      meters = present;
    }
    return present;
  }

  @Override
  public synchronized void close() {
    if (meters != null) {
      meters.close();
    }
  }
}
