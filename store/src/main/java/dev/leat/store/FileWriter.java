package dev.leat.store;

import dev.leat.event.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes Parquet files under names nobody knows yet, and makes them durable: only then may the
 * catalogue name them. For one thread.
 */
final class FileWriter {
  /** Where the tables are, each in a directory of its name. */
  static final String ROOT = "tables";

  /** Rows are held until their group is full, so wide rows make groups of fewer. */
  private static final long ROW_GROUP_BYTES = 48L << 20;

  private static final long MAX_ROW_GROUP_ROWS = 122_880;

  /** DuckDB does not make smaller ones. */
  private static final long MIN_ROW_GROUP_ROWS = 2_048;

  private final Disk disk;
  private final Path directory;
  private final DuckDatabase database;
  private final List<String> written = new ArrayList<>();
  private final Set<String> directories = new HashSet<>();

  FileWriter(Disk disk, Path directory, DuckDatabase database) {
    this.disk = disk;
    this.directory = directory;
    this.database = database;
  }

  /** Where a file of these rows belongs. */
  static String path(String table, long day, int shard, String name) {
    String date = day == DataFile.MIXED ? "mixed" : java.time.LocalDate.ofEpochDay(day).toString();
    return "%s/%s/day=%s/shard=%d/%s.parquet".formatted(ROOT, table, date, shard, name);
  }

  /** Whether the disk has so many bytes free. */
  boolean hasRoom(long bytes) throws IOException {
    return disk.freeBytes() >= bytes;
  }

  /** A file as it was written, read back after it was forced. */
  record Written(long bytes, long checksum) {}

  /**
   * Writes what the query selects, which has to be so many rows, and reads it back.
   *
   * @throws IOException if the disk failed, or if the file is not one of so many rows
   */
  Written write(String path, String select, String fieldIds, long rows, long payloadBytes)
      throws SQLException, IOException {
    begin(path);
    long copied;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      copied =
          statement.executeLargeUpdate(
              "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d, FIELD_IDS %s)"
                  .formatted(
                      select,
                      TableSql.literal(directory.resolve(path).toString()),
                      rowGroupRows(rows, payloadBytes, MIN_ROW_GROUP_ROWS),
                      fieldIds));
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      throw failure;
    }
    try (Disk.File file = disk.open(path)) {
      file.force();
      long bytes = file.size();
      if (copied != rows || !Recovery.isParquet(file, bytes)) {
        throw new IOException(
            "%s was to have %d rows, and has %d or is no Parquet file"
                .formatted(path, rows, copied));
      }
      return new Written(bytes, FileChecksum.of(file, bytes));
    }
  }

  /**
   * Writes rows in memory, in their order, and reads the file back.
   *
   * @throws IOException if the disk failed, or did not keep what was written
   */
  Written write(
      String path, ParquetSchema schema, RowSource rows, long payloadBytes, ParquetWriter writer)
      throws IOException {
    int groupRows = (int) rowGroupRows(rows.rows(), payloadBytes, 1);
    return write(path, file -> writer.write(file, schema, rows, groupRows));
  }

  /** Writes several files as one, and reads it back. */
  Written write(String path, RowGroupJoin join) throws IOException {
    return write(path, join::write);
  }

  /** Fills an empty file; how many bytes. */
  @FunctionalInterface
  private interface Filling {
    long fill(Disk.File file) throws IOException;
  }

  private Written write(String path, Filling filling) throws IOException {
    begin(path);
    try (Disk.File file = disk.open(path)) {
      long bytes = filling.fill(file);
      file.force();
      if (file.size() != bytes || !Recovery.isParquet(file, bytes)) {
        throw new IOException(
            "%s was to have %d bytes, and has %d or is no Parquet file"
                .formatted(path, bytes, file.size()));
      }
      return new Written(bytes, FileChecksum.of(file, bytes));
    }
  }

  private void begin(String path) throws IOException {
    String parent = path.substring(0, path.lastIndexOf('/'));
    disk.createDirectories(parent);
    written.add(path);
    directories.add(parent);
  }

  /**
   * Makes the names of all files written so far durable: their directories and those above, which
   * may be new.
   */
  void forceNames() throws IOException {
    Set<String> all = new HashSet<>();
    for (String name : directories) {
      for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
        all.add(name.substring(0, end));
      }
    }
    all.add("");
    for (String name : all) {
      disk.forceDirectory(name);
    }
  }

  /** Removes what was written, because no catalogue will name it. */
  void discard() {
    for (String path : written) {
      try {
        disk.delete(path);
      } catch (IOException failure) {
        // It stays as an orphan until the next start removes it.
        System.getLogger(FileWriter.class.getName())
            .log(System.Logger.Level.WARNING, "could not delete " + path, failure);
      }
    }
  }

  private static long rowGroupRows(long rows, long payloadBytes, long least) {
    long bytesPerRow = Math.max(1, payloadBytes / Math.max(1, rows));
    return Math.clamp(ROW_GROUP_BYTES / bytesPerRow, least, MAX_ROW_GROUP_ROWS);
  }
}
