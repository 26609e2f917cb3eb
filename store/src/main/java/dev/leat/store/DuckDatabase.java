package dev.leat.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory DuckDB that owns no data: a query engine with its own threads and memory limit. An
 * internal error makes DuckDB refuse all further work, so an engine that failed is replaced by a
 * fresh one. It starts with the first connection. Any thread.
 */
final class DuckDatabase implements AutoCloseable {
  /** Without it DuckDB builds the whole result in memory before the first row can be taken. */
  private static final String STREAM_RESULTS = "jdbc_stream_results";

  static final String CLOSED = "the store is closed";

  private final List<String> settings;
  private final RowTables rows;

  private final List<DuckDBConnection> connections = new ArrayList<>(); // guarded by this
  private @Nullable DuckDBConnection root; // guarded by this
  private boolean closed; // guarded by this

  private DuckDatabase(List<String> settings, RowTables rows) {
    this.settings = settings;
    this.rows = rows;
  }

  /**
   * An engine for statements of strangers: it can reach files below these directories and nothing
   * else, for good.
   */
  static DuckDatabase forQueries(
      List<Path> directories, Path spill, StoreOptions options, RowTables rows) {
    return new DuckDatabase(
        lockedDown(options.queryThreads(), options.queryMemoryBytes(), directories, spill, options),
        rows);
  }

  /** An engine of the same kind for the SELECTs of views, on the caller's thread alone. */
  static DuckDatabase forViews(
      List<Path> directories, Path spill, StoreOptions options, RowTables rows) {
    return new DuckDatabase(
        lockedDown(1, options.mergeMemoryBytes() / 2, directories, spill, options), rows);
  }

  private static List<String> lockedDown(
      int threads, long memoryBytes, List<Path> directories, Path spill, StoreOptions options) {
    List<String> settings = new ArrayList<>(common(threads, memoryBytes));
    settings.add(
        "SET temp_directory = "
            + (options.querySpillBytes() == 0 ? "''" : TableSql.literal(spill.toString())));
    settings.add("SET max_temp_directory_size = '%dB'".formatted(options.querySpillBytes()));
    settings.add("SET allow_unredacted_secrets = false");
    settings.add("SET allow_persistent_secrets = false");
    settings.add(
        directories.stream()
            .map(directory -> TableSql.literal(directory.toString()))
            .collect(Collectors.joining(", ", "SET allowed_directories = [", "]")));
    settings.add("SET enable_external_access = false");
    settings.add("SET lock_configuration = true");
    return settings;
  }

  /**
   * An engine for our own statements that read and write the table's files, on the caller's thread
   * alone.
   */
  static DuckDatabase forFiles(Path spill, long memoryBytes, RowTables rows) {
    List<String> settings = new ArrayList<>(common(1, memoryBytes));
    settings.add("SET temp_directory = " + TableSql.literal(spill.toString()));
    // One thread keeps the order by itself; asked to, DuckDB would hold a copy of every row group.
    settings.add("SET preserve_insertion_order = false");
    return new DuckDatabase(settings, rows);
  }

  private static List<String> common(int threads, long memoryBytes) {
    return List.of(
        "SET threads = " + threads,
        "SET memory_limit = '%dB'".formatted(memoryBytes),
        "SET GLOBAL TimeZone = 'UTC'",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        "SET enable_external_file_cache = false",
        "SET parquet_metadata_cache = true");
  }

  /** Starts the engine, so that the first statement need not. */
  DuckDatabase started() throws SQLException {
    connect().close();
    return this;
  }

  /** A connection of its own for one statement, or for some of one thread. */
  synchronized DuckDBConnection connect() throws SQLException {
    if (closed) {
      throw new SQLException(CLOSED);
    }
    DuckDBConnection open = root;
    if (open != null) {
      try {
        return handedOut(open.duplicate());
      } catch (SQLException invalid) {
        discard(open);
      }
    }
    DuckDBConnection fresh = start();
    root = fresh;
    return handedOut(fresh.duplicate());
  }

  private synchronized DuckDBConnection handedOut(DuckDBConnection connection) throws SQLException {
    for (DuckDBConnection known : List.copyOf(connections)) {
      if (known.isClosed()) {
        connections.remove(known);
      }
    }
    connections.add(connection);
    return connection;
  }

  /** Says that the engine behind a failed connection is of no use any more. */
  synchronized void invalidate() {
    DuckDBConnection open = root;
    if (open != null) {
      discard(open);
    }
  }

  /** Whether DuckDB refuses further work after this. */
  static boolean isFatal(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("FATAL Error")
        || message.contains("INTERNAL Error")
        || message.contains("database has been invalidated");
  }

  /** Interrupts what runs on any connection. */
  @Override
  public void close() {
    List<DuckDBConnection> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(connections);
      connections.clear();
    }
    open.forEach(DuckDatabase::closeQuietly);
    invalidate();
  }

  private DuckDBConnection start() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty(STREAM_RESULTS, "true");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
    try (Statement statement = connection.createStatement()) {
      rows.register(connection);
      for (String setting : settings) {
        statement.execute(setting);
      }
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
    return connection.unwrap(DuckDBConnection.class);
  }

  private void discard(DuckDBConnection open) {
    root = null;
    closeQuietly(open);
  }

  private static void closeQuietly(DuckDBConnection open) {
    try {
      open.close();
    } catch (SQLException broken) {
      System.getLogger(DuckDatabase.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a failed engine", broken);
    }
  }
}
