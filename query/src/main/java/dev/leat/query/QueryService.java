package dev.leat.query;

import dev.leat.event.EventStore;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The read side over HTTP: SQL, the list of streams, the front page. Safe for any thread. */
public final class QueryService implements HttpService {
  private final SqlHandler sql;
  private final StreamsHandler streams;
  private final PageHandler page = new PageHandler();

  /**
   * @param acceptedOffset the offset the next event will have, to tell how far behind the rows are
   */
  public QueryService(
      EventStore store, LongSupplier acceptedOffset, QueryLimits limits, InstantSource clock) {
    sql = new SqlHandler(store, acceptedOffset, limits, clock);
    streams = new StreamsHandler(store, acceptedOffset, clock);
  }

  @Override
  public void routing(HttpRules rules) {
    rules.post("/v1/sql", sql).get("/v1/streams", streams).get("/", page);
  }
}
