package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.RowChunk;
import dev.leat.event.SystemTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one statement, as views over files and rows in memory, all of one moment: {@code
 * T_history} has every row, {@code T} those that nothing superseded, {@code T_current} the newest
 * of each entity. Holds what the views read until it is closed. For one thread.
 */
final class QueryViews implements AutoCloseable {
  private static final String SUPERSEDED = SystemTable.SUPERSEDED.tableName();

  private final Connection connection;
  private final Tables.Moment moment;
  private final Path directory;
  private final RowTables rows;
  private final Carriers carriers;
  private final FileCheck check;
  private final Deque<AutoCloseable> held = new ArrayDeque<>();
  private @Nullable Stretch stretch;

  QueryViews(
      Connection connection,
      Tables.Moment moment,
      Path directory,
      RowTables rows,
      Carriers carriers,
      FileCheck check) {
    this.connection = connection;
    this.moment = moment;
    this.directory = directory;
    this.rows = rows;
    this.carriers = carriers;
    this.check = check;
  }

  /** The rows of one table between two positions in the log. */
  record Stretch(String table, long from, long to) {}

  /** From now on shows only these rows of the table. */
  void restrict(Stretch only) {
    stretch = only;
  }

  /**
   * Makes the views of the tables that a statement names.
   *
   * @param mentions what it mentions of their data
   */
  void create(Set<TableNames.Named> named, DataMentions mentions, Definitions definitions)
      throws SQLException, IOException, SqlRefused {
    String superseded = superseded(named, definitions);
    for (Definitions.Definition table : definitions.all()) {
      boolean current = named.contains(new TableNames.Named(table.name(), TableNames.Form.CURRENT));
      boolean plain = named.contains(new TableNames.Named(table.name(), TableNames.Form.PLAIN));
      boolean history = named.contains(new TableNames.Named(table.name(), TableNames.Form.HISTORY));
      if (current || plain || history) {
        create(table, current, plain || current, mentions, superseded);
      }
    }
  }

  /** The rows of {@code superseded}, if they can matter to the statement; otherwise empty. */
  private String superseded(Set<TableNames.Named> named, Definitions definitions)
      throws SQLException, IOException, SqlRefused {
    boolean wanted =
        named.stream()
            .anyMatch(
                name -> name.form() != TableNames.Form.HISTORY && !name.table().equals(SUPERSEDED));
    if (!wanted) {
      return "";
    }
    String select = "";
    if (!moment.isEmpty(SUPERSEDED)) {
      Carriers.Lease carrier = hold(carriers.lease(definitions.get(SUPERSEDED)));
      select = select(SUPERSEDED, carrier, DataUse.FLAT);
    }
    if (check.isDamaged(SUPERSEDED)) {
      throw new SqlRefused(
          Reason.FAILED,
          "which rows were corrected is not known any more, because a file of the table %s is damaged: bring it back, or read the tables whose names end in %s"
              .formatted(SUPERSEDED, TableNames.HISTORY));
    }
    return select;
  }

  private void create(
      Definitions.Definition table,
      boolean current,
      boolean plain,
      DataMentions mentions,
      String superseded)
      throws SQLException, IOException {
    String name = table.name();
    Carriers.Lease carrier = hold(carriers.lease(table));
    EntityKey key = EntityKey.of(table.spec(), carrier.table());
    DataUse use =
        table.spec().flat()
            ? DataUse.FLAT
            : mentions.use(name, carrier.table(), current ? key.paths() : Set.of());
    String history = name + TableNames.HISTORY;
    createView(history, between(name, select(name, carrier, use)));
    if (plain) {
      String without =
          " ANTI JOIN (SELECT of_offset FROM (%s) WHERE of_table = %s) AS s ON h.log_offset = s.of_offset"
              .formatted(superseded, TableSql.literal(name));
      createView(
          name,
          "SELECT * FROM "
              + reference(history)
              + " AS h"
              + (superseded.isEmpty() || name.equals(SUPERSEDED) ? "" : without));
    }
    if (current) {
      createView(
          name + TableNames.CURRENT,
          ("SELECT * FROM %s AS h SEMI JOIN (SELECT max(log_offset) AS newest FROM %s"
                  + " WHERE %s IS NOT NULL GROUP BY %s) AS n ON h.log_offset = n.newest")
              .formatted(reference(name), reference(name), key.sql(), key.sql()));
    }
  }

  private String between(String table, String select) {
    Stretch only = stretch;
    return only == null || !only.table().equals(table)
        ? select
        : "SELECT * FROM (%s) WHERE log_offset >= %d AND log_offset < %d"
            .formatted(select, only.from(), only.to());
  }

  /** What need not even be looked at for the stretch is left out. */
  private long firstOffset(String table) {
    Stretch only = stretch;
    return only == null || !only.table().equals(table) ? Long.MIN_VALUE : only.from();
  }

  /** The SELECT that is a table: files, rows in memory, or both. */
  private String select(String table, Carriers.Lease carrier, DataUse use)
      throws SQLException, IOException {
    long first = firstOffset(table);
    List<Path> files = sound(table, moment.filesFrom(table, first));
    List<RowChunk.View> views = moment.viewsFrom(table, first);
    List<String> branches = new ArrayList<>();
    if (!files.isEmpty() || views.isEmpty()) {
      branches.add(
          "SELECT " + carrier.table().fromFiles(use) + " FROM " + read(carrier.file(), files));
    }
    if (!views.isEmpty()) {
      RowTables.Lease hot = hold(rows.lease(RowSource.of(views, carrier.fields())));
      branches.add("SELECT " + carrier.table().fromRows(use) + " FROM " + hot.sql());
    }
    return String.join(" UNION ALL ", branches);
  }

  /** Those that are as they were written. Who stops the statement closes its connection. */
  private List<Path> sound(String table, List<DataFile> files) throws SQLException, IOException {
    List<Path> sound = new ArrayList<>();
    for (DataFile file : files) {
      if (connection.isClosed()) {
        throw new SQLException("the statement was stopped");
      }
      if (check.isSound(table, file)) {
        sound.add(directory.resolve(file.path()));
      }
    }
    return sound;
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

  /** Whole, so that no name the statement gives to something of its own can stand in for it. */
  static String reference(String view) {
    return "temp.main." + TableSql.quoted(view);
  }

  private void createView(String name, String select) throws SQLException {
    createView(connection, name, select);
  }

  static void createView(Connection connection, String name, String select) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY VIEW " + TableSql.quoted(name) + " AS " + select);
    }
  }

  private <T extends AutoCloseable> T hold(T lease) {
    held.push(lease);
    return lease;
  }

  @Override
  public void close() {
    held.forEach(StoreParts::closeQuietly);
  }
}
