package dev.leat.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SELECT that is the table for one statement: files, rows in memory, or both. */
final class TableView {
  private TableView() {}

  static String select(
      TableSql table, DataUse use, Path carrier, List<Path> files, RowTables.@Nullable Lease rows) {
    List<String> branches = new ArrayList<>();
    if (!files.isEmpty() || rows == null) {
      branches.add("SELECT " + table.fromFiles(use) + " FROM " + read(carrier, files));
    }
    if (rows != null) {
      branches.add("SELECT " + table.fromRows(use) + " FROM " + rows.sql());
    }
    return String.join(" UNION ALL ", branches);
  }

  /** Paths have {@code day=} in them; they are ours to read, not DuckDB's to turn into columns. */
  static String read(Path carrier, List<Path> files) {
    List<String> all = new ArrayList<>();
    all.add(TableSql.literal(carrier.toString()));
    for (Path file : files) {
      all.add(TableSql.literal(file.toString()));
    }
    return "read_parquet([" + String.join(", ", all) + "], hive_partitioning = false)";
  }
}
