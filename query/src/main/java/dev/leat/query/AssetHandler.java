package dev.leat.query;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /} and {@code GET /ui/...}: the files of the dashboard, all of them from the jar. What
 * a browser has already is asked for again and answered with 304, so that no old file outlives a
 * new version of Leat.
 */
final class AssetHandler implements Handler {
  /** Everything comes from this server, and nothing is written inside a page. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String PREFIX = "/ui/";

  /** No dots but before the ending, so that no path leads out of the directory. */
  private static final Pattern PATH =
      Pattern.compile("(?:[a-z0-9-]{1,40}/){0,3}[a-z0-9-]{1,40}\\.(?:js|css|svg)");

  private static final String WEBJARS = "/META-INF/resources/webjars/";

  /** What others wrote: the address it has here, and where its jar keeps it. */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          "lib/lit-html.js", "lit-html/3.3.2/lit-html.js",
          "lib/uplot.js", "uplot/1.6.30/dist/uPlot.esm.js",
          "lib/uplot.css", "uplot/1.6.30/dist/uPlot.min.css");

  private final Map<String, Asset> loaded = new ConcurrentHashMap<>();

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    String name = path.equals("/") ? "index.html" : path.substring(PREFIX.length());
    Asset asset = path.equals("/") || PATH.matcher(name).matches() ? find(name) : null;
    if (asset == null) {
      throw new ProblemException(
          Problem.of(Status.NOT_FOUND_404, "NOT_FOUND", "The dashboard has no such file"));
    }
    response
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(HeaderNames.ETAG, asset.tag())
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer");
    if (request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("").contains(asset.tag())) {
      response.status(Status.NOT_MODIFIED_304).send();
    } else {
      response.header(HeaderNames.CONTENT_TYPE, asset.type()).send(asset.bytes());
    }
  }

  /** Only what exists is kept, so the table is as small as the dashboard. */
  private @Nullable Asset find(String name) {
    Asset known = loaded.get(name);
    if (known != null) {
      return known;
    }
    String library = LIBRARIES.get(name);
    Asset found = Asset.load(library == null ? "ui/" + name : WEBJARS + library);
    if (found != null) {
      loaded.put(name, found);
    }
    return found;
  }
}
