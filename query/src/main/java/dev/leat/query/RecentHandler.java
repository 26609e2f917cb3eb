package dev.leat.query;

import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Freshness;
import dev.leat.event.TableSpec;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/streams/{name}/recent}: how the latest events of a stream spread over partitions
 * and keys, and how fresh they are. It looks at a bounded stretch of the log, and all who ask
 * within two seconds get the same answer, so that many lookers cost as much as one.
 */
final class RecentHandler implements Handler {
  /** So far back in the log; of a stream with a small share of it, fewer are its own. */
  private static final long STRETCH = 50_000;

  private static final int KEYS = 10;
  private static final Duration GOOD_FOR = Duration.ofSeconds(2);

  private final EventStore store;
  private final Lookup lookup;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock; as many as there are streams. */
  private final Map<String, Recent> known = new LinkedHashMap<>();

  /** What was found, and when. */
  private record Recent(
      List<@Nullable Object[]> totals,
      List<@Nullable Object[]> shards,
      List<@Nullable Object[]> keys,
      Freshness freshness,
      Instant at) {}

  RecentHandler(EventStore store, Lookup lookup, InstantSource clock) {
    this.store = store;
    this.lookup = lookup;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters.of(request, List.of());
    String name = request.path().pathParameters().get("name");
    List<String> tables = store.tables().stream().map(TableSpec::name).toList();
    if (!tables.contains(name)) {
      throw new ProblemException(
          Problem.of(
              Status.NOT_FOUND_404,
              "NOT_FOUND",
              "There is no stream '%s'; there are %s".formatted(name, String.join(", ", tables))));
    }
    JsonAnswer answer = new JsonAnswer();
    write(answer.json(), name, recent(name));
    answer.send(response);
  }

  private Recent recent(String name) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Instant now = clock.instant();
      Recent last = known.get(name);
      if (last == null || Duration.between(last.at(), now).compareTo(GOOD_FOR) > 0) {
        last = look(name, now);
        known.put(name, last);
      }
      return last;
    } finally {
      lock.unlock();
    }
  }

  private Recent look(String name, Instant now) throws InterruptedException {
    String from =
        " FROM \"%s\" WHERE log_offset >= %d"
            .formatted(name, Math.max(0, store.visibleOffset() - STRETCH));
    List<@Nullable Object[]> totals = new ArrayList<>();
    List<@Nullable Object[]> shards = new ArrayList<>();
    List<@Nullable Object[]> keys = new ArrayList<>();
    Freshness freshness =
        lookup.ask(
            "SELECT count(*), min(received_at), max(received_at), max(time),"
                + " approx_count_distinct(coalesce(partition_key, subject))"
                + from,
            List.of(),
            1,
            totals::add);
    lookup.ask(
        "SELECT shard, count(*)" + from + " GROUP BY shard ORDER BY shard",
        List.of(),
        1_024,
        shards::add);
    lookup.ask(
        "SELECT coalesce(partition_key, subject) AS key, any_value(shard), count(*) AS events"
            + from
            + " AND coalesce(partition_key, subject) IS NOT NULL GROUP BY key ORDER BY events DESC, key LIMIT "
            + KEYS,
        List.of(),
        KEYS,
        keys::add);
    return new Recent(totals, shards, keys, freshness, now);
  }

  private static void write(JsonWriter json, String name, Recent recent) throws IOException {
    @Nullable Object[] totals = recent.totals().getFirst();
    json.beginObject()
        .field("stream", name)
        .field("events", totals[0])
        .field("firstReceived", totals[1])
        .field("lastReceived", totals[2])
        .field("latestTime", totals[3])
        .field("distinctKeys", totals[4])
        .name("partitions")
        .beginArray();
    for (@Nullable Object[] shard : recent.shards()) {
      json.beginObject().field("shard", shard[0]).field("events", shard[1]).endObject();
    }
    json.endArray().name("keys").beginArray();
    for (@Nullable Object[] key : recent.keys()) {
      json.beginObject()
          .field("key", key[0])
          .field("shard", key[1])
          .field("events", key[2])
          .endObject();
    }
    json.endArray();
    Freshnesses.write(json, recent.freshness(), recent.at());
    json.endObject();
  }
}
