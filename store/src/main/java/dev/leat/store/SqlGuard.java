package dev.leat.store;

import dev.leat.event.EventStore.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wall in front of the database: walks a statement's tree and lets through only what is known
 * to stay inside the tables. Names of tables must be ours or the statement's own, functions must be
 * listed, and a kind of node that is not known is refused, so that what a newer DuckDB can do is
 * closed until somebody has looked at it.
 *
 * <p>The database itself is the second wall: no files but the tables', no settings, no extensions;
 * see {@link DuckDatabase}.
 */
final class SqlGuard {
  /** Table functions that make rows of their arguments and of nothing else. */
  private static final Set<String> TABLE_FUNCTIONS =
      Set.of("range", "generate_series", "unnest", "json_each", "json_tree");

  /**
   * Every node with a type and no class: queries, tables, modifiers, orders. Expressions have a
   * class.
   */
  private static final Set<String> NODES =
      Set.of(
          "SELECT_NODE",
          "SET_OPERATION_NODE",
          "RECURSIVE_CTE_NODE",
          "CTE_NODE",
          "BASE_TABLE",
          "SUBQUERY",
          "JOIN",
          "TABLE_FUNCTION",
          "EXPRESSION_LIST",
          "EMPTY",
          "PIVOT",
          "SHOW_REF",
          "ORDER_MODIFIER",
          "LIMIT_MODIFIER",
          "LIMIT_PERCENT_MODIFIER",
          "DISTINCT_MODIFIER",
          "ASCENDING",
          "DESCENDING",
          "ORDER_DEFAULT");

  private static final Set<String> EXPRESSIONS =
      Set.of(
          "BETWEEN",
          "CASE",
          "CAST",
          "COLLATE",
          "COLUMN_REF",
          "COMPARISON",
          "CONJUNCTION",
          "CONSTANT",
          "DEFAULT",
          "FUNCTION",
          "LAMBDA",
          "LAMBDA_REF",
          "OPERATOR",
          "PARAMETER",
          "POSITIONAL_REFERENCE",
          "STAR",
          "SUBQUERY",
          "TYPE",
          "WINDOW");

  private static final Set<String> SHOW_TYPES = Set.of("DESCRIBE", "SUMMARY");

  private final TableNames names;
  private final Set<TableNames.Named> used = new HashSet<>();
  private boolean lists;

  private SqlGuard(TableNames names) {
    this.names = names;
  }

  /**
   * What a statement is about.
   *
   * @param read the tables whose rows it reads
   * @param lists whether it looks for all tables without naming any
   */
  record Use(Set<TableNames.Named> read, boolean lists) {
    Use {
      read = Set.copyOf(read);
    }
  }

  /** Refuses what may not run; otherwise says which tables the statement reads or lists. */
  static Use check(Map<?, ?> statement, TableNames names) throws SqlRefused {
    SqlGuard guard = new SqlGuard(names);
    guard.walk(statement, Set.of());
    return new Use(guard.used, guard.lists);
  }

  private void walk(Object value, Set<String> ctes) throws SqlRefused {
    switch (value) {
      case Map<?, ?> node -> walkNode(node, ctes);
      case List<?> list -> {
        for (Object element : list) {
          if (element != null) {
            walk(element, ctes);
          }
        }
      }
      default -> {
        // A number, a name or a flag: what it means is decided where it hangs.
      }
    }
  }

  private void walkNode(Map<?, ?> node, Set<String> ctes) throws SqlRefused {
    if (node.get("type") instanceof String type) {
      if (node.get("class") instanceof String expression) {
        checkExpression(expression, node);
        if (expression.equals("CONSTANT")) {
          return;
        }
      } else {
        checkNode(type, node, ctes);
      }
    }
    Set<String> visible = withCtes(node, ctes);
    for (Map.Entry<?, ?> member : node.entrySet()) {
      String name = String.valueOf(member.getKey());
      Object child = member.getValue();
      if (child == null || name.equals("cte_map")) {
        continue;
      }
      if (name.equals("function")
          && "TABLE_FUNCTION".equals(node.get("type"))
          && child instanceof Map<?, ?> function) {
        walk(Objects.requireNonNullElse(function.get("children"), List.of()), visible);
      } else {
        walk(child, isBeforeItself(node, name) ? withoutItself(node, visible) : visible);
      }
    }
  }

  /**
   * Whether in this member the node's own name does not stand for the node yet: there the database
   * looks for a table or file of that name.
   */
  private static boolean isBeforeItself(Map<?, ?> node, String member) {
    return ("RECURSIVE_CTE_NODE".equals(node.get("type")) && member.equals("left"))
        || ("CTE_NODE".equals(node.get("type")) && member.equals("query"));
  }

  private static Set<String> withoutItself(Map<?, ?> node, Set<String> visible) {
    Set<String> others = new HashSet<>(visible);
    others.remove(lower(node.get("cte_name")));
    return others;
  }

  /**
   * Walks a node's WITH queries, each of which sees those before it, and returns all names seen in
   * the node itself.
   */
  private Set<String> withCtes(Map<?, ?> node, Set<String> ctes) throws SqlRefused {
    Set<String> visible = new HashSet<>(ctes);
    if (node.get("cte_map") instanceof Map<?, ?> with
        && with.get("map") instanceof List<?> entries) {
      for (Object entry : entries) {
        if (entry instanceof Map<?, ?> cte) {
          walk(Objects.requireNonNullElse(cte.get("value"), Map.of()), Set.copyOf(visible));
          visible.add(lower(cte.get("key")));
        }
      }
    }
    if (node.get("cte_name") instanceof String name) {
      visible.add(lower(name));
    }
    return visible;
  }

  private void checkNode(String type, Map<?, ?> node, Set<String> ctes) throws SqlRefused {
    if (type.endsWith("_TYPE_INFO")) {
      return;
    }
    if (!NODES.contains(type)) {
      throw forbidden(
          "%s is not allowed here".formatted(type.toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
    switch (type) {
      case "BASE_TABLE" -> checkTable(node, ctes);
      case "TABLE_FUNCTION" -> checkTableFunction(node);
      case "SHOW_REF" -> checkShow(node);
      default -> {
        // Made of other nodes, which are checked in turn.
      }
    }
  }

  private void checkTable(Map<?, ?> node, Set<String> ctes) throws SqlRefused {
    String name = lower(node.get("table_name"));
    boolean plain =
        isEmpty(node.get("schema_name"))
            && isEmpty(node.get("catalog_name"))
            && node.get("at_clause") == null;
    if (plain && ctes.contains(name)) {
      return;
    }
    TableNames.Named table = names.find(name);
    if (!plain || table == null) {
      throw forbidden(
          "there is no table %s here; SHOW TABLES lists those there are"
              .formatted(node.get("table_name")));
    }
    used.add(table);
  }

  private static void checkTableFunction(Map<?, ?> node) throws SqlRefused {
    if (!(node.get("function") instanceof Map<?, ?> function)
        || !isEmpty(function.get("schema"))
        || !isEmpty(function.get("catalog"))
        || !TABLE_FUNCTIONS.contains(lower(function.get("function_name")))) {
      Object name =
          node.get("function") instanceof Map<?, ?> call ? call.get("function_name") : "this";
      throw forbidden("the table function %s is not allowed here".formatted(name));
    }
  }

  private void checkShow(Map<?, ?> node) throws SqlRefused {
    boolean query =
        node.get("query") != null && SHOW_TYPES.contains(String.valueOf(node.get("show_type")));
    boolean tables =
        node.get("query") == null
            && "\"tables\"".equals(node.get("table_name"))
            && isEmpty(node.get("schema_name"))
            && isEmpty(node.get("catalog_name"));
    if (!query && !tables) {
      throw forbidden(
          "only DESCRIBE or SUMMARIZE of a query or table, and SHOW TABLES, are allowed here");
    }
    lists |= tables;
  }

  private static void checkExpression(String expression, Map<?, ?> node) throws SqlRefused {
    if (!EXPRESSIONS.contains(expression)) {
      throw forbidden(
          "%s is not allowed here"
              .formatted(expression.toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
    if (node.get("function_name") instanceof String name) {
      if (!SqlFunctions.isAllowed(name)
          || !isBuiltIn(node.get("schema"))
          || !isEmpty(node.get("catalog"))) {
        throw forbidden("the function %s is not allowed here, or there is none".formatted(name));
      }
    }
  }

  /**
   * The parser itself writes {@code main} and {@code pg_catalog} where syntax stands for a
   * function.
   */
  private static boolean isBuiltIn(@Nullable Object schema) {
    return isEmpty(schema) || "main".equals(schema) || "pg_catalog".equals(schema);
  }

  private static boolean isEmpty(@Nullable Object name) {
    return name == null || "".equals(name);
  }

  private static String lower(@Nullable Object name) {
    return String.valueOf(name).toLowerCase(Locale.ROOT);
  }

  private static SqlRefused forbidden(String message) {
    return new SqlRefused(Reason.FORBIDDEN, message);
  }
}
