package dev.leat.query;

import dev.leat.event.EventStore;
import dev.leat.event.Metrics;
import dev.leat.event.Processing;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The read side over HTTP: SQL, the list of streams, the balance, receipts, dead letters, metrics.
 * Safe for any thread.
 */
public final class QueryService implements HttpService {
  private final Handler sql;
  private final Handler streams;
  private final Handler recent;
  private final Handler balance;
  private final Handler receipt;
  private final Handler deadLetters;
  private final Handler groups;
  private final Handler replay;
  private final ReplayJobs jobs;
  private final Handler metricList;
  private final Handler metric;
  private final Handler recompute;
  private final Handler verify;

  /**
   * @param acceptedOffset the offset the next event will have, to tell how far behind the rows are
   */
  public QueryService(
      EventStore store,
      Processing processing,
      Metrics metrics,
      LongSupplier acceptedOffset,
      QueryLimits limits,
      InstantSource clock) {
    Lookup lookup = new Lookup(store, limits);
    Visibility visibility = new Visibility(store, acceptedOffset, limits);
    sql = new SqlHandler(store, visibility, limits, clock);
    streams = new StreamsHandler(store, acceptedOffset, clock);
    recent = new RecentHandler(store, lookup, clock);
    balance = new BalanceHandler(processing);
    receipt = new ReceiptHandler(processing);
    deadLetters = new DeadLettersHandler(lookup, clock);
    groups = new DeadLetterGroupsHandler(lookup, clock);
    replay = new ReplayHandler(processing, limits, clock);
    jobs = new ReplayJobs(processing);
    metricList = new MetricListHandler(metrics);
    metric = new MetricHandler(metrics, visibility, clock);
    recompute = new RecomputeHandler(metrics, metrics::recompute, limits, clock);
    verify = new RecomputeHandler(metrics, metrics::verify, limits, clock);
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post("/v1/sql", new Guarded(sql))
        .get("/v1/streams", new Guarded(streams))
        .get("/v1/streams/{name}/recent", new Guarded(recent))
        .get("/v1/balance", new Guarded(balance))
        .get("/v1/events/status", new Guarded(receipt))
        .get("/v1/dead-letters", new Guarded(deadLetters))
        .get("/v1/dead-letters/groups", new Guarded(groups))
        .post(ReplayJson.PATH, new Guarded(replay))
        .get(ReplayJson.PATH, new Guarded(jobs::list))
        .get(ReplayJson.PATH + "/{id}", new Guarded(jobs::one))
        .delete(ReplayJson.PATH + "/{id}", new Guarded(jobs::stop))
        .get("/v1/metrics", new Guarded(metricList))
        .get("/v1/metrics/{name}", new Guarded(metric))
        .post("/v1/metrics/{name}/recompute", new Guarded(recompute))
        .post("/v1/metrics/{name}/verify", new Guarded(verify));
  }
}
