package dev.leat.pipeline;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells what type the values of a schema have, where it is one type. Whatever is not obvious is
 * {@link Scalar#ANY}.
 */
final class SchemaTypes {
  /** References can multiply: a few definitions that use each other twice describe millions. */
  private static final int MAX_SCHEMAS = 20_000;

  /**
   * What a value can be.
   *
   * @param type null if it can be nothing but a JSON null
   * @param nullable whether it may be a JSON null
   */
  record Typed(@Nullable DataType type, boolean nullable) {
    private static final Typed ANY = new Typed(Scalar.ANY, true);

    DataType orAny() {
      return type == null ? Scalar.ANY : type;
    }
  }

  private final SchemaReview review;
  private final Set<JsonTree> active = Collections.newSetFromMap(new IdentityHashMap<>());
  private int schemas;

  SchemaTypes(SchemaReview review) {
    this.review = review;
  }

  /** Whether the schema was so large that types were given up. */
  boolean isTooLarge() {
    return schemas > MAX_SCHEMAS;
  }

  Typed of(JsonTree schema) {
    schemas++;
    if (schema.type() != SimpleType.OBJECT || isTooLarge() || !active.add(schema)) {
      return Typed.ANY; // True, false, or a part of itself.
    }
    Typed found = values(schema, both(types(schema), members(schema)));
    JsonTree target = review.target(schema);
    if (target != null) {
      found = both(found, of(target));
    }
    for (JsonTree part : list(schema, "allOf")) {
      found = both(found, of(part));
    }
    for (String keyword : List.of("anyOf", "oneOf")) {
      List<JsonTree> branches = list(schema, keyword);
      if (!branches.isEmpty()) {
        found = both(found, either(branches.stream().map(this::of).toList()));
      }
    }
    active.remove(schema);
    return found;
  }

  private static List<JsonTree> list(JsonTree schema, String keyword) {
    List<JsonTree> items = new ArrayList<>();
    JsonTree value = schema.get(keyword);
    if (value != null && value.type() == SimpleType.ARRAY) {
      for (JsonNode item : value.asArray()) {
        items.add((JsonTree) item);
      }
    }
    return items;
  }

  private Typed types(JsonTree schema) {
    JsonTree keyword = schema.get("type");
    if (keyword == null) {
      return Typed.ANY;
    }
    List<JsonTree> names =
        keyword.type() == SimpleType.ARRAY ? list(schema, "type") : List.of(keyword);
    return either(names.stream().map(name -> named(name.asString(), schema)).toList());
  }

  private Typed named(String name, JsonTree schema) {
    return switch (name) {
      case "null" -> new Typed(null, true);
      case "boolean" -> new Typed(Scalar.BOOLEAN, false);
      case "integer" -> new Typed(Scalar.INTEGER, false);
      case "number" -> new Typed(Scalar.NUMBER, false);
      case "string" -> new Typed(Scalar.TEXT, false);
      case "array" -> {
        JsonTree items = schema.get("items");
        DataType element =
            items == null || schema.get("prefixItems") != null ? Scalar.ANY : of(items).orAny();
        yield new Typed(new ListOf(element), false);
      }
      default -> new Typed(object(schema), false);
    };
  }

  /** A schema that describes members means objects, even if it lets others pass. */
  private Typed members(JsonTree schema) {
    return schema.get("type") == null && schema.get("properties") != null
        ? new Typed(object(schema), true)
        : Typed.ANY;
  }

  private ObjectOf object(JsonTree schema) {
    Map<String, JsonTree> properties = new LinkedHashMap<>();
    JsonTree described = schema.get("properties");
    if (described != null && described.type() == SimpleType.OBJECT) {
      described.asObject().forEach((name, value) -> properties.put(name, (JsonTree) value));
    }
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    properties.forEach(
        (name, value) -> {
          Typed typed = of(value);
          members.put(name, new Member(typed.orAny(), false, typed.nullable()));
        });
    for (JsonTree name : list(schema, "required")) {
      Member known = members.getOrDefault(name.asString(), new Member(Scalar.ANY, true, true));
      members.put(name.asString(), new Member(known.type(), true, known.nullable()));
    }
    JsonTree others = schema.get("additionalProperties");
    boolean closed =
        others != null
            && others.type() == SimpleType.BOOLEAN
            && !others.asBoolean()
            && schema.get("patternProperties") == null;
    return new ObjectOf(members, !closed);
  }

  /** Narrows by the values that {@code enum} and {@code const} leave. */
  private static Typed values(JsonTree schema, Typed typed) {
    Typed found = typed;
    JsonTree one = schema.get("const");
    if (one != null) {
      found = both(found, value(one));
    }
    List<JsonTree> some = list(schema, "enum");
    return some.isEmpty()
        ? found
        : both(found, either(some.stream().map(SchemaTypes::value).toList()));
  }

  private static Typed value(JsonTree value) {
    return switch (value.type()) {
      case NULL -> new Typed(null, true);
      case BOOLEAN -> new Typed(Scalar.BOOLEAN, false);
      case INTEGER -> new Typed(Scalar.INTEGER, false);
      case NUMBER -> new Typed(Scalar.NUMBER, false);
      case STRING -> new Typed(Scalar.TEXT, false);
      case ARRAY -> new Typed(new ListOf(Scalar.ANY), false);
      case OBJECT -> new Typed(Scalar.ANY, false);
    };
  }

  /** What values are that are both. */
  private static Typed both(Typed a, Typed b) {
    boolean nullable = a.nullable && b.nullable;
    if (a.type == null || b.type == null) {
      return new Typed(null, nullable);
    }
    return new Typed(both(a.type, b.type), nullable);
  }

  private static DataType both(DataType a, DataType b) {
    if (a == Scalar.ANY || a.equals(b)) {
      return b;
    }
    if (b == Scalar.ANY) {
      return a;
    }
    if (areNumbers(a, b)) {
      return Scalar.INTEGER;
    }
    if (a instanceof ListOf(DataType left) && b instanceof ListOf(DataType right)) {
      return new ListOf(both(left, right));
    }
    return a instanceof ObjectOf left && b instanceof ObjectOf right
        ? merged(left, right)
        : Scalar.ANY;
  }

  private static ObjectOf merged(ObjectOf a, ObjectOf b) {
    LinkedHashMap<String, Member> members = new LinkedHashMap<>(a.members());
    b.members()
        .forEach(
            (name, member) ->
                members.merge(
                    name,
                    member,
                    (left, right) ->
                        new Member(
                            both(left.type(), right.type()),
                            left.required() || right.required(),
                            left.nullable() && right.nullable())));
    return new ObjectOf(members, a.open() && b.open());
  }

  /** What values are that are one of these. */
  private static Typed either(List<Typed> choices) {
    boolean nullable = choices.stream().anyMatch(Typed::nullable);
    DataType type = null;
    for (Typed choice : choices) {
      if (choice.type != null) {
        type = type == null ? choice.type : either(type, choice.type);
      }
    }
    return new Typed(type, nullable);
  }

  private static DataType either(DataType a, DataType b) {
    if (a.equals(b)) {
      return a;
    }
    return areNumbers(a, b) ? Scalar.NUMBER : Scalar.ANY;
  }

  private static boolean areNumbers(DataType a, DataType b) {
    return (a == Scalar.INTEGER && b == Scalar.NUMBER)
        || (a == Scalar.NUMBER && b == Scalar.INTEGER);
  }
}
