package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import dev.leat.event.ViewSpec;
import dev.leat.store.TableNames.Form;
import dev.leat.store.TableNames.Named;
import dev.leat.store.ViewShape.Merge;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a view's SELECT means over the tables as they are: how it is kept, and in which columns.
 * Making it leaves two views on the connection: {@link #SELECT}, and for groups {@link #PARTIAL}.
 *
 * @param columns that the view shows
 * @param kept the columns in its files
 * @param shown a SELECT of the columns shown from {@link ViewResult#KEPT}
 */
record ViewPlan(ViewShape shape, List<ViewColumn> columns, List<ViewColumn> kept, String shown) {
  /** No table is called so: there is a space in it. */
  static final String SELECT = "leat select";

  static final String PARTIAL = "leat partial";

  ViewPlan {
    columns = List.copyOf(columns);
    kept = List.copyOf(kept);
  }

  /** One SELECT without parameters, and nothing else. */
  static SqlParser.Parsed parse(Connection connection, String select)
      throws SQLException, SqlRefused {
    SqlParser.Parsed parsed = SqlParser.parse(connection, select);
    if (parsed.explained()
        || SqlTree.contains(parsed.tree(), node -> SqlTree.isType(node, "SHOW_REF"))) {
      throw new SqlRefused(Reason.INVALID, "a view is a SELECT, and shows no plans or tables");
    }
    if (SqlTree.contains(parsed.tree(), node -> SqlTree.isClass(node, "PARAMETER"))) {
      throw new SqlRefused(Reason.INVALID, "a view's SELECT has no parameters: nobody gives them");
    }
    return parsed;
  }

  /** The only table of a view that is to follow every event; null for one that is not. */
  static @Nullable Named source(ViewSpec spec, SqlParser.Parsed parsed, TableNames names)
      throws SqlRefused {
    return spec.refresh() == null ? ViewAnalysis.source(parsed.tree(), names) : null;
  }

  /** How the view is to be kept. The tables it reads have to be on the connection. */
  static ViewShape shape(SqlParser.Parsed parsed, @Nullable Named source, Connection connection)
      throws SqlRefused, SQLException {
    if (source == null) {
      return new ViewShape.Whole();
    }
    String table =
        source.form() == Form.HISTORY ? source.table() + TableNames.HISTORY : source.table();
    Set<String> columns =
        ViewColumn.of(connection, QueryViews.reference(table)).stream()
            .map(column -> SqlTree.lower(column.name()))
            .collect(Collectors.toSet());
    return ViewAnalysis.shape(parsed.tree(), columns, connection);
  }

  /** Has the database find out what everything is. */
  static ViewPlan bind(ViewShape shape, String select, Connection connection)
      throws SqlRefused, SQLException {
    List<ViewColumn> columns = bind(SELECT, select, connection);
    if (!(shape instanceof ViewShape.Groups groups)) {
      ViewColumn.check(columns);
      return new ViewPlan(shape, columns, columns, ViewResult.ALL);
    }
    List<ViewColumn> kept = bind(PARTIAL, groups.partial(), connection);
    checkSums(kept, groups.kept());
    ViewColumn.check(kept);
    ViewColumn.check(columns);
    return new ViewPlan(shape, columns, named(kept), groups.shown());
  }

  private static List<ViewColumn> bind(String name, String select, Connection connection)
      throws SQLException {
    QueryViews.createView(connection, name, select);
    return ViewColumn.of(connection, QueryViews.reference(name));
  }

  private static void checkSums(List<ViewColumn> kept, List<Merge> merges) throws SqlRefused {
    for (int i = 0; i < kept.size(); i++) {
      if (merges.get(i) == Merge.SUM && !kept.get(i).isExactSum()) {
        throw new SqlRefused(
            Reason.INVALID,
            "a view with a sum or mean of fractions can't follow every event, because it would go"
                + " by the order in which they are summed up; use a metric, or give it refresh: 1m");
      }
    }
  }

  /** What the columns are called in files, whatever the database calls them. */
  private static List<ViewColumn> named(List<ViewColumn> kept) {
    List<ViewColumn> named = new ArrayList<>();
    for (ViewColumn column : kept) {
      named.add(new ViewColumn(ViewResult.column(named.size()), column.type()));
    }
    return named;
  }

  /**
   * Whether a result can be carried on by this plan: it has the same columns, kept the same way.
   */
  boolean carriesOn(ViewResult result) {
    return columns.equals(result.columns())
        && kept.equals(result.kept())
        && shown.equals(result.shown());
  }

  /** What the tree of a statement says of the time or of chance. */
  static boolean isVolatile(Map<?, ?> tree) {
    return SqlTree.contains(tree, SqlFunctions::isVolatile);
  }
}
