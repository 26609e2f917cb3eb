package dev.leat.query;

import dev.leat.event.EventStore.Freshness;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/dead-letters/groups}: dead letters by their cause, the most frequent first, each
 * with its newest one as a sample.
 */
final class DeadLetterGroupsHandler implements Handler {
  private static final long DEFAULT_LIMIT = 100;
  private static final long MAX_LIMIT = 1_000;
  private static final int SAMPLE_BYTES = 256;

  private static final List<String> PARAMETERS =
      Stream.concat(DeadLetterFilter.NAMES.stream(), Stream.of("all", "limit")).toList();

  /** One byte more than is shown tells whether there are more. */
  private static final String SELECT =
      "SELECT stream, stage, reason, rule, pointer, count(*), min(received_at), max(received_at),"
          + " max(log_offset), arg_max_null(id, log_offset), arg_max_null(found, log_offset),"
          + " arg_max_null(array_slice(data_raw, 1, "
          + (SAMPLE_BYTES + 1)
          + "), log_offset) FROM ";

  private static final String GROUP =
      " GROUP BY stream, stage, reason, rule, pointer"
          + " ORDER BY count(*) DESC, max(log_offset) DESC LIMIT ";

  private static final List<String> NAMES =
      List.of("stream", "stage", "reason", "rule", "pointer", "count", "firstSeen", "lastSeen");
  private static final int SAMPLE_OFFSET = NAMES.size();

  private final Lookup lookup;
  private final InstantSource clock;

  DeadLetterGroupsHandler(Lookup lookup, InstantSource clock) {
    this.lookup = lookup;
    this.clock = clock;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters parameters = UrlParameters.of(request, PARAMETERS);
    Instant now = clock.instant();
    DeadLetterWhere where = new DeadLetterWhere(DeadLetterFilter.of(parameters, now));
    long limit = parameters.count("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String sql =
        SELECT
            + DeadLettersHandler.table(parameters.flag("all"))
            + where.sql()
            + GROUP
            + (limit + 1);
    JsonAnswer answer = new JsonAnswer();
    Groups groups = new Groups(answer.json(), limit);
    answer.json().beginObject().name("groups").beginArray();
    Freshness freshness = lookup.ask(sql, where.parameters(), limit + 1, groups);
    answer.json().endArray().field("truncated", groups.more);
    Freshnesses.write(answer.json(), freshness, now);
    answer.json().endObject();
    answer.send(response);
  }

  private static final class Groups implements Lookup.Rows {
    private final JsonWriter json;
    private final long limit;
    private long written;
    private boolean more;

    Groups(JsonWriter json, long limit) {
      this.json = json;
      this.limit = limit;
    }

    @Override
    public void row(@Nullable Object[] values) throws IOException {
      if (written == limit) {
        more = true;
        return;
      }
      written++;
      json.beginObject();
      for (int i = 0; i < NAMES.size(); i++) {
        json.field(NAMES.get(i), values[i]);
      }
      json.name("sample")
          .beginObject()
          .field("position", Objects.toString(values[SAMPLE_OFFSET]))
          .field("id", values[SAMPLE_OFFSET + 1])
          .field("found", values[SAMPLE_OFFSET + 2]);
      RawData.write(json, values[SAMPLE_OFFSET + 3], SAMPLE_BYTES);
      json.endObject().endObject();
    }
  }
}
