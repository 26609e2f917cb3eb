package dev.leat.server;

import java.net.URI;

/**
 * Which events are traced, and where their traces go.
 *
 * @param endpoint of OTLP over HTTP; without a path it gets the usual one
 * @param oneIn one in so many events
 */
record TraceOptions(URI endpoint, long oneIn) {
  private static final String PATH = "/v1/traces";

  TraceOptions {
    if (endpoint.getHost() == null || !String.valueOf(endpoint.getScheme()).startsWith("http")) {
      throw new CommandFailure(
          "%s is no URL of an OTLP receiver; one looks like http://127.0.0.1:4318"
              .formatted(endpoint));
    }
    if (oneIn < 1) {
      throw new CommandFailure("one in %d events can't be traced; 1 traces all".formatted(oneIn));
    }
    String path = endpoint.getPath();
    if (path == null || path.isEmpty() || path.equals("/")) {
      endpoint = endpoint.resolve(PATH);
    }
  }
}
