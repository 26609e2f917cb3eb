package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The fields that types of data ask of a table. A table only grows: a new type may add fields, turn
 * integers into numbers, leave fields out, which then stay, and require what it wants. It may not
 * change what a field holds. Members whose type is unknown get no field; their values are kept in
 * {@code data_rest}.
 */
final class SchemaFields {
  private final List<String> reasons = new ArrayList<>();
  private final Set<String> numbers = new HashSet<>();
  private int count;

  private SchemaFields() {}

  /** Why a type could not be the fields of any table; empty if it can. */
  static List<String> unfit(ObjectOf type) {
    return conflicts(List.of(), List.of(type));
  }

  /**
   * Why a table with these fields can't take events of these types, one reason per field; empty if
   * it can. Changes nothing. All types of the table belong in one question: a field that is an
   * integer in one and a number in another is a number in the table.
   */
  static List<String> conflicts(List<Entry> fields, List<ObjectOf> types) {
    SchemaFields check = new SchemaFields();
    Place root = check.places(fields);
    types.forEach(type -> check.numbers("data", 1, type));
    types.forEach(type -> check.members("data", 1, root, type));
    if (check.count > DataSchema.MAX_FIELDS) {
      check.reasons.add(
          "the table would have %d fields, at most %d are possible"
              .formatted(check.count, DataSchema.MAX_FIELDS));
    }
    return check.reasons.stream().distinct().toList();
  }

  /**
   * Declares the fields of a type that has no {@link #conflicts} with the table's.
   *
   * @throws IllegalStateException if it has one; the fields before it are declared then
   */
  static void declare(DataSchema schema, ObjectOf type) {
    declare(schema, schema.root(), "data", type);
  }

  private static void declare(DataSchema schema, Field parent, String path, ObjectOf type) {
    type.members()
        .forEach(
            (name, member) -> {
              Kind kind = DataType.kind(member.type());
              if (kind == null) {
                return;
              }
              Field field = schema.declare(parent, name, kind);
              if (field == null) {
                throw new IllegalStateException(
                    "%s.%s can't be declared as %s".formatted(path, name, word(kind)));
              }
              if (member.type() instanceof ObjectOf object) {
                declare(schema, field, path + '.' + name, object);
              }
            });
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case OBJECT -> "an object";
      case BOOLEAN -> "a boolean";
      case LONG -> "an integer";
      case DOUBLE -> "a number";
      case TEXT -> "a string";
      case JSON -> "an array";
    };
  }

  /** A field as it is or would be; those below it by the name as SQL compares it. */
  private record Place(String name, Kind kind, Map<String, Place> members) {
    Place(String name, Kind kind) {
      this(name, kind, new HashMap<>());
    }
  }

  private Place places(List<Entry> fields) {
    Place root = new Place("data", Kind.OBJECT);
    List<Place> byId = new ArrayList<>();
    for (Entry entry : fields) {
      Place place = new Place(entry.name(), entry.kind());
      byId.add(place);
      Place parent = entry.parent() < 0 ? root : byId.get(entry.parent());
      parent.members.put(key(entry.name()), place);
    }
    count = fields.size();
    return root;
  }

  /** Remembers the paths of what is a number in some type. */
  private void numbers(String parentPath, int depth, ObjectOf type) {
    if (depth > DataSchema.MAX_DEPTH) {
      return;
    }
    type.members()
        .forEach(
            (name, member) -> {
              String path = parentPath + '.' + name;
              if (member.type() instanceof ObjectOf object) {
                numbers(path, depth + 1, object);
              } else if (DataType.kind(member.type()) == Kind.DOUBLE) {
                numbers.add(path);
              }
            });
  }

  private void members(String path, int depth, Place parent, ObjectOf type) {
    type.members()
        .forEach((name, member) -> member(path + '.' + name, depth, parent, name, member));
  }

  private void member(String path, int depth, Place parent, String name, Member member) {
    Kind kind = DataType.kind(member.type());
    if (kind == null || !isName(path, name) || !isShallow(path, depth)) {
      return;
    }
    Place place = parent.members.get(key(name));
    if (place == null) {
      count++;
      place = new Place(name, kind);
      parent.members.put(key(name), place);
    } else if (!place.name.equals(name)) {
      reasons.add(
          "%s differs from the field %s only in case, which SQL does not tell apart"
              .formatted(path, place.name));
      return;
    } else if (!takes(place.kind, kind, path)) {
      reasons.add(
          "%s is %s in the table and can't become %s"
              .formatted(path, word(place.kind), word(kind)));
      return;
    }
    if (member.type() instanceof ObjectOf object) {
      members(path, depth + 1, place, object);
    }
  }

  private boolean takes(Kind field, Kind wanted, String path) {
    return field == wanted
        || (field == Kind.LONG && wanted == Kind.DOUBLE)
        || (field == Kind.DOUBLE && wanted == Kind.LONG && numbers.contains(path));
  }

  private boolean isName(String path, String name) {
    boolean good =
        !name.isEmpty()
            && name.indexOf('\0') < 0
            && name.getBytes(UTF_8).length <= DataSchema.MAX_NAME_BYTES;
    if (!good) {
      reasons.add(
          "%s can't be a column: its name must have 1 to %d bytes, and no zero character"
              .formatted(Violations.cut(path), DataSchema.MAX_NAME_BYTES));
    }
    return good;
  }

  private boolean isShallow(String path, int depth) {
    if (depth > DataSchema.MAX_DEPTH) {
      reasons.add(
          "%s is %d levels deep, at most %d are possible"
              .formatted(path, depth, DataSchema.MAX_DEPTH));
    }
    return depth <= DataSchema.MAX_DEPTH;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
