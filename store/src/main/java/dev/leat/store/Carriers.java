package dev.leat.store;

import dev.leat.event.DataSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keeps the files that make files of different schemas readable as one. A carrier has no rows, only
 * every field known when it was written; where it comes first in a list, DuckDB takes the table's
 * columns from it, maps the others by name, fills what they lack with nulls and widens their
 * integers. Carriers live only as long as the process. Any thread.
 */
final class Carriers {
  private static final String PREFIX = "carrier-";

  private final Path directory;
  private final DuckDatabase database;
  private final Map<Integer, Integer> uses =
      new HashMap<>(); // guarded by this: schema version -> leases

  /** Removes what an earlier process left: its schema versions are not ours. */
  Carriers(Path directory, DuckDatabase database) throws IOException {
    this.directory = directory;
    this.database = database;
    Files.createDirectories(directory);
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
  }

  /** The fields at one moment, and the carrier that has them. */
  final class Lease implements AutoCloseable {
    private final int version;
    private final List<DataSchema.Entry> fields;
    private final TableSql table;

    private Lease(int version, List<DataSchema.Entry> fields) {
      this.version = version;
      this.fields = fields;
      this.table = new TableSql(fields);
    }

    List<DataSchema.Entry> fields() {
      return fields;
    }

    TableSql table() {
      return table;
    }

    Path file() {
      return path(version);
    }

    @Override
    public void close() {
      release(version);
    }
  }

  Lease lease(DataSchema schema) throws SQLException, IOException {
    int version;
    List<DataSchema.Entry> fields;
    do {
      version = schema.version();
      fields = schema.entries();
    } while (version != schema.version());
    Lease lease = new Lease(version, fields);
    synchronized (this) {
      if (!uses.containsKey(version)) {
        write(version, lease.table());
        uses.put(version, 0);
        removeUnused(version);
      }
      uses.merge(version, 1, Integer::sum);
    }
    return lease;
  }

  private synchronized void release(int version) {
    uses.merge(version, -1, Integer::sum);
  }

  private void write(int version, TableSql table) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s) TO %s (FORMAT parquet)"
              .formatted(table.carrier(), TableSql.literal(path(version).toString())));
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      throw failure;
    }
  }

  private synchronized void removeUnused(int present) throws IOException {
    for (Map.Entry<Integer, Integer> use : Map.copyOf(uses).entrySet()) {
      if (use.getKey() != present && use.getValue() == 0) {
        uses.remove(use.getKey());
        Files.deleteIfExists(path(use.getKey()));
      }
    }
  }

  private Path path(int version) {
    return directory.resolve(PREFIX + version + ".parquet");
  }
}
