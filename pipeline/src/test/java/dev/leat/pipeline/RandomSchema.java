package dev.leat.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws a schema and data that mostly keep it. Bounds of fractions lie where no data does. */
final class RandomSchema {
  private static final String NAMES = "abcde";

  private final RandomGenerator chance;
  private final boolean simple;
  private final Map<String, Object> schema;
  private int followed;

  /**
   * @param simple whether only what columns can decide is drawn
   */
  RandomSchema(RandomGenerator chance, boolean simple) {
    this.chance = chance;
    this.simple = simple;
    this.schema = object(0);
    if (!simple) {
      Map<String, Object> text = Map.of("type", "string", "pattern", "^[xy]+$");
      schema.put("$defs", Map.of("d", text, "e", object(1)));
    }
  }

  String text() {
    return json(schema);
  }

  String data() {
    followed = 0;
    return json(member(schema));
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (depth > 0 || chance.nextBoolean()) {
      object.put("type", type("object", depth > 0));
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (int i = 0; i < NAMES.length(); i++) {
      String name = NAMES.substring(i, i + 1);
      if (chance.nextInt(3) > 0) {
        properties.put(name, depth < 2 && chance.nextInt(5) == 0 ? object(depth + 1) : leaf());
      }
      if (chance.nextInt(properties.containsKey(name) ? 2 : 12) == 0) {
        required.add(name);
      }
    }
    object.put("properties", properties);
    object.put("required", required);
    if (chance.nextInt(3) == 0) {
      object.put("additionalProperties", chance.nextInt(4) == 0 ? leaf() : (Object) false);
    }
    if (!simple && chance.nextInt(4) == 0) {
      switch (chance.nextInt(5)) {
        case 0 -> object.put("minProperties", chance.nextInt(4));
        case 1 -> object.put("patternProperties", Map.of("^[ab]$", leaf()));
        case 2 -> object.put("allOf", List.of(Map.of("required", List.of("a"))));
        case 3 -> object.put("if", Map.of("required", List.of("a")));
        default -> object.put("not", Map.of("required", List.of("e")));
      }
    }
    return object;
  }

  private Object type(String name, boolean orNull) {
    return orNull && chance.nextInt(3) == 0 ? List.of(name, "null") : (Object) name;
  }

  private Map<String, Object> leaf() {
    Map<String, Object> leaf = new LinkedHashMap<>();
    switch (chance.nextInt(simple ? 7 : 12)) {
      case 0, 1 -> {
        leaf.put("type", type("integer", true));
        bounds(leaf, 0);
        if (chance.nextInt(4) == 0) {
          leaf.put("enum", List.of(1, 3.0, "x"));
        }
      }
      case 2 -> {
        leaf.put("type", type("number", true));
        bounds(leaf, 0.35);
      }
      case 3 -> {
        leaf.put("type", type("string", true));
        leaf.put("minLength", chance.nextInt(3));
        leaf.put("maxLength", chance.nextInt(5));
      }
      case 4 -> leaf.put("type", type("boolean", true));
      case 5 -> leaf.put("type", type("array", true));
      case 6 -> leaf.put("enum", chance.nextBoolean() ? List.of("x", "yy") : List.of("x", "yy", 5));
      case 7 -> {
        leaf.put("type", type("string", true));
        leaf.put("pattern", "^[xy]+$");
      }
      case 8 -> leaf.put("anyOf", List.of(Map.of("type", "string"), Map.of("type", "null")));
      case 9 -> leaf.put("$ref", "#/$defs/" + "de".charAt(chance.nextInt(2)));
      case 10 -> {
        leaf.put("type", type("array", true));
        leaf.put("items", Map.of("type", "integer"));
      }
      default -> {
        leaf.put("type", List.of("integer", "string", "null"));
        leaf.put("multipleOf", 2);
        leaf.put("not", Map.of("const", 4));
      }
    }
    return leaf;
  }

  private void bounds(Map<String, Object> leaf, double fraction) {
    if (chance.nextBoolean()) {
      Number low = fraction == 0 ? (Number) chance.nextInt(4) : chance.nextInt(4) + fraction;
      leaf.put(chance.nextBoolean() ? "minimum" : "exclusiveMinimum", low);
    }
    if (chance.nextBoolean()) {
      Number high =
          fraction == 0 ? (Number) (3 + chance.nextInt(4)) : 3 + chance.nextInt(4) + fraction;
      leaf.put(chance.nextBoolean() ? "maximum" : "exclusiveMaximum", high);
    }
  }

  /** A value for a schema; one in sixteen is anything. */
  private @Nullable Object member(Map<?, ?> of) {
    if (chance.nextInt(16) == 0 || followed > 5) {
      return anything(0);
    }
    if (of.get("$ref") instanceof String reference) {
      followed++;
      Map<?, ?> definitions = (Map<?, ?>) schema.get("$defs");
      return member((Map<?, ?>) definitions.get(reference.substring("#/$defs/".length())));
    }
    Object type =
        of.get("type") instanceof List<?> types
            ? types.get(chance.nextInt(types.size()))
            : of.get("type");
    if (of.get("properties") instanceof Map<?, ?> properties && !"null".equals(type)) {
      Map<String, Object> object = new LinkedHashMap<>();
      List<?> required = (List<?>) of.get("required");
      properties.forEach(
          (name, value) -> {
            if (required.contains(name) || chance.nextInt(3) > 0) {
              object.put((String) name, member((Map<?, ?>) value));
            }
          });
      if (chance.nextInt(12) == 0) {
        object.put(NAMES.charAt(chance.nextInt(5)) + "", anything(0));
      }
      return object;
    }
    if (of.get("enum") instanceof List<?> values) {
      return values.get(chance.nextInt(values.size()));
    }
    return switch (String.valueOf(type)) {
      case "integer" ->
          chance.nextInt(8) == 0 ? (Object) (chance.nextInt(8) * 1.0) : chance.nextInt(8);
      case "number" ->
          chance.nextBoolean() ? (Object) (chance.nextInt(32) * 0.25) : chance.nextInt(8);
      case "boolean" -> chance.nextBoolean();
      case "array" -> List.of(1, chance.nextInt(3), 2);
      case "object" -> Map.of("a", 1);
      case "null" -> null;
      default ->
          "x\u00e9y\ud83d\ude00".substring(0, chance.nextInt(4)) + "y".repeat(chance.nextInt(2));
    };
  }

  private @Nullable Object anything(int depth) {
    return switch (chance.nextInt(depth > 2 ? 7 : 9)) {
      case 0 -> null;
      case 1 -> chance.nextInt(10);
      case 2 -> 1.5;
      case 3 -> "text";
      case 4 -> true;
      case 5 -> 9_007_199_254_740_993L;
      case 6 -> -0.0;
      case 7 -> List.of("in a list", 1);
      default -> {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = chance.nextInt(3); i > 0; i--) {
          object.put(NAMES.charAt(chance.nextInt(5)) + "", anything(depth + 1));
        }
        yield object;
      }
    };
  }

  private static String json(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        List<String> members = new ArrayList<>();
        map.forEach((name, member) -> members.add("\"" + name + "\":" + json(member)));
        yield "{" + String.join(",", members) + "}";
      }
      case List<?> list ->
          "[" + String.join(",", list.stream().map(RandomSchema::json).toList()) + "]";
      case String text -> "\"" + text.replace("\\", "\\\\") + "\"";
      case null, default -> String.valueOf(value);
    };
  }
}
