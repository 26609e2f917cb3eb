package dev.leat.store;

import dev.leat.event.ProvidedTables;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a statement may use for tables: {@code T}, {@code T_history}, and {@code
 * T_current} if the rows of {@code T} are states of entities; then materialised views and tables
 * that somebody provides. Where two claim a name, it is that of the table that is called so, and
 * else of the one named first here.
 */
final class TableNames {
  static final String HISTORY = "_history";
  static final String CURRENT = "_current";

  /** Which rows of a table. */
  enum Form {
    HISTORY,
    PLAIN,
    CURRENT,
    /** The kept result of a materialised view. */
    VIEW,
    /** Rows that are made for the statement. */
    PROVIDED
  }

  /** A table in a form. */
  record Named(String table, Form form) {}

  private final Map<String, Named> names = new LinkedHashMap<>();

  TableNames(
      Definitions definitions,
      Collection<String> views,
      Collection<ProvidedTables.Table> provided) {
    for (Definitions.Definition table : definitions.all()) {
      names.put(table.name(), new Named(table.name(), Form.PLAIN));
    }
    for (Definitions.Definition table : definitions.all()) {
      String name = table.name();
      names.putIfAbsent(name + HISTORY, new Named(name, Form.HISTORY));
      if (table.spec().entityKey() != null) {
        names.putIfAbsent(name + CURRENT, new Named(name, Form.CURRENT));
      }
    }
    for (String view : views) {
      names.putIfAbsent(view, new Named(view, Form.VIEW));
    }
    for (ProvidedTables.Table table : provided) {
      names.putIfAbsent(
          table.name().toLowerCase(Locale.ROOT), new Named(table.name(), Form.PROVIDED));
    }
  }

  /** What a name, in any case, stands for; null if for nothing. */
  @Nullable Named find(String name) {
    return names.get(name.toLowerCase(Locale.ROOT));
  }

  /** Everything that has a name. */
  Set<Named> all() {
    return Set.copyOf(names.values());
  }
}
