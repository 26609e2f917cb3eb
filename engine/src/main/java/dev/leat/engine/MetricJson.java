package dev.leat.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Labels and values of metrics as JSON. For one thread. */
final class MetricJson {
  private final StringBuilder text = new StringBuilder();

  /** The value alone. */
  static String of(@Nullable Object value) {
    MetricJson json = new MetricJson();
    json.value(value);
    return json.text.toString();
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case null -> text.append("null");
      case Double number when !Double.isFinite(number) -> text.append("null");
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      case Map<?, ?> members -> object(members);
      case List<?> elements -> array(elements);
      default -> string(value.toString());
    }
  }

  private void object(Map<?, ?> members) {
    text.append('{');
    int before = text.length();
    members.forEach(
        (name, value) -> {
          text.append(text.length() > before ? "," : "");
          string(String.valueOf(name));
          text.append(':');
          value(value);
        });
    text.append('}');
  }

  private void array(List<?> elements) {
    text.append('[');
    int before = text.length();
    for (Object element : elements) {
      text.append(text.length() > before ? "," : "");
      value(element);
    }
    text.append(']');
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || (Character.isSurrogate(c) && !isPaired(value, i))) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  /** Half a surrogate has no UTF-8. */
  private static boolean isPaired(String value, int at) {
    return Character.isHighSurrogate(value.charAt(at))
        ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
  }
}
