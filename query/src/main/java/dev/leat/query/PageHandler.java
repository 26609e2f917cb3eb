package dev.leat.query;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code GET /}: one page without anything from elsewhere. */
final class PageHandler implements Handler {
  private static final int MAX_BYTES = 256 << 10;

  /** The page may run what is written in it and talk to where it came from, nothing more. */
  private static final String POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final byte[] page = load();

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    response
        .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .send(page);
  }

  private static byte[] load() {
    try (InputStream in = PageHandler.class.getResourceAsStream("page.html")) {
      if (in == null) {
        throw new IllegalStateException("page.html is missing from the jar");
      }
      return in.readNBytes(MAX_BYTES);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
