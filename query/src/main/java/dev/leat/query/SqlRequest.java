package dev.leat.query;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request to run a statement says; the JSON body of {@code POST /v1/sql}. A number that is
 * absent is -1.
 */
record SqlRequest(
    String sql, List<@Nullable Object> parameters, long timeoutMillis, long maxRows, long after) {
  static final long ABSENT = Visibility.ABSENT;

  private static final List<String> KNOWN =
      List.of("sql", "params", "timeoutMs", "maxRows", "after");
  private static final String EXAMPLE =
      "{\"sql\": \"select 1\"}, or the bare statement with Content-Type: text/plain";

  /** A request that is nothing but its statement. */
  static SqlRequest of(String sql) {
    return new SqlRequest(sql, List.of(), ABSENT, ABSENT, ABSENT);
  }

  /** Reads the JSON body. */
  static SqlRequest parse(byte[] body) {
    return new Reading(new JsonBody(body)).request();
  }

  /** This request with what headers say wherever the body said nothing. */
  SqlRequest orElse(long timeoutMillis, long maxRows, long after) {
    return new SqlRequest(
        sql,
        parameters,
        this.timeoutMillis == ABSENT ? timeoutMillis : this.timeoutMillis,
        this.maxRows == ABSENT ? maxRows : this.maxRows,
        this.after == ABSENT ? after : this.after);
  }

  private static final class Reading {
    private final JsonBody body;
    private String sql = "";
    private List<@Nullable Object> parameters = List.of();
    private long timeoutMillis = ABSENT;
    private long maxRows = ABSENT;
    private long after = ABSENT;

    Reading(JsonBody body) {
      this.body = body;
    }

    SqlRequest request() {
      body.document(EXAMPLE, KNOWN, this::member);
      if (sql.isBlank()) {
        throw JsonBody.invalid("The field 'sql' is missing or empty");
      }
      return new SqlRequest(sql, parameters, timeoutMillis, maxRows, after);
    }

    private boolean member(String name) {
      switch (name) {
        case "sql" -> sql = body.string();
        case "params" -> parameters = body.scalars();
        case "timeoutMs" -> timeoutMillis = body.count();
        case "maxRows" -> maxRows = body.count();
        case "after" -> after = body.count();
        default -> {
          return false;
        }
      }
      return true;
    }
  }
}
