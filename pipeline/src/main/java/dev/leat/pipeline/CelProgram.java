package dev.leat.pipeline;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.leat.event.EventCursor;
import dev.leat.event.JsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression that the library evaluates over the event as it was sent: right for every event, at
 * some microseconds each. For one thread.
 */
final class CelProgram {
  private static final int MAX_MESSAGE = 300;
  private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map\\.");
  private static final Pattern FUNCTION =
      Pattern.compile("No matching overload for function '([^']*)'");

  private final CelRuntime.Program program;
  private final EventVariables variables;

  CelProgram(CelRuntime.Program program, DataType dataType, boolean exact) {
    this.program = program;
    this.variables = new EventVariables(dataType, exact);
  }

  boolean test(EventCursor event, @Nullable Row row) throws ExpressionException {
    Object value = evaluate(event, row);
    if (value instanceof Boolean verdict) {
      return verdict;
    }
    throw new ExpressionException(
        "expected true or false, found %s".formatted(ValueText.describe(value)));
  }

  @Nullable Object value(Row row) throws ExpressionException {
    return plain(evaluate(row.event(), row));
  }

  /**
   * The value in the library's terms.
   *
   * @param row the event's row, if it has one yet: what enrichment wrote stands there
   */
  Object evaluate(EventCursor event, @Nullable Row row) throws ExpressionException {
    variables.begin(event, row);
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new ExpressionException(message(e));
    } catch (JsonException e) {
      throw new ExpressionException("the data is no JSON: " + e.getMessage());
    } catch (RuntimeException e) {
      // The library names its exceptions only in part; whatever it meets is the expression's end.
      throw new ExpressionException("it can't be evaluated: " + shortened(e.getMessage()));
    }
  }

  private static String message(CelEvaluationException e) {
    String message = String.valueOf(e.getMessage());
    int start = message.startsWith("evaluation error") ? message.indexOf(": ") + 2 : 0;
    String detail = message.substring(start);
    return switch (e.getErrorCode()) {
      case ITERATION_BUDGET_EXCEEDED ->
          "its loops take more than %,d steps".formatted(CelEnvironment.MAX_ITERATIONS);
      case ATTRIBUTE_NOT_FOUND -> {
        Matcher key = MISSING_KEY.matcher(detail);
        yield "there is no member "
            + (key.matches() ? key.group(1) : ValueText.shortened(detail, MAX_MESSAGE));
      }
      case OVERLOAD_NOT_FOUND -> {
        Matcher function = FUNCTION.matcher(detail);
        yield function.lookingAt()
            ? function.group(1).replace("_", "") + " does not go with the values here"
            : shortened(detail);
      }
      // In its own words: compiled code may throw these without a message, and then can't even tell
      // which of the two it was.
      case NUMERIC_OVERFLOW, DIVIDE_BY_ZERO -> "integer overflow or division by zero";
      default -> shortened(detail);
    };
  }

  private static String shortened(@Nullable String message) {
    return ValueText.shortened(String.valueOf(message), MAX_MESSAGE);
  }

  private static @Nullable Object plain(@Nullable Object value) throws ExpressionException {
    return switch (value) {
      case null -> null;
      case NullValue _ -> null;
      case Boolean truth -> truth;
      case Long number -> number;
      case Double number -> number;
      case String text -> text;
      case UnsignedLong number -> integer(number);
      case Instant time -> time.toString();
      case Duration duration -> DataWriter.seconds(duration);
      case List<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      default -> throw new ExpressionException("data has no " + ValueText.describe(value));
    };
  }

  private static Object integer(UnsignedLong number) throws ExpressionException {
    if (number.longValue() < 0) {
      throw new ExpressionException("%s is too large for an integer".formatted(number));
    }
    return number.longValue();
  }

  private static List<@Nullable Object> list(List<?> list) throws ExpressionException {
    List<@Nullable Object> plain = new ArrayList<>();
    for (Object element : list) {
      plain.add(plain(element));
    }
    return plain;
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> map) throws ExpressionException {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw new ExpressionException(
            "a member has a name, not " + ValueText.describe(member.getKey()));
      }
      plain.put(name, plain(member.getValue()));
    }
    return plain;
  }
}
