package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;

/** What DuckDB's errors mean to who wrote the statement, without what is none of their business. */
final class SqlErrors {
  static final String OUT_OF_MEMORY =
      "the statement needs more memory than queries may use; select fewer rows or columns, or group by less";

  private static final Pattern TRACE =
      Pattern.compile("\\s*(at org\\.duckdb|Stack Trace:).*", Pattern.DOTALL);
  private static final Pattern KIND = Pattern.compile("^(java\\.sql\\.SQLException: )?");
  private static final Pattern ROWS = Pattern.compile(RowTables.FUNCTION + "\\('[^']*'\\)");
  private static final int MAX_CHARS = 2_000;

  private final Pattern paths;

  SqlErrors(Path directory) {
    this.paths =
        Pattern.compile("['\"]?" + Pattern.quote(directory.toString()) + "[^\\s'\",\\])]*['\"]?");
  }

  SqlRefused explain(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    String kind = message.toLowerCase(Locale.ROOT);
    if (kind.contains("interrupt error")) {
      return new SqlRefused(Reason.TIMEOUT, "the statement ran into its time limit");
    }
    if (kind.contains("out of memory error") || kind.contains("bad_alloc")) {
      return new SqlRefused(Reason.MEMORY, OUT_OF_MEMORY);
    }
    if (kind.contains("permission error")) {
      return new SqlRefused(Reason.FORBIDDEN, "the statement reaches for more than the tables");
    }
    if (DuckDatabase.isFatal(failure)
        || kind.contains("io error")
        || kind.contains("connection was closed")
        || kind.contains(DuckDatabase.CLOSED)) {
      return new SqlRefused(
          Reason.FAILED, "the store could not run the statement: " + clean(message));
    }
    return new SqlRefused(Reason.INVALID, clean(message));
  }

  String clean(String message) {
    String text = TRACE.matcher(message).replaceFirst("");
    text = KIND.matcher(text).replaceFirst("");
    text = ROWS.matcher(text).replaceAll("fresh rows");
    text = paths.matcher(text).replaceAll("a file of a table");
    return text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text.strip();
  }
}
