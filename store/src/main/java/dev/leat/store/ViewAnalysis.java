package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides from the tree of a SELECT whether its result can follow every event at a cost that goes
 * by the new ones. That is so if what the rows up to a position yield and what the later ones yield
 * make up what all of them yield: for a selection of rows, and for groups of counts, sums, and
 * least and greatest values.
 */
final class ViewAnalysis {
  private ViewAnalysis() {}

  /**
   * The only table that the SELECT reads.
   *
   * @throws SqlRefused if it is clear without looking at its expressions that it can't follow
   */
  static TableNames.Named source(Map<?, ?> statement, TableNames names) throws SqlRefused {
    Map<?, ?> select = SqlTree.map(statement, "node");
    if (!SqlTree.isType(select, "SELECT_NODE")) {
      throw unfit("a set operation or a recursion");
    }
    if (!SqlTree.list(SqlTree.map(select, "cte_map"), "map").isEmpty()) {
      throw unfit("WITH");
    }
    for (Object modifier : SqlTree.list(select, "modifiers")) {
      if (modifier instanceof Map<?, ?> node) {
        throw unfit(
            switch (SqlTree.text(node, "type")) {
              case "DISTINCT_MODIFIER" -> "DISTINCT";
              case "ORDER_MODIFIER" -> "ORDER BY";
              default -> "LIMIT";
            });
      }
    }
    refuse(select.get("qualify") != null, "QUALIFY");
    return table(SqlTree.map(select, "from_table"), select, names);
  }

  private static TableNames.Named table(Map<?, ?> from, Map<?, ?> select, TableNames names)
      throws SqlRefused {
    switch (SqlTree.text(from, "type")) {
      case "BASE_TABLE" -> {
        // The one thing that can.
      }
      case "JOIN" -> throw unfit("a join");
      case "SUBQUERY" -> throw unfit("a subquery");
      case "EMPTY", "EXPRESSION_LIST" -> throw unfit("no stream");
      default -> throw unfit("something else than a stream in FROM");
    }
    refuse(select.get("sample") != null || from.get("sample") != null, "a sample");
    refuse(!SqlTree.list(from, "column_name_alias").isEmpty(), "renamed columns");
    TableNames.Named table = names.find(SqlTree.text(from, "table_name"));
    if (table == null) {
      throw new SqlRefused(Reason.INVALID, "there is no table " + from.get("table_name"));
    }
    return switch (table.form()) {
      case PLAIN, HISTORY -> table;
      case CURRENT -> throw unfit("the newest rows of entities");
      case VIEW -> throw unfit("another view in it");
      case PROVIDED -> throw unfit("metrics in it");
    };
  }

  /**
   * How the result can follow.
   *
   * @param columns of the table, in lower case
   * @param connection for turning trees into text
   * @throws SqlRefused if it can't
   */
  static ViewShape shape(Map<?, ?> statement, Set<String> columns, Connection connection)
      throws SqlRefused, SQLException {
    Map<?, ?> select = SqlTree.map(statement, "node");
    checkPerRow(select, false);
    boolean grouped =
        !SqlTree.list(select, "group_expressions").isEmpty()
            || SqlTree.text(select, "aggregate_handling").equals("FORCE_AGGREGATES")
            || select.get("having") != null
            || SqlTree.contains(select.get("select_list"), SqlTree::isAggregate);
    return grouped ? new ViewGroups(select, columns).shape(connection) : new ViewShape.Rows();
  }

  /** Refuses what a single row does not decide. */
  static void checkPerRow(@Nullable Object tree, boolean noAggregates) throws SqlRefused {
    refuse(SqlTree.contains(tree, node -> SqlTree.isClass(node, "WINDOW")), "a window function");
    refuse(SqlTree.contains(tree, node -> SqlTree.isClass(node, "SUBQUERY")), "a subquery");
    refuse(
        SqlTree.contains(tree, SqlFunctions::isVolatile),
        "a value that goes by the time or by chance");
    refuse(
        noAggregates && SqlTree.contains(tree, SqlTree::isAggregate),
        "an aggregate function in this place");
  }

  static void refuse(boolean found, String what) throws SqlRefused {
    if (found) {
      throw unfit(what);
    }
  }

  static SqlRefused unfit(String what) {
    return new SqlRefused(
        Reason.INVALID,
        "a view with %s can't follow every event; give it refresh: 1m".formatted(what));
  }
}
