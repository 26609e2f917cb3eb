package dev.leat.pipeline;

import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds to the type of the data what enrichment writes. */
final class Outputs {
  private Outputs() {}

  /** The type with one more value at a path; null if something is there already. */
  static @Nullable ObjectOf add(ObjectOf type, FieldPath path, DataType made) {
    return add(type, path.names(), made);
  }

  private static @Nullable ObjectOf add(ObjectOf type, List<String> names, DataType made) {
    String name = names.getFirst();
    LinkedHashMap<String, Member> members = new LinkedHashMap<>(type.members());
    Member known = members.get(name);
    if (names.size() == 1) {
      if (known != null) {
        return null;
      }
      members.put(name, new Member(made, false, true));
      return new ObjectOf(members, type.open());
    }
    ObjectOf inner =
        known == null
            ? new ObjectOf(new LinkedHashMap<>(), false)
            : known.type() instanceof ObjectOf object ? object : null;
    ObjectOf wider = inner == null ? null : add(inner, names.subList(1, names.size()), made);
    if (wider == null) {
      return null;
    }
    members.put(
        name,
        known == null
            ? new Member(wider, false, true)
            : new Member(wider, known.required(), known.nullable()));
    return new ObjectOf(members, type.open());
  }
}
