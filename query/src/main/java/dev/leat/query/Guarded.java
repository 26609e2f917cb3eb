package dev.leat.query;

import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A handler whose refusals become answers. */
record Guarded(Handler handler) implements Handler {
  @Override
  public void handle(ServerRequest request, ServerResponse response) throws Exception {
    try {
      handler.handle(request, response);
    } catch (ProblemException refused) {
      refused.problem().send(response);
    } catch (IOException | UncheckedIOException gone) {
      // Nobody reads the answer any more; the connection ends with this exception.
      throw new CloseConnectionException("the client went away", gone);
    }
  }
}
