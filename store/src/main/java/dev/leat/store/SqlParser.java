package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.JsonException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Has DuckDB parse a statement and reads the tree it gives, so that nobody's idea of SQL but its
 * own counts.
 */
final class SqlParser {
  static final int MAX_SQL_CHARS = 100_000;

  private static final int MAX_DEPTH = 1_000;
  private static final Pattern EXPLAIN =
      Pattern.compile("(?i)\\s*explain(?<analyze>\\s+analyze)?\\s(?<rest>.*)", Pattern.DOTALL);

  private SqlParser() {}

  /**
   * One SELECT statement.
   *
   * @param sql what to run
   * @param explained whether it is to be explained instead of run
   */
  record Parsed(String sql, Map<?, ?> tree, boolean explained) {}

  static Parsed parse(Connection connection, String sql) throws SQLException, SqlRefused {
    if (sql.length() > MAX_SQL_CHARS) {
      throw new SqlRefused(
          Reason.INVALID,
          "the statement has %d characters, at most %d are read"
              .formatted(sql.length(), MAX_SQL_CHARS));
    }
    if (sql.indexOf('\0') >= 0) {
      // Whoever sees the text as a C string would see another statement.
      throw new SqlRefused(Reason.INVALID, "the statement contains a zero byte");
    }
    Matcher explain = EXPLAIN.matcher(sql);
    if (!explain.matches()) {
      return new Parsed(sql, tree(connection, sql), false);
    }
    // Put together anew, so that what runs is what was checked.
    String rest = explain.group("rest");
    String prefix = explain.group("analyze") == null ? "EXPLAIN " : "EXPLAIN ANALYZE ";
    return new Parsed(prefix + rest, tree(connection, rest), true);
  }

  /** The text of one SELECT whose tree is this. */
  static String text(Connection connection, Map<?, ?> node) throws SQLException {
    String tree =
        Json.write(
            Map.of(
                "error",
                false,
                "statements",
                List.of(Map.of("node", node, "named_param_map", List.of()))));
    try (PreparedStatement write =
        connection.prepareStatement("SELECT json_deserialize_sql(?::JSON)")) {
      write.setString(1, tree);
      try (ResultSet result = write.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  private static Map<?, ?> tree(Connection connection, String sql) throws SQLException, SqlRefused {
    if (!(json(connection, sql) instanceof Map<?, ?> answer)) {
      throw new SqlRefused(Reason.FAILED, "the statement could not be checked");
    }
    if (Boolean.TRUE.equals(answer.get("error"))) {
      String message = String.valueOf(answer.get("error_message"));
      if ("parser".equals(answer.get("error_type"))) {
        throw new SqlRefused(Reason.INVALID, message + position(sql, answer.get("position")));
      }
      boolean parameters = message.contains("parameters");
      throw new SqlRefused(
          parameters ? Reason.INVALID : Reason.FORBIDDEN,
          parameters ? message : "only SELECT statements over the tables are run here");
    }
    List<?> statements = answer.get("statements") instanceof List<?> list ? list : List.of();
    if (statements.size() != 1 || !(statements.getFirst() instanceof Map<?, ?> statement)) {
      throw new SqlRefused(
          statements.isEmpty() ? Reason.INVALID : Reason.FORBIDDEN,
          "expected one statement, found " + statements.size());
    }
    return statement;
  }

  private static @Nullable Object json(Connection connection, String sql)
      throws SQLException, SqlRefused {
    try (PreparedStatement parse =
        connection.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR")) {
      parse.setString(1, sql);
      try (ResultSet result = parse.executeQuery()) {
        result.next();
        return Json.parse(result.getString(1).getBytes(UTF_8), MAX_DEPTH);
      }
    } catch (JsonException unreadable) {
      boolean deep = unreadable.code() == JsonException.Code.TOO_DEEP;
      throw new SqlRefused(
          Reason.INVALID,
          deep
              ? "the statement is nested too deeply"
              : "the statement has a constant that can't be checked");
    }
  }

  /** Line and column, as people count. */
  private static String position(String sql, @Nullable Object position) {
    if (!(position instanceof String digits) || !digits.matches("\\d{1,6}")) {
      return "";
    }
    int at = Math.min(Integer.parseInt(digits), sql.length());
    String before = sql.substring(0, at);
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return " (line %d, column %d)".formatted(line, at - before.lastIndexOf('\n'));
  }
}
