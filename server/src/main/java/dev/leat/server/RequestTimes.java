package dev.leat.server;

import dev.leat.event.Histogram;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * How long requests take, from when their head was read until the answer was handed over; for each
 * of a few kinds. Any thread.
 */
final class RequestTimes implements Filter {
  /** What requests are told apart by. */
  enum Kind {
    /** {@code /v1/events}, where events come in. */
    EVENTS,
    /** {@code /v1/sql}. */
    SQL,
    /** {@code /v1/metrics} and what is below it. */
    RESULTS,
    /** All others but those that never end. */
    OTHER;

    private final String text = name().toLowerCase(Locale.ROOT);

    String text() {
      return text;
    }
  }

  private final Map<Kind, Histogram> nanos = new EnumMap<>(Kind.class);

  RequestTimes() {
    for (Kind kind : Kind.values()) {
      nanos.put(kind, Histogram.ofDurations());
    }
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    String path = request.path().path();
    if (path.equals("/v1/live")) {
      chain.proceed();
      return;
    }
    long begin = System.nanoTime();
    try {
      chain.proceed();
    } finally {
      of(kind(path)).record(System.nanoTime() - begin);
    }
  }

  /** As of now, in nanoseconds. */
  Map<Kind, Histogram.Reading> read() {
    Map<Kind, Histogram.Reading> readings = new EnumMap<>(Kind.class);
    nanos.forEach((kind, histogram) -> readings.put(kind, histogram.read()));
    return readings;
  }

  private Histogram of(Kind kind) {
    return Objects.requireNonNull(nanos.get(kind));
  }

  private static Kind kind(String path) {
    if (path.equals("/v1/events")) {
      return Kind.EVENTS;
    }
    if (path.equals("/v1/sql")) {
      return Kind.SQL;
    }
    return path.startsWith("/v1/metrics") ? Kind.RESULTS : Kind.OTHER;
  }
}
