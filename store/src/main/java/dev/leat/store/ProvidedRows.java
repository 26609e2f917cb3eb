package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The provided tables of one statement: those there were when it began, and the rows of those that
 * it reads. For one thread.
 */
final class ProvidedRows {
  private final ProvidedTables provider;
  private final List<ProvidedTables.Table> tables;
  private final Map<String, List<RowChunk.View>> rows = new HashMap<>();

  ProvidedRows(ProvidedTables provider) {
    this.provider = provider;
    this.tables = List.copyOf(provider.tables());
  }

  List<ProvidedTables.Table> tables() {
    return tables;
  }

  /** Has the rows of a table made. */
  void make(String table) throws SqlRefused {
    try {
      List<RowChunk.View> made = provider.rows(table);
      if (!provider.tables().contains(known(table))) {
        throw new SqlRefused(Reason.BUSY, table + " was changed meanwhile; try again");
      }
      rows.put(table, made);
    } catch (InterruptedException stopped) {
      // The thread goes on, to say so; nobody else waits to be told.
      throw new SqlRefused(
          Reason.FAILED, "making the rows of %s was interrupted, try again".formatted(table));
    } catch (IllegalArgumentException refused) {
      throw new SqlRefused(
          Reason.INVALID, "%s has no rows: %s".formatted(table, refused.getMessage()));
    }
  }

  /** Makes a view of a table, without rows if none were made; it reads them under the lease. */
  RowTables.Lease view(Connection connection, RowTables readable, String table)
      throws SQLException {
    ProvidedTables.Table known = known(table);
    RowTables.Lease lease =
        readable.lease(
            RowSource.all(
                rows.getOrDefault(table, List.of()), FlatColumn.ofProvided(known.columns())));
    List<String> columns = new ArrayList<>();
    for (ProvidedTables.Column column : known.columns()) {
      columns.add(value(column, columns.size()) + " AS " + TableSql.quoted(column.name()));
    }
    try {
      QueryViews.createView(
          connection, table, "SELECT " + String.join(", ", columns) + " FROM " + lease.sql());
      return lease;
    } catch (SQLException failure) {
      lease.close();
      throw failure;
    }
  }

  private ProvidedTables.Table known(String table) {
    return tables.stream().filter(one -> one.name().equals(table)).findFirst().orElseThrow();
  }

  private static String value(ProvidedTables.Column column, int id) {
    String flat = FlatColumn.nameOf(id);
    return switch (column.type()) {
      case TIMESTAMP -> "make_timestamptz(" + flat + ")";
      case JSON -> "try_cast(" + flat + " AS JSON)";
      case BOOLEAN, BIGINT, DOUBLE, VARCHAR -> flat;
    };
  }
}
