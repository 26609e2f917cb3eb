package dev.leat.query;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** The dashboard in the browser: its files, and the figures that keep it alive. Any thread. */
public final class Dashboard implements HttpService {
  private final Handler assets = new AssetHandler();
  private final Handler live;

  public Dashboard(LiveFeed feed) {
    live = new LiveHandler(feed);
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/", new Guarded(assets))
        .get("/ui/{+path}", new Guarded(assets))
        .get("/v1/live", new Guarded(live));
  }
}
