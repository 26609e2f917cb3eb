package dev.leat.store;

import dev.leat.event.DataSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds which fields of {@code data} a statement's tree mentions, as {@code data.a.b}, and of which
 * table: an alias that stands for tables anywhere in the statement narrows a mention to these, any
 * other mention is one of every table. Anything that could reach the data in another way means that
 * all of it is needed: stars, a whole row under its table's name, joins that compare what they
 * find, renamed columns, and the name {@code data} in any other place.
 */
final class DataMentions {
  private static final String DATA = "data";

  /** Members whose text is a name, but not one that could be that of the data. */
  private static final Set<String> HARMLESS =
      Set.of("type", "class", "alias", "function_name", "identifier");

  private static final Set<String> REACHING =
      Set.of("STAR", "SHOW_REF", "PIVOT", "POSITIONAL_REFERENCE");

  private final TableNames names;
  private final Set<List<String>> everywhere = new HashSet<>();
  private final Map<String, Set<List<String>>> ofTable = new HashMap<>();
  private final Set<String> wholeTables = new HashSet<>();
  private final Map<String, Set<String>> aliases = new HashMap<>();
  private final Set<String> otherAliases = new HashSet<>();
  private final List<List<String>> columns = new ArrayList<>();
  private boolean whole;

  private DataMentions(TableNames names) {
    this.names = names;
  }

  static DataMentions in(Map<?, ?> statement, TableNames names) {
    DataMentions mentions = new DataMentions(names);
    mentions.walk("", statement);
    for (List<String> column : mentions.columns) {
      mentions.add(column);
    }
    return mentions;
  }

  /** Takes it that everything of every table is mentioned. */
  static DataMentions ofEverything(TableNames names) {
    DataMentions mentions = new DataMentions(names);
    mentions.whole = true;
    return mentions;
  }

  /** Whether a field of the table is mentioned that it does not have. */
  boolean leadNowhere(String table, TableSql sql) {
    Set<List<String>> paths = new HashSet<>(everywhere);
    paths.addAll(ofTable.getOrDefault(table, Set.of()));
    return paths.stream().anyMatch(path -> leadsNowhere(path, sql));
  }

  private static boolean leadsNowhere(List<String> path, TableSql sql) {
    int object = -1;
    for (String name : path) {
      DataSchema.Entry field = sql.find(object, name);
      if (field == null || !sql.hasValues(field)) {
        return true;
      }
      if (field.kind() != DataSchema.Kind.OBJECT) {
        return false;
      }
      object = field.id();
    }
    return false;
  }

  /** How much of a table's data the statement needs, if it also needs these paths. */
  DataUse use(String table, TableSql sql, Set<List<String>> also) {
    if (whole || wholeTables.contains(table)) {
      return DataUse.WHOLE;
    }
    Set<List<String>> paths = new HashSet<>(everywhere);
    paths.addAll(ofTable.getOrDefault(table, Set.of()));
    paths.addAll(also);
    return DataUse.of(paths, sql);
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
    if ("COLUMN_REF".equals(type) && node.get("column_names") instanceof List<?> parts) {
      columns.add(parts.stream().map(DataMentions::lower).toList());
      return;
    }
    boolean renames =
        node.get("column_name_alias") instanceof List<?> renamed && !renamed.isEmpty();
    if (REACHING.contains(String.valueOf(type))
        || "NATURAL".equals(node.get("ref_type"))
        || (renames && "BASE_TABLE".equals(type))) {
      whole = true;
      return;
    }
    addAliases(node, String.valueOf(type));
    node.forEach((name, child) -> walk(String.valueOf(name), child));
  }

  private void addAliases(Map<?, ?> node, String type) {
    boolean aliased = node.get("alias") instanceof String alias && !alias.isEmpty();
    if (type.equals("BASE_TABLE")) {
      String table = lower(node.get("table_name"));
      String alias = aliased ? lower(node.get("alias")) : table;
      TableNames.Named named = names.find(table);
      if (named != null) {
        aliases.computeIfAbsent(alias, _ -> new HashSet<>()).add(named.table());
      } else {
        otherAliases.add(alias);
      }
    } else if (aliased && (type.equals("SUBQUERY") || type.equals("JOIN"))) {
      otherAliases.add(lower(node.get("alias")));
    }
  }

  private void add(List<String> column) {
    String last = column.getLast();
    if (aliases.containsKey(last) || otherAliases.contains(last) || names.find(last) != null) {
      whole = true;
    }
    for (int i = 0; i < column.size(); i++) {
      if (column.get(i).equals(DATA)) {
        List<String> path = column.subList(i + 1, column.size());
        Set<String> tables = i == 1 ? aliases.get(column.getFirst()) : null;
        if (tables == null) {
          whole |= path.isEmpty();
          everywhere.add(path);
        } else if (path.isEmpty()) {
          wholeTables.addAll(tables);
        } else {
          tables.forEach(table -> ofTable.computeIfAbsent(table, _ -> new HashSet<>()).add(path));
        }
      }
    }
  }

  private static String lower(@Nullable Object name) {
    return String.valueOf(name).toLowerCase(Locale.ROOT);
  }
}
