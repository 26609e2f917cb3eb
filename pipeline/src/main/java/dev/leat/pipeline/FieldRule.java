package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SimpleType;
import dev.leat.event.Column;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about the values of one field, asked of its column. It answers yes only where
 * that is certain; a row without the value passes. Immutable.
 */
abstract sealed class FieldRule {
  /** The keywords that look at scalars. */
  static final Set<String> KEYWORDS =
      Set.of(
          "enum",
          "const",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern");

  private static final BigDecimal SMALLEST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final Field field;

  private FieldRule(Field field) {
    this.field = field;
  }

  /** Whether the present row of the chunk is certain to keep the rule. */
  final boolean holds(RowChunk chunk) {
    Column column = chunk.columnIfAny(field);
    int row = chunk.rows();
    return column == null || !column.isPresent(row) || holds(column, row);
  }

  abstract boolean holds(Column column, int row);

  /**
   * The rule for a field of scalars, or of arrays that may be anything; null if all values pass.
   */
  static @Nullable FieldRule of(Field field, Kind kind, JsonTree schema) {
    return switch (kind) {
      case LONG -> ofIntegers(field, schema);
      case DOUBLE -> ofNumbers(field, schema);
      case TEXT -> ofTexts(field, schema);
      case BOOLEAN -> hasAny(schema, "enum", "const") ? undecided(field) : null;
      case JSON, OBJECT -> null;
    };
  }

  /** The rule for values that only the library can judge. */
  static FieldRule undecided(Field field) {
    return new Undecided(field);
  }

  private static boolean hasAny(JsonTree schema, String... keywords) {
    return Arrays.stream(keywords).anyMatch(keyword -> schema.get(keyword) != null);
  }

  private static @Nullable FieldRule ofIntegers(Field field, JsonTree schema) {
    if (hasAny(schema, "multipleOf")) {
      return undecided(field);
    }
    BigDecimal min = SMALLEST;
    BigDecimal max = LARGEST;
    JsonTree bound = schema.get("minimum");
    if (bound != null) {
      min = min.max(bound.asNumber().setScale(0, RoundingMode.CEILING));
    }
    bound = schema.get("exclusiveMinimum");
    if (bound != null) {
      min = min.max(bound.asNumber().setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
    }
    bound = schema.get("maximum");
    if (bound != null) {
      max = max.min(bound.asNumber().setScale(0, RoundingMode.FLOOR));
    }
    bound = schema.get("exclusiveMaximum");
    if (bound != null) {
      max = max.min(bound.asNumber().setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE));
    }
    if (min.compareTo(LARGEST) > 0 || max.compareTo(SMALLEST) < 0) {
      return undecided(field);
    }
    List<JsonTree> choices = choices(schema);
    boolean free = min.compareTo(SMALLEST) == 0 && max.compareTo(LARGEST) == 0 && choices == null;
    return free
        ? null
        : new Integers(
            field,
            min.longValueExact(),
            max.longValueExact(),
            choices == null ? null : integers(choices));
  }

  private static @Nullable FieldRule ofNumbers(Field field, JsonTree schema) {
    if (hasAny(schema, "multipleOf", "enum", "const")) {
      return undecided(field);
    }
    Bound lower = Bound.of(schema, "minimum", "exclusiveMinimum");
    Bound upper = Bound.of(schema, "maximum", "exclusiveMaximum");
    return lower == null && upper == null ? null : new Fractions(field, lower, upper);
  }

  private static @Nullable FieldRule ofTexts(Field field, JsonTree schema) {
    if (hasAny(schema, "pattern")) {
      return undecided(field);
    }
    JsonTree shortest = schema.get("minLength");
    JsonTree longest = schema.get("maxLength");
    List<JsonTree> choices = choices(schema);
    if (shortest == null && longest == null && choices == null) {
      return null;
    }
    return new Texts(
        field,
        shortest == null ? 0 : shortest.asInteger().intValueExact(),
        longest == null ? Integer.MAX_VALUE : longest.asInteger().intValueExact(),
        choices == null ? null : texts(choices));
  }

  /** The values that {@code enum} and {@code const} leave; null if neither is there. */
  private static @Nullable List<JsonTree> choices(JsonTree schema) {
    JsonTree some = schema.get("enum");
    JsonTree one = schema.get("const");
    if (some == null) {
      return one == null ? null : List.of(one);
    }
    List<JsonTree> choices = new ArrayList<>();
    for (JsonNode choice : some.asArray()) {
      if (one == null || one.equals(choice)) {
        choices.add((JsonTree) choice);
      }
    }
    return choices;
  }

  private static long[] integers(List<JsonTree> choices) {
    return choices.stream()
        .filter(choice -> choice.type() == SimpleType.INTEGER)
        .filter(choice -> choice.asInteger().bitLength() < Long.SIZE)
        .mapToLong(choice -> choice.asInteger().longValueExact())
        .toArray();
  }

  private static byte[][] texts(List<JsonTree> choices) {
    return choices.stream()
        .filter(choice -> choice.type() == SimpleType.STRING)
        .map(choice -> choice.asString().getBytes(UTF_8))
        .toArray(byte[][]::new);
  }

  private static final class Undecided extends FieldRule {
    Undecided(Field field) {
      super(field);
    }

    @Override
    boolean holds(Column column, int row) {
      return false;
    }
  }

  /** Of an integer field, whose column takes fractions if another schema wants them. */
  private static final class Integers extends FieldRule {
    private final long min;
    private final long max;
    private final long @Nullable [] allowed;

    Integers(Field field, long min, long max, long @Nullable [] allowed) {
      super(field);
      this.min = min;
      this.max = max;
      this.allowed = allowed;
    }

    @Override
    boolean holds(Column column, int row) {
      long value =
          column instanceof Column.Longs longs
              ? longs.get(row)
              : (long) ((Column.Doubles) column).get(row);
      return value >= min && value <= max && (allowed == null || isAllowed(allowed, value));
    }

    private static boolean isAllowed(long[] allowed, long value) {
      for (long choice : allowed) {
        if (choice == value) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * A bound for fractions. A column has the double next to what was sent, so on a value that equals
   * the bound's double it can't say on which side the number sent was; but of zero it can, because
   * a regular row has no zero that was something else.
   */
  private record Bound(double value, boolean inclusive) {
    static @Nullable Bound of(JsonTree schema, String inclusive, String exclusive) {
      JsonTree with = schema.get(inclusive);
      JsonTree without = schema.get(exclusive);
      if (with != null && without != null) {
        BigDecimal a = with.asNumber();
        BigDecimal b = without.asNumber();
        boolean lower = inclusive.equals("minimum");
        boolean first = lower ? a.compareTo(b) > 0 : a.compareTo(b) < 0;
        return first
            ? new Bound(a.doubleValue(), a.signum() == 0)
            : new Bound(b.doubleValue(), false);
      }
      if (with != null) {
        return new Bound(with.asNumber().doubleValue(), with.asNumber().signum() == 0);
      }
      return without == null ? null : new Bound(without.asNumber().doubleValue(), false);
    }

    boolean isAtMost(double number) {
      return value < number || (inclusive && value == number);
    }

    boolean isAtLeast(double number) {
      return value > number || (inclusive && value == number);
    }
  }

  private static final class Fractions extends FieldRule {
    private final @Nullable Bound lower;
    private final @Nullable Bound upper;

    Fractions(Field field, @Nullable Bound lower, @Nullable Bound upper) {
      super(field);
      this.lower = lower;
      this.upper = upper;
    }

    @Override
    boolean holds(Column column, int row) {
      double value =
          column instanceof Column.Longs longs
              ? (double) longs.get(row)
              : ((Column.Doubles) column).get(row);
      return (lower == null || lower.isAtMost(value)) && (upper == null || upper.isAtLeast(value));
    }
  }

  /** Lengths are counted in characters of Unicode, of which each has one byte that starts it. */
  private static final class Texts extends FieldRule {
    private final int shortest;
    private final int longest;
    private final byte @Nullable [][] allowed;

    Texts(Field field, int shortest, int longest, byte @Nullable [][] allowed) {
      super(field);
      this.shortest = shortest;
      this.longest = longest;
      this.allowed = allowed;
    }

    @Override
    boolean holds(Column column, int row) {
      Column.Bytes texts = (Column.Bytes) column;
      return hasLength(texts, row) && (allowed == null || isAllowed(allowed, texts, row));
    }

    private boolean hasLength(Column.Bytes texts, int row) {
      int bytes = texts.length(row);
      if (bytes < shortest) {
        return false;
      }
      if (shortest == 0 && bytes <= longest) {
        return true;
      }
      int from = texts.from(row);
      byte[] values = texts.values();
      int characters = 0;
      for (int at = from; at < from + bytes; at++) {
        characters += (values[at] & 0xC0) == 0x80 ? 0 : 1;
      }
      return characters >= shortest && characters <= longest;
    }

    private static boolean isAllowed(byte[][] allowed, Column.Bytes texts, int row) {
      int from = texts.from(row);
      int end = from + texts.length(row);
      for (byte[] choice : allowed) {
        if (choice.length == end - from
            && Arrays.equals(choice, 0, choice.length, texts.values(), from, end)) {
          return true;
        }
      }
      return false;
    }
  }
}
