package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A column of a view, or of what is kept of it; the type is its SQL name. */
record ViewColumn(String name, String type) {
  /** Wider than any integer of a Parquet file; there it is a decimal, which is as exact. */
  private static final String WIDE = "HUGEINT";

  private static final String WIDE_IN_FILE = "DECIMAL(38,0)";

  /** What a Parquet file would give back as something else. */
  private static final Pattern UNFIT =
      Pattern.compile("\\b(U?HUGEINT|INTERVAL|ENUM|UNION|BIT|VARIANT|BIGNUM|GEOMETRY|TIME_NS)\\b");

  /** The columns of a table of the connection's, which has to be named as in FROM. */
  static List<ViewColumn> of(Connection connection, String table) throws SQLException {
    List<ViewColumn> columns = new ArrayList<>();
    try (PreparedStatement all = connection.prepareStatement("SELECT * FROM " + table)) {
      ResultSetMetaData meta = all.getMetaData();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        columns.add(new ViewColumn(meta.getColumnName(i), meta.getColumnTypeName(i)));
      }
    }
    return columns;
  }

  /** Refuses columns that a file can't hold as they are. */
  static void check(List<ViewColumn> columns) throws SqlRefused {
    for (ViewColumn column : columns) {
      if (!column.type.equals(WIDE) && UNFIT.matcher(column.type).find()) {
        throw new SqlRefused(
            Reason.INVALID,
            "the column %s is of type %s, which a view can't keep; cast it, to VARCHAR for example"
                .formatted(column.name, column.type));
      }
    }
  }

  /** Whether sums of this type don't depend on the order of what is summed up. */
  boolean isExactSum() {
    return type.equals(WIDE) || type.startsWith("DECIMAL");
  }

  String toFile(String column) {
    return type.equals(WIDE)
        ? "CAST(%s AS %s) AS %s".formatted(column, WIDE_IN_FILE, column)
        : column;
  }

  String fromFile(String column) {
    return "CAST(%s AS %s)".formatted(column, type);
  }
}
