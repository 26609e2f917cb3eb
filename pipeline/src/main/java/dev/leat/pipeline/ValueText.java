package dev.leat.pipeline;

import dev.cel.common.values.NullValue;
import java.util.List;
import java.util.Map;

/** Says in messages what a value is, shortly. */
final class ValueText {
  private static final int MAX_LENGTH = 60;

  private ValueText() {}

  static String describe(Object value) {
    return switch (value) {
      case NullValue _ -> "null";
      case String text -> "the text '%s'".formatted(shortened(text, MAX_LENGTH));
      case Boolean truth -> truth.toString();
      case Number number -> "the number " + number;
      case ExactNumber number -> "the number " + shortened(number.text(), MAX_LENGTH);
      case List<?> list -> "a list of " + list.size();
      case Map<?, ?> _ -> "an object";
      default -> "a value of the type " + value.getClass().getSimpleName();
    };
  }

  static String shortened(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int cut = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, cut) + "...";
  }
}
