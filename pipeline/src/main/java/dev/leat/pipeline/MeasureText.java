package dev.leat.pipeline;

import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Measures as people write them: {@code count()}, {@code quantile(data.delay, 0.95)}. */
final class MeasureText {
  private static final Pattern CALL = Pattern.compile("\\s*([A-Za-z_]+)\\s*\\(([^()]*)\\)\\s*");
  private static final List<String> NAMES =
      Arrays.stream(Function.values()).map(MeasureText::name).toList();

  private MeasureText() {}

  /**
   * Reads a measure.
   *
   * @throws IllegalArgumentException if the text is none, saying what was expected
   */
  static Measure parse(String name, String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      throw new IllegalArgumentException(
          "expected a measure such as count() or sum(data.delay), found '%s'%s"
              .formatted(
                  text, isCut(text) ? "; inside {...} a measure with a comma needs quotes" : ""));
    }
    Function function = function(call.group(1));
    String[] parts = call.group(2).isBlank() ? new String[0] : call.group(2).split(",", -1);
    if (parts.length > 2) {
      throw new IllegalArgumentException(wrong(function, text));
    }
    String path = parts.length == 0 ? null : parts[0].strip();
    Double argument = parts.length < 2 ? null : number(parts[1].strip());
    if ((path != null && !Names.isPath(path)) || (parts.length == 2 && argument == null)) {
      throw new IllegalArgumentException(wrong(function, text));
    }
    try {
      return new Measure(name, function, path, argument);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(wrong(function, text), e);
    }
  }

  static String write(Measure measure) {
    StringBuilder text = new StringBuilder(name(measure.function())).append('(');
    if (measure.path() != null) {
      text.append(measure.path());
    }
    Double argument = measure.argument();
    if (argument != null) {
      BigDecimal exact = new BigDecimal(Double.toString(argument));
      text.append(", ").append(exact.stripTrailingZeros().toPlainString());
    }
    return text.append(')').toString();
  }

  /** How a function is called. */
  static String usage(Function function) {
    return "expected "
        + switch (function) {
          case COUNT, RATE -> "%s() or %s(path)".formatted(name(function), name(function));
          case QUANTILE -> "quantile(path, q) with q from 0 to 1";
          case TOPK -> "topk(path, k) with k from 1 to " + Measure.MAX_TOPK;
          case SUM, MIN, MAX, AVG, DISTINCT, FREQUENCY, FIRST, LAST -> name(function) + "(path)";
        };
  }

  private static String wrong(Function function, String text) {
    return usage(function) + ", found '%s'".formatted(text);
  }

  private static Function function(String name) {
    for (Function function : Function.values()) {
      if (name(function).equals(name)) {
        return function;
      }
    }
    throw new IllegalArgumentException(Spelling.unknown("measure", name, NAMES));
  }

  private static String name(Function function) {
    return function.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Double number(String text) {
    return text.matches("\\d{1,9}(\\.\\d{1,17})?|\\.\\d{1,17}") ? Double.valueOf(text) : null;
  }

  /** Whether YAML took a comma within the parentheses for the end of the text. */
  private static boolean isCut(String text) {
    return text.indexOf('(') > 0 && text.indexOf(')') < 0;
  }
}
