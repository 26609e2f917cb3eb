package dev.leat.store;

import dev.leat.store.ViewShape.Merge;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a SELECT with groups apart: into one that yields what is kept of each group, and one that
 * makes of these columns what the view shows. For one thread.
 */
final class ViewGroups {
  private final Map<?, ?> select;
  private final Set<String> columns;
  private final String table;
  private final Map<String, Map<?, ?>> aliases = new HashMap<>();
  private final List<Map<?, ?>> keys = new ArrayList<>();
  private final List<Map<?, ?>> keptItems = new ArrayList<>();
  private final List<Merge> kept = new ArrayList<>();

  ViewGroups(Map<?, ?> select, Set<String> columns) {
    this.select = select;
    this.columns = columns;
    Map<?, ?> from = SqlTree.map(select, "from_table");
    String alias = SqlTree.text(from, "alias");
    this.table = SqlTree.lower(alias.isEmpty() ? SqlTree.text(from, "table_name") : alias);
  }

  ViewShape.Groups shape(Connection connection) throws SqlRefused, SQLException {
    ViewAnalysis.refuse(
        SqlTree.contains(select, node -> SqlTree.isType(node, "STAR")), "groups and a star");
    ViewAnalysis.refuse(
        SqlTree.contains(select, node -> "unnest".equals(node.get("function_name"))),
        "groups and unnest");
    ViewAnalysis.refuse(
        SqlTree.contains(select, node -> SqlTree.isClass(node, "COLLATE")), "groups and COLLATE");
    ViewAnalysis.refuse(SqlTree.contains(select, ViewGroups::isInexact), "so long a constant");
    List<Map<?, ?>> items = new ArrayList<>();
    for (Object item : SqlTree.list(select, "select_list")) {
      Map<?, ?> normal = normalMap(item);
      items.add(normal);
      String alias = SqlTree.lower(SqlTree.text(normal, "alias"));
      if (!alias.isEmpty()) {
        aliases.putIfAbsent(alias, without(normal, "alias"));
      }
    }
    addKeys(items);
    List<Object> shown = new ArrayList<>();
    for (Map<?, ?> item : items) {
      shown.add(rewritten(item));
    }
    Object having = select.get("having");
    Object condition = having == null ? null : rewritten(normal(having));
    Object where = normal(select.get("where_clause"));
    ViewAnalysis.checkPerRow(where, true);
    String partial = SqlParser.text(connection, partial(where));
    return new ViewShape.Groups(
        kept, partial, SqlParser.text(connection, shown(shown, condition)), having != null);
  }

  /** A constant that a tree out of Java would not bring back as it was. */
  private static boolean isInexact(Map<?, ?> node) {
    if (!SqlTree.isType(node, "VALUE_CONSTANT")) {
      return false;
    }
    Map<?, ?> value = SqlTree.map(node, "value");
    String type = SqlTree.text(SqlTree.map(value, "type"), "id");
    boolean fraction = type.equals("DOUBLE") || type.equals("FLOAT");
    Object content = value.get("value");
    return !fraction
        && (content instanceof Double
            || (content instanceof Map<?, ?> parts
                && parts.values().stream().anyMatch(Double.class::isInstance)));
  }

  private void addKeys(List<Map<?, ?>> items) throws SqlRefused {
    List<?> groups = SqlTree.list(select, "group_expressions");
    List<?> sets = SqlTree.list(select, "group_sets");
    boolean one =
        sets.isEmpty()
            || (sets.size() == 1
                && sets.getFirst() instanceof List<?> set
                && set.size() == groups.size());
    ViewAnalysis.refuse(!one, "more than one way of grouping");
    if (SqlTree.text(select, "aggregate_handling").equals("FORCE_AGGREGATES")) {
      for (Map<?, ?> item : items) {
        if (!SqlTree.contains(item, SqlTree::isAggregate)) {
          addKey(item);
        }
      }
    }
    for (Object group : groups) {
      addKey(item(normalMap(group), items));
    }
  }

  /** What a group stands for that may be the number of an item. */
  private static Map<?, ?> item(Map<?, ?> group, List<Map<?, ?>> items) {
    return SqlTree.isType(group, "VALUE_CONSTANT")
            && SqlTree.map(group, "value").get("value") instanceof Long position
            && position >= 1
            && position <= items.size()
        ? items.get((int) (position - 1))
        : group;
  }

  private void addKey(Map<?, ?> expression) throws SqlRefused {
    ViewAnalysis.checkPerRow(expression, true);
    Map<?, ?> key = without(expression, "alias");
    if (!keys.contains(key)) {
      keys.add(key);
      keep(key, Merge.KEY);
    }
  }

  private String keep(Map<?, ?> expression, Merge merge) {
    int known = keptItems.indexOf(expression);
    if (known >= 0 && kept.get(known) == merge) {
      return ViewResult.column(known);
    }
    keptItems.add(expression);
    kept.add(merge);
    return ViewResult.column(kept.size() - 1);
  }

  /** The same over what is kept: keys and aggregates are columns of it. */
  private @Nullable Object rewritten(@Nullable Object tree) throws SqlRefused {
    if (tree instanceof List<?> list) {
      List<@Nullable Object> all = new ArrayList<>();
      for (Object element : list) {
        all.add(rewritten(element));
      }
      return all;
    }
    if (!(tree instanceof Map<?, ?> node)) {
      return tree;
    }
    String alias = SqlTree.text(node, "alias");
    int key = keys.indexOf(without(node, "alias"));
    if (key >= 0) {
      return SqlTree.columnRef(alias, ViewResult.column(key));
    }
    if (SqlTree.isAggregate(node)) {
      return aggregate(node, alias);
    }
    List<String> column = SqlTree.column(node);
    ViewAnalysis.refuse(
        !column.isEmpty(),
        "%s, which is not spelled as in GROUP BY,".formatted(String.join(".", column)));
    Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : node.entrySet()) {
      copy.put(member.getKey(), rewritten(member.getValue()));
    }
    return copy;
  }

  private Map<?, ?> aggregate(Map<?, ?> node, String alias) throws SqlRefused {
    String name = SqlTree.lower(SqlTree.text(node, "function_name"));
    ViewAnalysis.refuse(Boolean.TRUE.equals(node.get("distinct")), name + "(DISTINCT)");
    ViewAnalysis.refuse(
        !SqlTree.list(SqlTree.map(node, "order_bys"), "orders").isEmpty(),
        "ORDER BY in " + name + "()");
    List<?> arguments = SqlTree.list(node, "children");
    ViewAnalysis.checkPerRow(arguments, true);
    ViewAnalysis.checkPerRow(node.get("filter"), true);
    Map<?, ?> plain = without(node, "alias");
    boolean one = arguments.size() == 1;
    return switch (name) {
      case "count_star", "count" -> SqlTree.columnRef(alias, keep(plain, Merge.COUNT));
      case "sum" -> SqlTree.columnRef(alias, keep(plain, Merge.SUM));
      case "min" -> {
        ViewAnalysis.refuse(!one, "min() of several values");
        yield SqlTree.columnRef(alias, keep(plain, Merge.MIN));
      }
      case "max" -> {
        ViewAnalysis.refuse(!one, "max() of several values");
        yield SqlTree.columnRef(alias, keep(plain, Merge.MAX));
      }
      case "avg", "mean" -> {
        String sum = keep(with(plain, "function_name", "sum"), Merge.SUM);
        String count = keep(with(plain, "function_name", "count"), Merge.COUNT);
        yield SqlTree.quotient(alias, sum, count);
      }
      default -> throw ViewAnalysis.unfit(name + "()");
    };
  }

  private Map<?, ?> partial(@Nullable Object where) {
    Map<Object, @Nullable Object> partial = new LinkedHashMap<>(select);
    List<Integer> set = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      set.add(i);
    }
    partial.put("select_list", keptItems);
    partial.put("from_table", normal(select.get("from_table")));
    partial.put("where_clause", where);
    partial.put("group_expressions", keys);
    partial.put("group_sets", keys.isEmpty() ? List.of() : List.of(set));
    partial.put("aggregate_handling", "STANDARD_HANDLING");
    partial.put("having", null);
    return partial;
  }

  private Map<?, ?> shown(List<Object> items, @Nullable Object condition) {
    Map<Object, @Nullable Object> shown = new LinkedHashMap<>(partial(condition));
    shown.put("select_list", items);
    shown.put("from_table", SqlTree.table(ViewResult.KEPT));
    shown.put("group_expressions", List.of());
    shown.put("group_sets", List.of());
    return shown;
  }

  /**
   * A tree in which the same is spelled the same: without places in the text, without the name of
   * the table, and with what an alias stands for, where no column of the table is called so.
   */
  private @Nullable Object normal(@Nullable Object tree) {
    return switch (tree) {
      case Map<?, ?> node -> normalMap(node);
      case List<?> list -> {
        List<@Nullable Object> all = new ArrayList<>();
        list.forEach(element -> all.add(normal(element)));
        yield all;
      }
      case null, default -> tree;
    };
  }

  private Map<?, ?> normalMap(@Nullable Object tree) {
    Map<?, ?> node = tree instanceof Map<?, ?> map ? map : Map.of();
    List<String> column = SqlTree.column(node);
    if (column.size() == 1) {
      Map<?, ?> meant = aliases.get(SqlTree.lower(column.getFirst()));
      if (meant != null && !columns.contains(SqlTree.lower(column.getFirst()))) {
        return with(meant, "alias", SqlTree.text(node, "alias"));
      }
    }
    Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : node.entrySet()) {
      if (!"query_location".equals(member.getKey())) {
        copy.put(member.getKey(), normal(member.getValue()));
      }
    }
    if (column.size() > 1
        && SqlTree.lower(column.getFirst()).equals(table)
        && !columns.contains(table)) {
      copy.put("column_names", column.subList(1, column.size()));
    }
    return copy;
  }

  private static Map<?, ?> without(Map<?, ?> node, String member) {
    return with(node, member, "");
  }

  private static Map<?, ?> with(Map<?, ?> node, String member, Object value) {
    Map<Object, @Nullable Object> copy = new LinkedHashMap<>(node);
    copy.put(member, value);
    return copy;
  }
}
