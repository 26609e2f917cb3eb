package dev.leat.query;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request, up to a limit. */
final class RequestBytes {
  private RequestBytes() {}

  static byte[] read(ServerRequest request, int maximum) throws IOException {
    byte[] body;
    try (InputStream in = request.content().inputStream()) {
      body = in.readNBytes(maximum + 1);
    }
    if (body.length > maximum) {
      throw new ProblemException(
          Problem.of(
              Status.REQUEST_ENTITY_TOO_LARGE_413,
              "TOO_LARGE",
              "The body may have %d bytes".formatted(maximum)));
    }
    return body;
  }
}
