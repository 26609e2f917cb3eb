package dev.leat.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.engine.MixJson.Num;
import dev.leat.engine.ReferenceModel.Fate;
import dev.leat.event.DataFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares all rows of a store with what the model says, event by event. */
final class ModelCheck {
  private static final List<String> TABLES =
      List.of("orders", "doors", "steps", "notes", "events", "dead_letters", "discarded");

  /** What enrichment writes at the top of the data, by stream. */
  private static final Map<String, Set<String>> WRITTEN =
      Map.of("orders", Set.of("place", "tariff", "twice", "cry"), "notes", Set.of("twice"));

  private final MemoryStore store;
  private final ReferenceModel model;

  ModelCheck(MemoryStore store, ReferenceModel model) {
    this.store = store;
    this.model = model;
  }

  void everyEventIsWhereItShouldBe() {
    TreeMap<Long, String> wanted = new TreeMap<>();
    model.fates.forEach((offset, fate) -> wanted.put(offset, fate.table()));
    TreeMap<Long, String> found = new TreeMap<>();
    Map<Long, Map<String, Object>> rows = new TreeMap<>();
    for (String table : TABLES) {
      for (Map<String, Object> row : StoreRows.of(store, table)) {
        Long offset = (Long) row.get("@offset");
        found.merge(offset, table, (one, other) -> one + " and " + other);
        rows.put(offset, row);
      }
    }
    wanted.forEach(
        (offset, table) ->
            assertEquals(table, found.get(offset), () -> about(offset, rows.get(offset))));
    assertEquals(wanted.keySet(), found.keySet());
    model.fates.forEach((offset, fate) -> compare(offset, fate, rows.get(offset)));
    List<String> superseded = new ArrayList<>();
    for (Map<String, Object> row : StoreRows.of(store, "superseded")) {
      superseded.add(
          "%s %s %s %s"
              .formatted(
                  row.get("of_table"), row.get("of_offset"), row.get("how"), row.get("@offset")));
    }
    assertEquals(
        model.superseded.stream().sorted().toList(), superseded.stream().sorted().toList());
  }

  private String about(long offset, @Nullable Map<String, Object> row) {
    return "offset %d: %s%nrow of the table: %s".formatted(offset, model.fates.get(offset), row);
  }

  private void compare(long offset, Fate fate, Map<String, Object> row) {
    MixEvent event = fate.event();
    assertEquals(event.id(), row.get("@id"));
    assertEquals(event.source(), row.get("@source"));
    assertEquals(event.type(), row.get("@type"));
    assertEquals(event.subject(), row.get("@subject"));
    assertEquals(event.key() == null ? event.subject() : event.key(), row.get("@key"));
    assertEquals(event.receivedMicros(), row.get("@received"));
    assertEquals(
        event.attributes().isEmpty() ? null : event.attributesText(), row.get("@attributes"));
    if (!fate.table().equals("discarded")) {
      String raw =
          event.format() == DataFormat.NONE
              ? null
              : new String(event.text().getBytes(UTF_8), ISO_8859_1);
      if (!saysAll(fate, row)) {
        assertEquals(raw, row.get("@raw"), () -> about(offset, row));
      }
    }
    if (fate.table().equals(fate.stream())) {
      stored(offset, fate, row);
    } else {
      assertEquals(fate.stream(), row.get("stream"));
      List<String> names =
          List.of(
              "stage",
              "reason",
              "rule",
              "pointer",
              "attempt",
              "definition_version",
              "verdict",
              "first_offset");
      for (String name : names) {
        assertEquals(fate.row().get(name), row.get(name), () -> name + " of " + about(offset, row));
      }
    }
  }

  /** Whether the row was left without the text of its data, so that it must say all of it. */
  private static boolean saysAll(Fate fate, Map<String, Object> row) {
    return fate.table().equals(fate.stream())
        && fate.event().format() == DataFormat.JSON
        && !row.containsKey("@raw");
  }

  private void stored(long offset, Fate fate, Map<String, Object> row) {
    assertEquals(fate.row().get("flags"), row.get("@flags"), () -> about(offset, row));
    Set<String> written = WRITTEN.getOrDefault(fate.stream(), Set.of());
    Map<String, Object> columns = new LinkedHashMap<>();
    row.forEach(
        (path, value) -> {
          if (path.startsWith("@")) {
            return;
          }
          if (written.contains(names(path).getFirst())) {
            Object wanted = fate.row().get(path);
            boolean same =
                wanted instanceof Double one
                    ? value instanceof Number other && one == other.doubleValue()
                    : value.equals(wanted);
            assertTrue(same, () -> path + " of " + about(offset, row));
          } else {
            put(columns, names(path), json(value));
          }
        });
    for (String path : fate.row().keySet()) {
      assertTrue(
          path.equals("flags") || row.containsKey(path), () -> path + " of " + about(offset, row));
    }
    lossless(offset, fate, row, columns);
  }

  /** Columns and rest have together what was sent, whatever of it is in which. */
  private void lossless(
      long offset, Fate fate, Map<String, Object> row, Map<String, Object> columns) {
    MixEvent event = fate.event();
    String rest = StoreRows.text(row, "@rest");
    boolean retraction =
        "retract".equals(event.attributes().get("correction"))
            && event.attributes().containsKey("corrects");
    if (retraction || event.data() == null) {
      assertTrue(columns.isEmpty() && rest == null, () -> about(offset, row));
      return;
    }
    Object found;
    if (rest == null) {
      found = columns.isEmpty() ? null : columns;
    } else {
      Object left = MixJson.parse(rest);
      found = columns.isEmpty() ? left : merged(columns, (Map<?, ?>) left, offset, row);
    }
    if (saysAll(fate, row)) {
      Object all = found;
      assertTrue(
          MixJson.same(event.data(), all),
          () -> "all is %s%nof %s".formatted(all, about(offset, row)));
      return;
    }
    Object kept =
        event.data() instanceof Map<?, ?> object
            ? (object.isEmpty() ? null : MixJson.kept(object))
            : event.data();
    Object all = found instanceof Map<?, ?> object ? MixJson.kept(object) : found;
    if (kept == null && all instanceof Map<?, ?> nothing && nothing.isEmpty()) {
      return;
    }
    assertTrue(
        MixJson.same(kept, all), () -> "found %s%nof %s".formatted(found, about(offset, row)));
  }

  private Map<String, Object> merged(
      Map<String, Object> columns, Map<?, ?> rest, long offset, Map<String, Object> row) {
    Map<String, Object> merged = new LinkedHashMap<>(columns);
    rest.forEach(
        (name, value) -> {
          Object known = merged.get((String) name);
          if (known == null) {
            merged.put((String) name, value);
          } else {
            assertTrue(
                known instanceof Map && value instanceof Map,
                () -> "%s is in a column and in the rest: %s".formatted(name, about(offset, row)));
            @SuppressWarnings("unchecked")
            Map<String, Object> inner = (Map<String, Object>) known;
            merged.put((String) name, merged(inner, (Map<?, ?>) value, offset, row));
          }
        });
    return merged;
  }

  private static List<String> names(String path) {
    return List.of(path.split("\\.", -1));
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> into, List<String> path, Object value) {
    if (path.size() == 1) {
      into.put(path.getFirst(), value);
    } else {
      Object inner =
          into.computeIfAbsent(path.getFirst(), _ -> new LinkedHashMap<String, Object>());
      put((Map<String, Object>) inner, path.subList(1, path.size()), value);
    }
  }

  private static Object json(Object value) {
    return switch (value) {
      case Number number -> new Num(Objects.toString(number));
      case StoreRows.Json json -> MixJson.parse(json.text());
      default -> value;
    };
  }
}
