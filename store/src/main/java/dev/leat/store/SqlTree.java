package dev.leat.store;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Questions to a statement's tree, as {@link SqlParser} has it, and small trees. */
final class SqlTree {
  private SqlTree() {}

  /** Whether a node, or one in it, is such. */
  static boolean contains(@Nullable Object tree, Predicate<Map<?, ?>> such) {
    // Loops, because streams would take several times the stack for each level of a deep tree.
    if (tree instanceof Map<?, ?> node) {
      return such.test(node) || anyContains(node.values(), such);
    }
    return tree instanceof List<?> list && anyContains(list, such);
  }

  private static boolean anyContains(Collection<?> trees, Predicate<Map<?, ?>> such) {
    for (Object tree : trees) {
      if (contains(tree, such)) {
        return true;
      }
    }
    return false;
  }

  static boolean isType(Map<?, ?> node, String type) {
    return type.equals(node.get("type"));
  }

  static boolean isClass(Map<?, ?> node, String expression) {
    return expression.equals(node.get("class"));
  }

  static boolean isAggregate(Map<?, ?> node) {
    return isClass(node, "FUNCTION")
        && node.get("function_name") instanceof String name
        && SqlFunctions.isAggregate(name);
  }

  /** A member that is a list; empty if there is none. */
  static List<?> list(Map<?, ?> node, String member) {
    return node.get(member) instanceof List<?> list ? list : List.of();
  }

  /** A member that is an object; empty if there is none. */
  static Map<?, ?> map(Map<?, ?> node, String member) {
    return node.get(member) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** A member that is text; empty if there is none. */
  static String text(Map<?, ?> node, String member) {
    return node.get(member) instanceof String text ? text : "";
  }

  static String lower(Object name) {
    return String.valueOf(name).toLowerCase(Locale.ROOT);
  }

  /** The parts of the name of a column; empty if the node is none. */
  static List<String> column(Map<?, ?> node) {
    return isType(node, "COLUMN_REF")
        ? list(node, "column_names").stream().map(String::valueOf).toList()
        : List.of();
  }

  static Map<String, Object> columnRef(String alias, String name) {
    return Map.of(
        "class", "COLUMN_REF", "type", "COLUMN_REF", "alias", alias, "column_names", List.of(name));
  }

  /** The quotient of two columns, as a fraction. */
  static Map<String, Object> quotient(String alias, String dividend, String divisor) {
    Map<String, Object> fraction =
        Map.of(
            "class",
            "CAST",
            "type",
            "OPERATOR_CAST",
            "alias",
            "",
            "child",
            columnRef("", dividend),
            "cast_type",
            Map.of("id", "DOUBLE"),
            "try_cast",
            false);
    return Map.of(
        "class",
        "FUNCTION",
        "type",
        "FUNCTION",
        "alias",
        alias,
        "function_name",
        "/",
        "schema",
        "",
        "children",
        List.of(fraction, columnRef("", divisor)),
        "order_bys",
        Map.of("type", "ORDER_MODIFIER", "orders", List.of()),
        "distinct",
        false,
        "is_operator",
        true,
        "catalog",
        "");
  }

  static Map<String, Object> table(String name) {
    return Map.of(
        "type",
        "BASE_TABLE",
        "alias",
        "",
        "schema_name",
        "",
        "table_name",
        name,
        "column_name_alias",
        List.of(),
        "catalog_name",
        "");
  }
}
