package dev.leat.pipeline;

import dev.harrel.jsonschema.SimpleType;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the part of a schema that columns can answer for into one {@link FieldRule} per field. That
 * a row is regular already says that types, required members and closed objects are as the schema
 * wants them, so only what it says about values is left.
 */
final class SchemaRules {
  /** Keywords that look at a value of any type, so that a null could break them too. */
  private static final Set<String> BRANCHING =
      Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$dynamicRef");

  /** What regular rows answer for: they have no member that is not listed. */
  private static final Set<String> DECIDED =
      Set.of("type", "properties", "required", "additionalProperties");

  private static final Set<String> OF_OBJECTS =
      Set.of(
          "minProperties",
          "maxProperties",
          "propertyNames",
          "patternProperties",
          "dependentRequired",
          "dependentSchemas",
          "unevaluatedProperties");

  private static final Set<String> OF_ARRAYS =
      Set.of(
          "items",
          "prefixItems",
          "contains",
          "minContains",
          "maxContains",
          "minItems",
          "maxItems",
          "uniqueItems",
          "unevaluatedItems");

  private final SchemaReview review;
  private final DataSchema table;
  private final List<FieldRule> rules = new ArrayList<>();
  private final Set<JsonTree> active = Collections.newSetFromMap(new IdentityHashMap<>());

  private SchemaRules(SchemaReview review, DataSchema table) {
    this.review = review;
    this.table = table;
  }

  /**
   * The rules that a regular row must pass to be valid in a table that has the schema's fields;
   * null if columns can't tell for any row.
   */
  static @Nullable List<FieldRule> of(EventSchema schema, DataSchema table) {
    SchemaRules rules = new SchemaRules(schema.review(), table);
    boolean decided = rules.object(schema.tree(), schema.type(), table.root());
    return decided ? List.copyOf(rules.rules) : null;
  }

  /** The schema that stands for this one: of a reference alone, its target; null if it is mixed. */
  private @Nullable JsonTree resolved(JsonTree schema) {
    JsonTree target = review.target(schema);
    if (target == null) {
      return schema;
    }
    boolean alone =
        schema.asObject().keySet().stream()
            .allMatch(keyword -> keyword.equals("$ref") || !saysSomething(keyword));
    return alone && target.type() == SimpleType.OBJECT ? resolved(target) : null;
  }

  private static boolean saysSomething(String keyword) {
    return BRANCHING.contains(keyword)
        || OF_OBJECTS.contains(keyword)
        || DECIDED.contains(keyword)
        || OF_ARRAYS.contains(keyword)
        || FieldRule.KEYWORDS.contains(keyword);
  }

  /** Adds the rules of an object's members; false if columns can't decide about the object. */
  private boolean object(JsonTree written, ObjectOf type, Field parent) {
    JsonTree schema = resolved(written);
    if (schema == null || !active.add(schema) || !decides(schema)) {
      return false;
    }
    JsonTree properties = schema.get("properties");
    if (properties != null) {
      for (var property : properties.asObject().entrySet()) {
        Member member = type.members().get(property.getKey());
        if (member == null
            || !member(property.getKey(), (JsonTree) property.getValue(), member, parent)) {
          return false;
        }
      }
    }
    active.remove(schema);
    return true;
  }

  private static boolean decides(JsonTree schema) {
    return schema.asObject().keySet().stream()
        .noneMatch(
            keyword ->
                BRANCHING.contains(keyword)
                    || OF_OBJECTS.contains(keyword)
                    || keyword.equals("enum")
                    || keyword.equals("const"));
  }

  private boolean member(String name, JsonTree written, Member member, Field parent) {
    Kind kind = DataType.kind(member.type());
    if (kind == null) {
      return true; // Whatever comes has no column, so the row is not regular.
    }
    Field field = table.observe(parent, name, kind);
    if (field == null) {
      return false; // Another kind than the table's, which SchemaFields would have refused.
    }
    if (member.type() instanceof ObjectOf object) {
      return object(written, object, field);
    }
    JsonTree schema = resolved(written);
    if (schema == null || (member.nullable() && isBranching(schema))) {
      return false;
    }
    boolean undecided = isBranching(schema) || (kind == Kind.JSON && saysMore(schema));
    FieldRule rule = undecided ? FieldRule.undecided(field) : FieldRule.of(field, kind, schema);
    if (rule != null) {
      rules.add(rule);
    }
    return true;
  }

  private static boolean isBranching(JsonTree schema) {
    return schema.asObject().keySet().stream().anyMatch(BRANCHING::contains);
  }

  private static boolean saysMore(JsonTree schema) {
    return schema.asObject().keySet().stream()
        .anyMatch(
            keyword ->
                OF_ARRAYS.contains(keyword) || keyword.equals("enum") || keyword.equals("const"));
  }
}
