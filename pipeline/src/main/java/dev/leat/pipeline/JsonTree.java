package dev.leat.pipeline;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value in memory, as the schema library wants to see it. Members are in the order of the
 * document. Equal are values that JSON Schema calls equal: {@code 1} and {@code 1.0}, objects in
 * any order. For one thread if it counts {@link Steps}, else immutable but for remembering its
 * pointer, which is the same whoever makes it.
 */
final class JsonTree implements JsonNode {
  private static final int MAX_PLAIN_SCALE = 20;

  /** It is asked for where something is to be said about a value, which costs more than looking. */
  private static final int STEPS_PER_POINTER = 8;

  private static final int POINTER_BYTES_PER_STEP = 8;

  private final @Nullable JsonTree parent;
  private final String key;
  private final SimpleType type;
  private final @Nullable Object value;
  private final @Nullable Steps steps;
  private @Nullable String pointer;

  /**
   * @param value null, Boolean, String, BigDecimal without trailing zeros, or a List or Map of
   *     JsonTree that {@link JsonTreeReader} is about to fill
   */
  JsonTree(@Nullable JsonTree parent, String key, @Nullable Object value, @Nullable Steps steps) {
    this.parent = parent;
    this.key = key;
    this.value = value;
    this.steps = steps;
    this.type =
        switch (value) {
          case null -> SimpleType.NULL;
          case Boolean _ -> SimpleType.BOOLEAN;
          case String _ -> SimpleType.STRING;
          case BigDecimal number when number.scale() <= 0 -> SimpleType.INTEGER;
          case BigDecimal _ -> SimpleType.NUMBER;
          case List<?> _ -> SimpleType.ARRAY;
          case Map<?, ?> _ -> SimpleType.OBJECT;
          default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        };
  }

  @Nullable Steps steps() {
    return steps;
  }

  /** The member of an object; null if there is none or this is no object. */
  @Nullable JsonTree get(String name) {
    return value instanceof Map<?, ?> members ? (JsonTree) members.get(name) : null;
  }

  /** The value a pointer leads to, which may come from another document; null if none. */
  @Nullable JsonTree at(String path) {
    JsonTree at = this;
    for (int from = 0; from < path.length() && at != null; ) {
      int end = path.indexOf('/', from + 1);
      int to = end < 0 ? path.length() : end;
      String step = path.substring(from + 1, to).replace("~1", "/").replace("~0", "~");
      at = at.isArray() ? at.item(step) : at.get(step);
      from = to;
    }
    return at;
  }

  private @Nullable JsonTree item(String step) {
    boolean index =
        !step.isEmpty() && step.length() < 9 && step.chars().allMatch(Character::isDigit);
    List<JsonNode> items = asArray();
    return index && Integer.parseInt(step) < items.size()
        ? (JsonTree) items.get(Integer.parseInt(step))
        : null;
  }

  @Override
  public String getJsonPointer() {
    if (steps != null) {
      steps.take(STEPS_PER_POINTER);
    }
    String known = pointer;
    if (known == null) {
      known =
          parent == null
              ? ""
              : parent.getJsonPointer() + '/' + key.replace("~", "~0").replace("/", "~1");
      pointer = known;
      if (steps != null) {
        steps.take(known.length() / POINTER_BYTES_PER_STEP);
      }
    }
    return known;
  }

  /** Every keyword asks for it, which makes it the place to count what a schema costs. */
  @Override
  public SimpleType getNodeType() {
    if (steps != null) {
      steps.take(1);
    }
    return type;
  }

  /** Like {@link #getNodeType}, for free. */
  SimpleType type() {
    return type;
  }

  @Override
  public boolean asBoolean() {
    return (Boolean) Objects.requireNonNull(value);
  }

  @Override
  public String asString() {
    if (value instanceof BigDecimal number) {
      return Math.abs(number.scale()) < MAX_PLAIN_SCALE
          ? number.toPlainString()
          : number.toString();
    }
    return String.valueOf(value);
  }

  @Override
  public BigInteger asInteger() {
    return asNumber().toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    return (BigDecimal) Objects.requireNonNull(value);
  }

  @Override
  @SuppressWarnings("unchecked")
  public List<JsonNode> asArray() {
    return (List<JsonNode>) Objects.requireNonNull(value);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Map<String, JsonNode> asObject() {
    return (Map<String, JsonNode>) Objects.requireNonNull(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (steps != null) {
      steps.take(1);
    }
    return other instanceof JsonTree tree && Objects.equals(value, tree.value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  @Override
  public String toString() {
    return type.getName() + " at " + getJsonPointer();
  }
}
