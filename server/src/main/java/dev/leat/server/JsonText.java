package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.query.JsonWriter;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One JSON document in memory, with a line end. */
final class JsonText {
  /** Writes the document. */
  interface Body {
    void writeTo(JsonWriter json) throws IOException;
  }

  private JsonText() {}

  static String of(Body body) {
    return new String(bytes(body), UTF_8);
  }

  static byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonWriter json = new JsonWriter(bytes);
    try {
      body.writeTo(json);
      json.newLine().flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return bytes.toByteArray();
  }

  /** Answers with a document that says how things are now. */
  static void send(ServerResponse response, int status, Body body) {
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(bytes(body));
  }
}
