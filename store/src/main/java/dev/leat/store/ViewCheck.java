package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.SystemTable;
import dev.leat.event.ViewSpec;
import dev.leat.store.TableNames.Form;
import dev.leat.store.TableNames.Named;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether views can be kept, without computing anything: has the database bind them over
 * the tables as they are. Any thread.
 */
final class ViewCheck {
  private final Sources sources;
  private final DuckDatabase database;
  private final RowTables rows;
  private final SqlErrors errors;

  ViewCheck(Sources sources, DuckDatabase database, RowTables rows) {
    this.sources = sources;
    this.database = database;
    this.rows = rows;
    this.errors = new SqlErrors(sources.directory());
  }

  /**
   * What is wrong with the view; empty if nothing is. Empty too if that can't be found out just
   * now: computing it will tell.
   */
  String refusal(ViewSpec view, List<ViewSpec> before) {
    try (Connection connection = database.connect();
        StatementTables tables =
            new StatementTables(
                sources, connection, rows, before.stream().map(ViewSpec::name).toList())) {
      new Check(connection, tables, before).run(view);
      return "";
    } catch (SqlRefused refused) {
      return refusal(view, refused, refused);
    } catch (SQLException failure) {
      if (DuckDatabase.isFatal(failure)) {
        database.invalidate();
      }
      return refusal(view, errors.explain(failure), failure);
    } catch (IOException failure) {
      return unknown(view, failure);
    }
  }

  private static String refusal(ViewSpec view, SqlRefused refused, Exception cause) {
    return switch (refused.reason()) {
      case INVALID, FORBIDDEN -> refused.text();
      case BUSY, FAILED, MEMORY, TIMEOUT -> unknown(view, cause);
    };
  }

  private static String unknown(ViewSpec view, Exception cause) {
    System.getLogger(ViewCheck.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "the view " + view.name() + " could not be checked and is taken as it is",
            cause);
    return "";
  }

  /** One check, on a connection of its own. */
  private final class Check {
    private final Connection connection;
    private final StatementTables tables;
    private final List<ViewSpec> before;
    private final Map<String, ViewSpec> needed = new LinkedHashMap<>();
    private final Set<Named> read = new HashSet<>();

    Check(Connection connection, StatementTables tables, List<ViewSpec> before) {
      this.connection = connection;
      this.tables = tables;
      this.before = before;
    }

    void run(ViewSpec view) throws SqlRefused, SQLException, IOException {
      checkName(view.name());
      SqlParser.Parsed parsed = collect(view.select(), before.size());
      Named source = ViewPlan.source(view, parsed, tables.names());
      tables.create(new SqlGuard.Use(read, false), DataMentions.ofEverything(tables.names()));
      try {
        for (ViewSpec other : needed.values()) {
          QueryViews.createView(connection, other.name(), other.select());
        }
      } catch (SQLException unbound) {
        rethrowFatal(unbound);
        return; // Who wrote that view is told; this one is known once that one is.
      }
      bind(view, parsed, source);
    }

    private void bind(ViewSpec view, SqlParser.Parsed parsed, @Nullable Named source)
        throws SqlRefused, SQLException {
      ViewShape shape = ViewPlan.shape(parsed, source, connection);
      try {
        ViewPlan.bind(shape, view.select(), connection);
      } catch (SQLException unbound) {
        rethrowFatal(unbound);
        if (!mayComeTrue(parsed)) {
          throw unbound;
        }
      }
    }

    /** Parses a view and those it names, and adds up what they read. */
    private SqlParser.Parsed collect(String select, int mayName) throws SqlRefused, SQLException {
      SqlParser.Parsed parsed = ViewPlan.parse(connection, select);
      for (Named named : SqlGuard.check(parsed.tree(), tables.names()).read()) {
        if (named.form() != Form.VIEW) {
          read.add(named);
        } else if (!needed.containsKey(named.table())) {
          int index = index(named.table());
          if (index >= mayName) {
            throw new SqlRefused(
                Reason.INVALID,
                "a view can name the views before it, and %s comes later".formatted(named.table()));
          }
          collect(before.get(index).select(), index);
          needed.put(named.table(), before.get(index));
        }
      }
      return parsed;
    }

    private int index(String view) {
      for (int i = 0; i < before.size(); i++) {
        if (before.get(i).name().equals(view)) {
          return i;
        }
      }
      return before.size();
    }

    private void checkName(String name) throws SqlRefused {
      Named taken = tables.names().find(name);
      if (taken != null) {
        throw new SqlRefused(
            Reason.INVALID,
            "there is a %s called %s already"
                .formatted(taken.form() == Form.VIEW ? "view" : "table", name));
      }
      if (SystemTable.isReserved(name)) {
        throw new SqlRefused(
            Reason.INVALID, "%s is a name that is kept for Leat's own tables".formatted(name));
      }
    }

    /**
     * Whether a field is missing that events may still bring: a table that takes fields as they
     * come has few at first.
     */
    private boolean mayComeTrue(SqlParser.Parsed parsed) {
      DataMentions mentions = DataMentions.in(parsed.tree(), tables.names());
      return read.stream()
          .filter(named -> named.form() != Form.PROVIDED)
          .map(named -> sources.definitions().get(named.table()))
          .anyMatch(
              table ->
                  !table.spec().declared()
                      && mentions.leadNowhere(
                          table.name(), new TableSql(table.schema().entries())));
    }
  }

  private static void rethrowFatal(SQLException failure) throws SQLException {
    if (DuckDatabase.isFatal(failure)) {
      throw failure;
    }
  }
}
