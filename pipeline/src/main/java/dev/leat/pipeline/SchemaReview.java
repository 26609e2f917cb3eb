package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import dev.leat.pipeline.EventSchema.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a schema for what the meta-schema does not say and the library would only show by
 * what it does with events: references that lead out of the document, nowhere or in a circle,
 * expressions that are none, bounds that are out of bounds. Knows afterwards where references lead.
 */
final class SchemaReview {
  static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  /** Keywords that hold a schema for the same value, or lists or maps of such. */
  private static final Set<String> IN_PLACE =
      Set.of("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas");

  private static final Set<String> SINGLE =
      Set.of(
          "additionalProperties",
          "propertyNames",
          "items",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "unevaluatedItems",
          "unevaluatedProperties",
          "contentSchema");

  private static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

  private static final Set<String> MAPS =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");

  private static final Set<String> SIZES =
      Set.of(
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "minContains",
          "maxContains");

  private static final BigDecimal MAX_SIZE = BigDecimal.valueOf(Integer.MAX_VALUE);

  private final JsonTree root;
  private final Map<String, JsonTree> schemas = new LinkedHashMap<>();
  private final Map<String, JsonTree> anchors = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private SchemaReview(JsonTree root) {
    this.root = root;
  }

  static SchemaReview of(JsonTree root) {
    SchemaReview review = new SchemaReview(root);
    review.schema(root);
    review.schemas.values().forEach(review::references);
    if (review.problems.isEmpty()) {
      review.circles();
    }
    return review;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** The schema that a local reference leads to; null if it leads to none. */
  @Nullable JsonTree resolve(String reference) {
    int hash = reference.indexOf('#');
    String fragment = decoded(hash < 0 ? "" : reference.substring(hash + 1));
    if (fragment == null) {
      return null;
    }
    boolean anchor = !fragment.isEmpty() && fragment.charAt(0) != '/';
    return anchor ? anchors.get(fragment) : schemas.get(fragment);
  }

  /** A fragment without its percent signs; null if they are not encoded as in a URI. */
  private static @Nullable String decoded(String fragment) {
    byte[] bytes = fragment.getBytes(UTF_8);
    int length = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte b = bytes[at];
      if (b == '%') {
        int high = at + 2 < bytes.length ? Character.digit(bytes[at + 1], 16) : -1;
        int low = at + 2 < bytes.length ? Character.digit(bytes[at + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        b = (byte) (high * 16 + low);
        at += 2;
      }
      bytes[length++] = b;
    }
    return new String(bytes, 0, length, UTF_8);
  }

  /** The target of the keyword {@code $ref} of a schema without problems; null if it has none. */
  @Nullable JsonTree target(JsonTree schema) {
    String reference = text(schema, "$ref");
    return reference == null ? null : resolve(reference);
  }

  private void problem(JsonTree at, String keyword, String message) {
    problems.add(new Problem(at.getJsonPointer() + "/" + keyword, message));
  }

  private static @Nullable String text(JsonTree schema, String keyword) {
    JsonTree value = schema.get(keyword);
    return value != null && value.type() == SimpleType.STRING ? value.asString() : null;
  }

  private void schema(JsonTree schema) {
    schemas.put(schema.getJsonPointer(), schema);
    if (schema.type() != SimpleType.OBJECT) {
      return;
    }
    for (String keyword : List.of("$anchor", "$dynamicAnchor")) {
      String anchor = text(schema, keyword);
      if (anchor != null && anchors.put(anchor, schema) != null) {
        problem(schema, keyword, "the anchor '%s' is there twice".formatted(anchor));
      }
    }
    if (!schema.getJsonPointer().isEmpty() && schema.get("$id") != null) {
      problem(schema, "$id", "a schema inside another can't have an $id; give it an $anchor");
    }
    String dialect = text(schema, "$schema");
    if (dialect != null && !dialect.equals(DIALECT) && !dialect.equals(DIALECT + "#")) {
      problem(schema, "$schema", "only %s is understood, not %s".formatted(DIALECT, dialect));
    }
    schema.asObject().forEach((keyword, value) -> keyword(schema, keyword, (JsonTree) value));
  }

  private void keyword(JsonTree schema, String keyword, JsonTree value) {
    if (keyword.equals("pattern") && value.type() == SimpleType.STRING) {
      pattern(schema, keyword, value.asString());
    } else if (keyword.equals("patternProperties") && value.type() == SimpleType.OBJECT) {
      value.asObject().keySet().forEach(pattern -> pattern(value, pattern, pattern));
      if (value.asObject().values().stream().anyMatch(s -> s.getJsonPointer().contains("#"))) {
        problem(schema, keyword, "a '#' in a name here is not supported; write \\x23 for it");
      }
    } else if (SIZES.contains(keyword)
        && value.type() == SimpleType.INTEGER
        && value.asNumber().compareTo(MAX_SIZE) > 0) {
      problem(schema, keyword, "at most " + MAX_SIZE);
    }
    subschemas(keyword, value).forEach(this::schema);
  }

  private void pattern(JsonTree at, String keyword, String expression) {
    try {
      SchemaPattern.of(expression);
    } catch (PatternSyntaxException notOne) {
      problem(at, keyword, "no regular expression: " + notOne.getDescription());
    }
  }

  /** The schemas that a keyword with this value holds. */
  private static List<JsonTree> subschemas(String keyword, JsonTree value) {
    List<JsonTree> found = new ArrayList<>();
    if (SINGLE.contains(keyword)) {
      found.add(value);
    } else if (LISTS.contains(keyword) && value.type() == SimpleType.ARRAY) {
      for (JsonNode item : value.asArray()) {
        found.add((JsonTree) item);
      }
    } else if (MAPS.contains(keyword) && value.type() == SimpleType.OBJECT) {
      for (JsonNode member : value.asObject().values()) {
        found.add((JsonTree) member);
      }
    }
    return found;
  }

  private void references(JsonTree schema) {
    for (String keyword : List.of("$ref", "$dynamicRef")) {
      String reference = text(schema, keyword);
      if (reference != null && !isLocal(reference)) {
        problem(
            schema,
            keyword,
            "%s is another document; only references inside the schema are followed"
                .formatted(reference));
      } else if (reference != null && reference.indexOf('+') > reference.indexOf('#')) {
        problem(schema, keyword, "write %%2B for the + in %s".formatted(reference));
      } else if (reference != null && resolve(reference) == null) {
        problem(schema, keyword, "there is no schema at " + reference);
      }
    }
  }

  private boolean isLocal(String reference) {
    int hash = reference.indexOf('#');
    String document = hash < 0 ? reference : reference.substring(0, hash);
    String id = text(root, "$id");
    return document.isEmpty() || document.equals(id) || (document + "#").equals(id);
  }

  /** A schema that leads back to itself for the same value would never come to an end. */
  private void circles() {
    IdentityHashMap<JsonTree, Boolean> done = new IdentityHashMap<>();
    for (JsonTree schema : schemas.values()) {
      if (leadsBack(schema, done)) {
        problems.add(new Problem(schema.getJsonPointer(), "refers to itself without end"));
        return;
      }
    }
  }

  /** {@code done} has false for schemas on the way here, true for those that come to an end. */
  private boolean leadsBack(JsonTree schema, IdentityHashMap<JsonTree, Boolean> done) {
    Boolean known = done.putIfAbsent(schema, false);
    if (known != null) {
      return !known;
    }
    if (schema.type() == SimpleType.OBJECT) {
      for (String keyword : List.of("$ref", "$dynamicRef")) {
        String reference = text(schema, keyword);
        JsonTree target = reference == null ? null : resolve(reference);
        if (target != null && leadsBack(target, done)) {
          return true;
        }
      }
      for (Map.Entry<String, JsonNode> entry : schema.asObject().entrySet()) {
        if (IN_PLACE.contains(entry.getKey())) {
          for (JsonTree inner : subschemas(entry.getKey(), (JsonTree) entry.getValue())) {
            if (leadsBack(inner, done)) {
              return true;
            }
          }
        }
      }
    }
    done.put(schema, true);
    return false;
  }
}
