package dev.leat.query;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** An answer of one JSON document that is small enough to be held until it is whole. */
final class JsonAnswer {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final JsonWriter json = new JsonWriter(bytes);

  JsonWriter json() {
    return json;
  }

  void send(ServerResponse response) throws IOException {
    send(Status.OK_200, response);
  }

  void send(Status status, ServerResponse response) throws IOException {
    json.newLine().flush();
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(bytes.toByteArray());
  }
}
