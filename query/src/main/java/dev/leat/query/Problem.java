package dev.leat.query;

import dev.leat.event.EventStore.Answer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A refusal as RFC 9457 has it.
 *
 * @param code what programs go by
 * @param retryAfterSeconds when trying again makes sense; 0 if it does not
 */
public record Problem(Status status, String code, String detail, int retryAfterSeconds) {
  static final Status UNPROCESSABLE = Status.create(422, "Unprocessable Content");

  public static Problem of(Status status, String code, String detail) {
    return new Problem(status, code, detail, 0);
  }

  /** What the store says of a statement. */
  static Problem of(Answer.Refused refused) {
    String code = refused.reason().name();
    String detail = refused.message();
    return switch (refused.reason()) {
      case INVALID -> of(Status.BAD_REQUEST_400, code, detail);
      case FORBIDDEN -> of(Status.FORBIDDEN_403, code, detail);
      case TIMEOUT -> of(Status.GATEWAY_TIMEOUT_504, code, detail);
      case MEMORY -> of(UNPROCESSABLE, code, detail);
      case BUSY -> new Problem(Status.SERVICE_UNAVAILABLE_503, code, detail, 1);
      case FAILED -> of(Status.INTERNAL_SERVER_ERROR_500, code, detail);
    };
  }

  /** Ends the response with this problem. */
  public void send(ServerResponse response) {
    if (retryAfterSeconds > 0) {
      response.header(HeaderNames.RETRY_AFTER, Integer.toString(retryAfterSeconds));
    }
    response
        .status(status)
        .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(bytes());
  }

  private byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonWriter json = new JsonWriter(bytes);
    try {
      writeTo(json);
      json.newLine().flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** As one JSON object. */
  void writeTo(JsonWriter json) throws IOException {
    json.beginObject()
        .field("type", "about:blank")
        .field("title", status.reasonPhrase())
        .field("status", status.code())
        .field("code", code)
        .field("detail", detail)
        .endObject();
  }
}
