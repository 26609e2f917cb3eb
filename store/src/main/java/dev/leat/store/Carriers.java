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
  private static final String DIRECTORY = "carriers";
  private static final String PREFIX = "carrier-";

  private final Path directory;
  private final DuckDatabase database;
  private final Map<Key, Integer> uses = new HashMap<>(); // guarded by this: leases

  private record Key(String table, int schemaVersion) {}

  /**
   * Removes what an earlier process left: its schema versions are not ours.
   *
   * @param tables the directory of all tables
   */
  Carriers(Path tables, DuckDatabase database) throws IOException {
    this.directory = tables;
    this.database = database;
    Files.createDirectories(tables);
    List<Path> old;
    try (Stream<Path> all = Files.list(tables)) {
      old = all.map(table -> table.resolve(DIRECTORY)).filter(Files::isDirectory).toList();
    }
    for (Path carriers : old) {
      try (Stream<Path> files = Files.list(carriers)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** The fields at one moment, and the carrier that has them. */
  final class Lease implements AutoCloseable {
    private final Key key;
    private final List<DataSchema.Entry> fields;
    private final TableSql table;

    private Lease(Key key, List<DataSchema.Entry> fields) {
      this.key = key;
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
      return path(key);
    }

    @Override
    public void close() {
      release(key);
    }
  }

  Lease lease(Definitions.Definition table) throws SQLException, IOException {
    DataSchema schema = table.schema();
    int version;
    List<DataSchema.Entry> fields;
    do {
      version = schema.version();
      fields = schema.entries();
    } while (version != schema.version());
    Key key = new Key(table.name(), version);
    Lease lease = new Lease(key, fields);
    synchronized (this) {
      if (!uses.containsKey(key)) {
        write(path(key), lease.table());
        uses.put(key, 0);
        removeUnused(key);
      }
      uses.merge(key, 1, Integer::sum);
    }
    return lease;
  }

  private synchronized void release(Key key) {
    uses.merge(key, -1, Integer::sum);
  }

  private void write(Path file, TableSql table) throws SQLException, IOException {
    Files.createDirectories(file.getParent());
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (%s) TO %s (FORMAT parquet)"
              .formatted(table.carrier(), TableSql.literal(file.toString())));
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      throw failure;
    }
  }

  /** Removes those of the table that nobody reads any more. */
  private synchronized void removeUnused(Key present) throws IOException {
    for (Map.Entry<Key, Integer> use : Map.copyOf(uses).entrySet()) {
      Key key = use.getKey();
      if (key.table().equals(present.table()) && !key.equals(present) && use.getValue() == 0) {
        uses.remove(key);
        Files.deleteIfExists(path(key));
      }
    }
  }

  private Path path(Key key) {
    return directory
        .resolve(key.table())
        .resolve(DIRECTORY)
        .resolve(PREFIX + key.schemaVersion() + ".parquet");
  }
}
