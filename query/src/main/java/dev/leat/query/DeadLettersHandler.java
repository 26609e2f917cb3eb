package dev.leat.query;

import dev.leat.event.EventStore.Freshness;
import dev.leat.event.Replay;
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
 * {@code GET /v1/dead-letters}: a page of them, the newest first. The cursor is the position of the
 * last one on the page, so pages neither skip nor repeat any while new ones arrive.
 */
final class DeadLettersHandler implements Handler {
  private static final long DEFAULT_LIMIT = 100;
  private static final long MAX_LIMIT = 1_000;

  /** A page ends early once it holds this much raw data. */
  private static final long PAGE_BYTES = 8L << 20;

  private static final List<String> PARAMETERS =
      Stream.concat(DeadLetterFilter.NAMES.stream(), Stream.of("all", "limit", "cursor")).toList();

  private static final String SELECT =
      "SELECT log_offset, stream, stage, reason, pointer, rule, expected, found, schema_version,"
          + " definition_version, attempt, id, source, type, subject, partition_key, time,"
          + " received_at, attributes, data_raw FROM ";

  private static final int OFFSET = 0;
  private static final List<String> CAUSE =
      List.of(
          "stream",
          "stage",
          "reason",
          "pointer",
          "rule",
          "expected",
          "found",
          "schemaVersion",
          "definitionVersion",
          "attempt");
  private static final int CAUSE_FROM = 1;
  private static final List<String> ENVELOPE =
      List.of("id", "source", "type", "subject", "partitionKey", "time", "receivedAt");
  private static final int ENVELOPE_FROM = CAUSE_FROM + CAUSE.size();
  private static final int ATTRIBUTES = ENVELOPE_FROM + ENVELOPE.size();
  private static final int RAW = ATTRIBUTES + 1;

  private final Lookup lookup;
  private final InstantSource clock;

  DeadLettersHandler(Lookup lookup, InstantSource clock) {
    this.lookup = lookup;
    this.clock = clock;
  }

  /** The table to look into: what is open, or everything that ever was. */
  static String table(boolean all) {
    return all ? "dead_letters_history" : "dead_letters";
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException {
    UrlParameters parameters = UrlParameters.of(request, PARAMETERS);
    Instant now = clock.instant();
    Replay.Filter filter = DeadLetterFilter.of(parameters, now);
    long limit = parameters.count("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String cursor = parameters.text("cursor");
    DeadLetterWhere where =
        new DeadLetterWhere(filter)
            .add("log_offset < ?", cursor == null ? null : JsonBody.count("cursor", cursor));
    // One more than the page has tells whether there is another page.
    String sql =
        SELECT
            + table(parameters.flag("all"))
            + where.sql()
            + " ORDER BY log_offset DESC LIMIT "
            + (limit + 1);
    JsonAnswer answer = new JsonAnswer();
    Page page = new Page(answer.json(), limit);
    answer.json().beginObject().name("deadLetters").beginArray();
    Freshness freshness = lookup.ask(sql, where.parameters(), limit + 1, page);
    answer.json().endArray().field("cursor", page.cursor());
    Freshnesses.write(answer.json(), freshness, now);
    answer.json().endObject();
    answer.send(response);
  }

  /** Writes rows until the page is full. */
  private static final class Page implements Lookup.Rows {
    private final JsonWriter json;
    private final long limit;
    private final Cells cells = new Cells(List.of());
    private long written;
    private long bytes;
    private boolean full;
    private @Nullable Object last;

    Page(JsonWriter json, long limit) {
      this.json = json;
      this.limit = limit;
    }

    @Override
    public void row(@Nullable Object[] values) throws IOException {
      full |= written == limit || bytes >= PAGE_BYTES;
      if (full) {
        return;
      }
      write(values);
      written++;
      bytes += values[RAW] instanceof byte[] raw ? raw.length : 0;
      last = values[OFFSET];
    }

    /** Where the next page begins; null if there is none. */
    @Nullable String cursor() {
      return full ? Objects.toString(last) : null;
    }

    private void write(@Nullable Object[] values) throws IOException {
      json.beginObject().field("position", Objects.toString(values[OFFSET]));
      members(CAUSE, values, CAUSE_FROM);
      json.name("envelope").beginObject();
      members(ENVELOPE, values, ENVELOPE_FROM);
      json.name("attributes");
      cells.writeJson(json, Objects.toString(values[ATTRIBUTES], "{}"));
      json.endObject();
      RawData.write(json, values[RAW]);
      json.endObject();
    }

    private void members(List<String> names, @Nullable Object[] values, int from)
        throws IOException {
      for (int i = 0; i < names.size(); i++) {
        json.field(names.get(i), values[from + i]);
      }
    }
  }
}
