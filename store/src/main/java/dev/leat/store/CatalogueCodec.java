package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataSchema;
import dev.leat.event.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The catalogue's states and changes as JSON; docs/spec/catalogue-format.md names the members. */
final class CatalogueCodec {
  private static final int MAX_DEPTH = 16;

  private CatalogueCodec() {}

  static byte[] encode(CatalogueState state) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("format", Journal.FORMAT);
    object.put("version", state.version());
    object.put("partitions", state.partitions());
    object.put("history", history(state));
    object.put("tables", state.tables().values().stream().map(CatalogueCodec::table).toList());
    return Json.write(Map.of("state", object)).getBytes(UTF_8);
  }

  static byte[] encode(CatalogueState.Step step) {
    return switch (step) {
      case CatalogueState.Change change -> encode(change);
      case CatalogueState.Rollback rollback -> encode(rollback);
    };
  }

  private static byte[] encode(CatalogueState.Rollback rollback) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", rollback.version());
    object.put("to", rollback.to());
    object.put("at", rollback.atMicros());
    return Json.write(Map.of("rollback", object)).getBytes(UTF_8);
  }

  private static byte[] encode(CatalogueState.Change change) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", change.version());
    object.put("next", change.next());
    object.put("at", change.atMicros());
    if (change.state() != null) {
      object.put("state", change.state());
    }
    List<Object> tables = new ArrayList<>();
    change.tables().forEach((name, table) -> tables.add(tableChange(name, table)));
    object.put("tables", tables);
    return Json.write(Map.of("change", object)).getBytes(UTF_8);
  }

  /** The format that a whole state has; those that say nothing are of the oldest; 0 if none. */
  static long format(byte[] payload) {
    Members record = new Members(Json.parse(payload, MAX_DEPTH));
    if (!record.has("state")) {
      return 0;
    }
    Members state = record.object("state");
    return state.has("format") ? state.number("format") : Journal.FIRST_READ;
  }

  /** A {@link CatalogueState}, or a {@link CatalogueState.Step}. */
  static Object decode(byte[] payload) {
    Members record = new Members(Json.parse(payload, MAX_DEPTH));
    return record.has("state") ? state(record.object("state")) : step(record);
  }

  private static CatalogueState state(Members state) {
    SortedMap<String, CatalogueState.TableState> tables = new TreeMap<>();
    for (Members table : state.objects("tables")) {
      CatalogueState.TableState of = table(table);
      tables.put(of.spec().name(), of);
    }
    List<CatalogueState.Position> history = history(state.objects("history"), tables);
    return new CatalogueState(
        Math.toIntExact(state.number("partitions")),
        state.number("version"),
        state.has("format") ? history : List.of(history.getLast()),
        tables);
  }

  private static CatalogueState.Step step(Members record) {
    if (record.has("rollback")) {
      Members rollback = record.object("rollback");
      return new CatalogueState.Rollback(
          rollback.number("version"), rollback.number("to"), rollback.number("at"));
    }
    Members change = record.object("change");
    SortedMap<String, CatalogueState.TableChange> tables = new TreeMap<>();
    for (Members table : change.objects("tables")) {
      tables.put(table.text("name"), tableChange(table));
    }
    return new CatalogueState.Change(
        change.number("version"),
        change.number("next"),
        change.textIfAny("state"),
        change.has("at") ? change.number("at") : 0,
        tables);
  }

  /** A state that is the one of the version before is not written again. */
  private static List<Object> history(CatalogueState of) {
    List<Object> all = new ArrayList<>();
    String last = "";
    List<CatalogueState.Position> history = of.history();
    for (int i = 0; i < history.size(); i++) {
      CatalogueState.Position position = history.get(i);
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("version", position.version());
      object.put("next", position.next());
      object.put("at", position.atMicros());
      if (!position.state().equals(last)) {
        object.put("state", position.state());
      }
      last = position.state();
      ShapeCodec.encode(
          position.shapes(),
          i + 1 < history.size() ? history.get(i + 1).shapes() : CatalogueState.shapes(of.tables()),
          object);
      all.add(object);
    }
    return all;
  }

  private static List<CatalogueState.Position> history(
      List<Members> history, SortedMap<String, CatalogueState.TableState> tables) {
    List<CatalogueState.Position> newestFirst = new ArrayList<>();
    SortedMap<String, CatalogueState.Shape> shapes = CatalogueState.shapes(tables);
    List<String> states = states(history);
    for (int i = history.size() - 1; i >= 0; i--) {
      Members position = history.get(i);
      shapes = ShapeCodec.decode(position, shapes);
      newestFirst.add(
          new CatalogueState.Position(
              position.number("version"),
              position.number("next"),
              states.get(i),
              position.has("at") ? position.number("at") : 0,
              shapes));
    }
    return newestFirst.reversed();
  }

  private static List<String> states(List<Members> history) {
    List<String> states = new ArrayList<>();
    String last = "";
    for (Members position : history) {
      last = position.has("state") ? position.text("state") : last;
      states.add(last);
    }
    return states;
  }

  private static Map<String, @Nullable Object> table(CatalogueState.TableState table) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("spec", spec(table.spec()));
    object.put("expiredRows", table.expiredRows());
    object.put("fields", table.fields().stream().map(CatalogueCodec::field).toList());
    object.put("files", table.files().stream().map(CatalogueCodec::file).toList());
    return object;
  }

  private static CatalogueState.TableState table(Members members) {
    return new CatalogueState.TableState(
        spec(members.object("spec")),
        members.objects("fields").stream().map(CatalogueCodec::field).toList(),
        members.objects("files").stream().map(CatalogueCodec::file).toList(),
        members.number("expiredRows"));
  }

  private static Map<String, @Nullable Object> tableChange(
      String name, CatalogueState.TableChange change) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", name);
    if (change.spec() != null) {
      object.put("spec", spec(change.spec()));
    }
    object.put("added", change.added().stream().map(CatalogueCodec::file).toList());
    object.put("removed", change.removed());
    object.put("expired", change.expired());
    object.put("fields", change.fields().stream().map(CatalogueCodec::field).toList());
    if (!change.checksums().isEmpty()) {
      Map<String, @Nullable Object> checksums = new LinkedHashMap<>();
      change.checksums().forEach((path, sum) -> checksums.put(path, FileChecksum.text(sum)));
      object.put("checksums", checksums);
    }
    return object;
  }

  private static CatalogueState.TableChange tableChange(Members members) {
    return new CatalogueState.TableChange(
        members.has("spec") ? spec(members.object("spec")) : null,
        members.objects("added").stream().map(CatalogueCodec::file).toList(),
        members.texts("removed"),
        members.texts("expired"),
        members.objects("fields").stream().map(CatalogueCodec::field).toList(),
        members.has("checksums") ? members.object("checksums").checksums() : Map.of());
  }

  static Map<String, @Nullable Object> spec(TableSpec spec) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", spec.name());
    object.put("declared", spec.declared());
    object.put("flat", spec.flat());
    if (spec.entityKey() != null) {
      object.put("entityKey", spec.entityKey());
    }
    if (spec.retention() != null) {
      object.put("retention", spec.retention().toString());
    }
    return object;
  }

  static TableSpec spec(Members members) {
    String retention = members.textIfAny("retention");
    return new TableSpec(
        members.text("name"),
        members.truth("declared"),
        members.truth("flat"),
        members.textIfAny("entityKey"),
        retention == null ? null : Duration.parse(retention));
  }

  private static Map<String, @Nullable Object> file(DataFile file) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("path", file.path());
    object.put("shard", file.shard());
    if (file.day() != DataFile.MIXED) {
      object.put("day", file.day());
    }
    object.put("rows", file.rows());
    object.put("bytes", file.bytes());
    Long checksum = file.checksum();
    if (checksum != null) {
      object.put("checksum", FileChecksum.text(checksum));
    }
    object.put("payloadBytes", file.payloadBytes());
    object.put("minTime", file.span().minTimeMicros());
    object.put("maxTime", file.span().maxTimeMicros());
    object.put("maxReceived", file.span().maxReceivedMicros());
    object.put("minOffset", file.span().minOffset());
    object.put("maxOffset", file.span().maxOffset());
    object.put("addedBy", file.addedVersion());
    if (!file.isPresent()) {
      object.put("removedBy", file.removedVersion());
    }
    return object;
  }

  private static DataFile file(Members members) {
    return new DataFile(
        members.text("path"),
        Math.toIntExact(members.number("shard")),
        members.has("day") ? members.number("day") : DataFile.MIXED,
        members.number("rows"),
        members.number("bytes"),
        members.has("checksum") ? FileChecksum.parse(members.text("checksum")) : null,
        members.number("payloadBytes"),
        new DataFile.Span(
            members.number("minTime"),
            members.number("maxTime"),
            members.number("maxReceived"),
            members.number("minOffset"),
            members.number("maxOffset")),
        members.number("addedBy"),
        members.has("removedBy") ? members.number("removedBy") : DataFile.PRESENT);
  }

  static Map<String, @Nullable Object> field(DataSchema.Entry entry) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", entry.id());
    object.put("parent", entry.parent());
    object.put("name", entry.name());
    object.put("kind", entry.kind().name());
    return object;
  }

  static DataSchema.Entry field(Members members) {
    return new DataSchema.Entry(
        Math.toIntExact(members.number("id")),
        Math.toIntExact(members.number("parent")),
        members.text("name"),
        DataSchema.Kind.valueOf(members.text("kind")));
  }

  /** A JSON object whose members have to be there. */
  record Members(@Nullable Object object) {
    boolean has(String name) {
      return object instanceof Map<?, ?> map && map.containsKey(name);
    }

    Members object(String name) {
      return new Members(member(name, Map.class));
    }

    long number(String name) {
      return member(name, Long.class);
    }

    String text(String name) {
      return member(name, String.class);
    }

    @Nullable String textIfAny(String name) {
      return has(name) ? text(name) : null;
    }

    boolean truth(String name) {
      return member(name, Boolean.class);
    }

    Map<String, Long> checksums() {
      Map<String, Long> all = new TreeMap<>();
      if (object instanceof Map<?, ?> map) {
        map.forEach((path, sum) -> all.put((String) path, FileChecksum.parse(String.valueOf(sum))));
      }
      return all;
    }

    List<String> texts(String name) {
      return all(name, String.class);
    }

    List<Members> objects(String name) {
      return all(name, Map.class).stream().map(Members::new).toList();
    }

    private <T> List<T> all(String name, Class<T> type) {
      List<T> all = new ArrayList<>();
      for (Object element : (List<?>) member(name, List.class)) {
        all.add(type.cast(element));
      }
      return all;
    }

    private <T> T member(String name, Class<T> type) {
      Object value = object instanceof Map<?, ?> map ? map.get(name) : null;
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException(
            "expected a %s \"%s\", found %s".formatted(type.getSimpleName(), name, value));
      }
      return type.cast(value);
    }
  }
}
