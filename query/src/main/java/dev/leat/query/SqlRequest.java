package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import io.helidon.http.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request to run a statement says; the JSON body of {@code POST /v1/sql}. A number that is
 * absent is -1.
 */
record SqlRequest(
    String sql, List<@Nullable Object> parameters, long timeoutMillis, long maxRows, long after) {
  static final long ABSENT = -1;
  private static final String KNOWN = "sql, params, timeoutMs, maxRows, after";

  /** A request that is nothing but its statement. */
  static SqlRequest of(String sql) {
    return new SqlRequest(sql, List.of(), ABSENT, ABSENT, ABSENT);
  }

  /** Reads the JSON body. */
  static SqlRequest parse(byte[] body) {
    try {
      return new Parser(body).request();
    } catch (JsonException wrong) {
      throw invalid(
          "The body must be a JSON object like {\"sql\": \"select 1\"}: "
              + wrong.getMessage()
              + ". To send the bare statement use Content-Type: text/plain.");
    }
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

  static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(Status.BAD_REQUEST_400, "INVALID", detail));
  }

  /** Digits as a count; anything else is the sender's mistake. */
  static long count(String name, String digits) {
    try {
      long value = Long.parseLong(digits.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw invalid("%s must be a whole number, not '%s'".formatted(name, digits));
    }
    throw invalid("%s must not be negative, but is %s".formatted(name, digits));
  }

  private static final class Parser {
    private final byte[] body;
    private final JsonScanner scanner = new JsonScanner();
    private @Nullable String sql;
    private List<@Nullable Object> parameters = List.of();
    private long timeoutMillis = ABSENT;
    private long maxRows = ABSENT;
    private long after = ABSENT;

    Parser(byte[] body) {
      this.body = body;
      scanner.reset(body, 0, body.length);
    }

    SqlRequest request() {
      if (scanner.next() != Token.OBJECT_START) {
        throw invalid("The body must be a JSON object like {\"sql\": \"select 1\"}");
      }
      while (scanner.next() == Token.NAME) {
        String name = text();
        Token value = scanner.next();
        switch (name) {
          case "sql" -> sql = string(name, value);
          case "params" -> parameters = parameters(value);
          case "timeoutMs" -> timeoutMillis = number(name, value);
          case "maxRows" -> maxRows = number(name, value);
          case "after" -> after = number(name, value);
          default -> throw invalid("Unknown field '%s'; known are %s".formatted(name, KNOWN));
        }
      }
      if (scanner.next() != Token.END || sql == null || sql.isBlank()) {
        throw invalid("The field 'sql' is missing or empty");
      }
      return new SqlRequest(sql, parameters, timeoutMillis, maxRows, after);
    }

    private String string(String name, Token token) {
      if (token != Token.STRING) {
        throw invalid("'%s' must be a string".formatted(name));
      }
      return text();
    }

    /** Positions travel as text, so that JavaScript does not round them. */
    private long number(String name, Token token) {
      if (token != Token.INTEGER && token != Token.STRING) {
        throw invalid("'%s' must be a whole number".formatted(name));
      }
      return count(name, text());
    }

    private List<@Nullable Object> parameters(Token token) {
      if (token != Token.ARRAY_START) {
        throw invalid("'params' must be an array");
      }
      List<@Nullable Object> values = new ArrayList<>();
      for (Token next = scanner.next(); next != Token.ARRAY_END; next = scanner.next()) {
        values.add(parameter(next));
      }
      return values;
    }

    private @Nullable Object parameter(Token token) {
      return switch (token) {
        case STRING -> text();
        case INTEGER -> scanner.fitsLong() ? (Object) scanner.longValue() : new BigInteger(text());
        case DECIMAL -> new BigDecimal(text());
        case TRUE -> true;
        case FALSE -> false;
        case NULL -> null;
        default -> throw invalid("A parameter must be a string, a number, a boolean or null");
      };
    }

    private String text() {
      if (!scanner.escaped()) {
        return new String(body, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
      }
      byte[] characters = new byte[scanner.tokenLength()];
      return new String(characters, 0, scanner.unescape(characters, 0), UTF_8);
    }
  }
}
