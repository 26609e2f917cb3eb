package dev.leat.pipeline;

import dev.leat.event.SystemTable;
import java.util.HashMap;
import java.util.Map;

/**
 * The names that are taken: streams, metrics and views are tables in SQL, so they share them. For
 * one definition and one thread.
 */
final class TableNames {
  private final Map<String, Kind> taken = new HashMap<>();

  /** What is a table. */
  enum Kind {
    STREAM,
    METRIC,
    VIEW;

    private String word() {
      return YamlMap.word(this);
    }
  }

  /** Takes a name, or says why it can't be had; empty if it can. */
  String take(Kind kind, String name) {
    if (SystemTable.isReserved(name)) {
      return StreamSpec.reserved(name);
    }
    Kind before = taken.putIfAbsent(name, kind);
    if (before == kind) {
      return DefinitionCheck.twice(kind.word() + "s", name);
    }
    return before == null
        ? ""
        : "a %s is called '%s' already, and both would be tables of that name"
            .formatted(before.word(), name);
  }
}
