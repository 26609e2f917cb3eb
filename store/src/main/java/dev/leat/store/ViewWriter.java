package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.ViewSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Writes what a view's SELECT yields to a file, within bounds. Any thread. */
final class ViewWriter {
  private static final long MAX_ROWS = 10_000_000;
  private static final Duration TIME_LIMIT = Duration.ofMinutes(5);

  private final Path directory;
  private final ViewFiles files;
  private final Supplier<String> names;
  private final long maxRows;

  ViewWriter(Path directory, ViewFiles files, Supplier<String> names) {
    this(directory, files, names, MAX_ROWS);
  }

  ViewWriter(Path directory, ViewFiles files, Supplier<String> names, long maxRows) {
    this.directory = directory;
    this.files = files;
    this.names = names;
    this.maxRows = maxRows;
  }

  /**
   * Writes a file that nothing names yet, durably.
   *
   * @param select yields the columns in their order, under any names
   */
  ViewResult.Part write(
      Connection connection, ViewSpec view, List<ViewColumn> columns, String select)
      throws SQLException, IOException, SqlRefused {
    files.createDirectory(view.name());
    String path = ViewFiles.directory(view.name()) + "/" + names.get() + ".parquet";
    try {
      long rows = copy(connection, columns, select, path);
      checkRows(rows);
      return new ViewResult.Part(path, rows, files.force(path));
    } catch (SQLException | IOException | SqlRefused failure) {
      files.delete(path);
      throw failure;
    }
  }

  private long copy(Connection connection, List<ViewColumn> columns, String select, String path)
      throws SQLException {
    List<String> names = ViewResult.names(columns.size());
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(columns.get(i).toFile(names.get(i)));
    }
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout((int) TIME_LIMIT.toSeconds());
      return statement.executeLargeUpdate(
          "COPY (SELECT %s FROM (%s) AS q(%s) LIMIT %d) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(
                  String.join(", ", values),
                  select,
                  String.join(", ", names),
                  maxRows + 1,
                  TableSql.literal(directory.resolve(path).toString())));
    }
  }

  /** Refuses more rows than a view may have. */
  void checkRows(long rows) throws SqlRefused {
    if (rows > maxRows) {
      throw new SqlRefused(
          Reason.MEMORY,
          "its result has more than %d rows, a view has at most so many".formatted(maxRows));
    }
  }

  void discard(ViewResult.Part part) {
    files.delete(part.path());
  }
}
