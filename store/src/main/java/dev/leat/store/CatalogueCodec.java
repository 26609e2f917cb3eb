package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The catalogue's states and changes as JSON; docs/spec/catalogue-format.md names the members. */
final class CatalogueCodec {
  private static final int MAX_DEPTH = 16;

  private CatalogueCodec() {}

  static byte[] encode(CatalogueState state) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", state.version());
    object.put("history", state.history().stream().map(CatalogueCodec::offsets).toList());
    object.put("files", state.files().stream().map(CatalogueCodec::file).toList());
    object.put("fields", state.fields().stream().map(CatalogueCodec::field).toList());
    return Json.write(Map.of("state", object)).getBytes(UTF_8);
  }

  static byte[] encode(CatalogueState.Change change) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", change.version());
    object.put("offsets", change.offsets());
    object.put("added", change.added().stream().map(CatalogueCodec::file).toList());
    object.put("removed", change.removed());
    object.put("fields", change.fields().stream().map(CatalogueCodec::field).toList());
    return Json.write(Map.of("change", object)).getBytes(UTF_8);
  }

  /** A {@link CatalogueState} or a {@link CatalogueState.Change}. */
  static Object decode(byte[] payload) {
    Members record = new Members(Json.parse(payload, MAX_DEPTH));
    if (record.has("state")) {
      Members state = record.object("state");
      return new CatalogueState(
          state.number("version"),
          state.objects("history").stream().map(CatalogueCodec::offsets).toList(),
          state.objects("files").stream().map(CatalogueCodec::file).toList(),
          state.objects("fields").stream().map(CatalogueCodec::field).toList());
    }
    Members change = record.object("change");
    return new CatalogueState.Change(
        change.number("version"),
        change.numbers("offsets"),
        change.objects("added").stream().map(CatalogueCodec::file).toList(),
        change.texts("removed"),
        change.objects("fields").stream().map(CatalogueCodec::field).toList());
  }

  private static Map<String, @Nullable Object> offsets(CatalogueState.Offsets offsets) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("version", offsets.version());
    object.put("offsets", offsets.next());
    return object;
  }

  private static CatalogueState.Offsets offsets(Members members) {
    return new CatalogueState.Offsets(members.number("version"), members.numbers("offsets"));
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
    object.put("payloadBytes", file.payloadBytes());
    object.put("minTime", file.minTimeMicros());
    object.put("maxTime", file.maxTimeMicros());
    object.put("minOffset", file.minOffset());
    object.put("maxOffset", file.maxOffset());
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
        members.number("payloadBytes"),
        members.number("minTime"),
        members.number("maxTime"),
        members.number("minOffset"),
        members.number("maxOffset"),
        members.number("addedBy"),
        members.has("removedBy") ? members.number("removedBy") : DataFile.PRESENT);
  }

  private static Map<String, @Nullable Object> field(DataSchema.Entry entry) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("id", entry.id());
    object.put("parent", entry.parent());
    object.put("name", entry.name());
    object.put("kind", entry.kind().name());
    return object;
  }

  private static DataSchema.Entry field(Members members) {
    return new DataSchema.Entry(
        Math.toIntExact(members.number("id")),
        Math.toIntExact(members.number("parent")),
        members.text("name"),
        DataSchema.Kind.valueOf(members.text("kind")));
  }

  /** A JSON object whose members have to be there. */
  private record Members(@Nullable Object object) {
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

    List<Long> numbers(String name) {
      return all(name, Long.class);
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
