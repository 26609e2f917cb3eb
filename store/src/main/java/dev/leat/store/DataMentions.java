package dev.leat.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which fields of {@code data} a statement's tree mentions, as {@code data.a.b}. Anything
 * that could reach the data in another way means that all of it is needed: stars, a whole row under
 * its table's name, joins that compare what they find, renamed columns, and the name {@code data}
 * in any other place.
 */
final class DataMentions {
  private static final String DATA = "data";

  /** Members whose text is a name, but not one that could be that of the data. */
  private static final Set<String> HARMLESS =
      Set.of("type", "class", "alias", "function_name", "identifier");

  private static final Set<String> REACHING =
      Set.of("STAR", "SHOW_REF", "PIVOT", "POSITIONAL_REFERENCE");

  private final Set<List<String>> paths = new HashSet<>();
  private final Set<String> tables = new HashSet<>();
  private final List<List<String>> columns = new ArrayList<>();
  private boolean whole;

  private DataMentions() {
    tables.add(TableSql.TABLE);
  }

  /** The paths below {@code data}, or null if the statement may need all of it. */
  static @Nullable Set<List<String>> in(Map<?, ?> statement) {
    DataMentions mentions = new DataMentions();
    mentions.walk("", statement);
    for (List<String> column : mentions.columns) {
      mentions.add(column);
    }
    return mentions.whole ? null : mentions.paths;
  }

  private void walk(String member, @Nullable Object value) {
    switch (value) {
      case Map<?, ?> node -> walkNode(node);
      case List<?> list -> list.forEach(element -> walk(member, element));
      case String text when !HARMLESS.contains(member) && text.equalsIgnoreCase(DATA) ->
          whole = true;
      case null, default -> {
        // Says nothing about columns.
      }
    }
  }

  private void walkNode(Map<?, ?> node) {
    Object type = node.get("type");
    if ("VALUE_CONSTANT".equals(type)) {
      return;
    }
    if ("COLUMN_REF".equals(type) && node.get("column_names") instanceof List<?> names) {
      columns.add(
          names.stream().map(name -> String.valueOf(name).toLowerCase(Locale.ROOT)).toList());
      return;
    }
    boolean renames =
        node.get("column_name_alias") instanceof List<?> aliases && !aliases.isEmpty();
    if (REACHING.contains(String.valueOf(type))
        || "NATURAL".equals(node.get("ref_type"))
        || (renames && "BASE_TABLE".equals(type))) {
      whole = true;
      return;
    }
    boolean isTable = "BASE_TABLE".equals(type) || "SUBQUERY".equals(type) || "JOIN".equals(type);
    if (isTable && node.get("alias") instanceof String alias && !alias.isEmpty()) {
      tables.add(alias.toLowerCase(Locale.ROOT));
    }
    node.forEach((name, child) -> walk(String.valueOf(name), child));
  }

  private void add(List<String> column) {
    if (tables.contains(column.getLast())) {
      whole = true;
    }
    for (int i = 0; i < column.size(); i++) {
      if (column.get(i).equals(DATA)) {
        if (i == column.size() - 1) {
          whole = true;
        } else {
          paths.add(column.subList(i + 1, column.size()));
        }
      }
    }
  }
}
