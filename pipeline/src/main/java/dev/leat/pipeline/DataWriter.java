package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import dev.leat.event.JsonScanner;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Writes a value of an expression as JSON: without blanks, members in their order, text with no
 * more escapes than JSON demands, doubles with the fewest digits that read back as the same double.
 * Times and durations become text, as CEL's {@code string()} writes them. For one value.
 */
final class DataWriter {
  static final int MAX_DEPTH = JsonScanner.DEFAULT_MAX_DEPTH;

  /** Characters of the JSON: an expression must not make a huge event out of a small one. */
  static final int MAX_LENGTH = 16 << 20;

  private final StringBuilder out = new StringBuilder(256);

  /**
   * @throws ExpressionException if a part of the value has no JSON, or it is too deep or too long
   */
  byte[] write(Object value) throws ExpressionException {
    value(value, 0);
    return out.toString().getBytes(UTF_8);
  }

  /** As {@link #write}, of what was read from JSON. */
  static byte[] json(Map<String, ?> members) {
    try {
      return new DataWriter().write(members);
    } catch (ExpressionException impossible) {
      throw new IllegalStateException("what came out of JSON is no JSON", impossible);
    }
  }

  private void value(Object value, int depth) throws ExpressionException {
    if (depth == MAX_DEPTH && (value instanceof List || value instanceof Map)) {
      throw new ExpressionException("the value is nested deeper than %d".formatted(MAX_DEPTH));
    }
    if (out.length() > MAX_LENGTH) {
      throw new ExpressionException("the value is longer than %d characters".formatted(MAX_LENGTH));
    }
    switch (value) {
      case NullValue _ -> out.append("null");
      case Boolean truth -> out.append(truth.booleanValue());
      case Long number -> out.append(number.longValue());
      case UnsignedLong number -> out.append(number);
      case ExactNumber number -> out.append(number.text());
      case Double number -> number(number);
      case String text -> text(text);
      case Instant time -> text(time.toString());
      case Duration duration -> text(seconds(duration));
      case List<?> list -> list(list, depth);
      case Map<?, ?> map -> object(map, depth);
      default -> throw new ExpressionException("JSON has no " + ValueText.describe(value));
    }
  }

  /** As CEL writes a duration: seconds with a fraction if there is one. */
  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + "s";
  }

  private void number(double number) throws ExpressionException {
    if (!Double.isFinite(number)) {
      throw new ExpressionException("JSON has no number " + number);
    }
    out.append(number);
  }

  private void list(List<?> list, int depth) throws ExpressionException {
    out.append('[');
    String comma = "";
    for (Object element : list) {
      out.append(comma);
      value(element, depth + 1);
      comma = ",";
    }
    out.append(']');
  }

  private void object(Map<?, ?> map, int depth) throws ExpressionException {
    out.append('{');
    String comma = "";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getKey() instanceof String name)) {
        throw new ExpressionException(
            "a member has a name, not " + ValueText.describe(member.getKey()));
      }
      out.append(comma);
      text(name);
      out.append(':');
      value(member.getValue(), depth + 1);
      comma = ",";
    }
    out.append('}');
  }

  private void text(String text) throws ExpressionException {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> plain(text, i, c);
      }
    }
    out.append('"');
  }

  private void plain(String text, int at, char c) throws ExpressionException {
    if (c < ' ') {
      out.append("\\u%04x".formatted((int) c));
      return;
    }
    boolean paired =
        Character.isHighSurrogate(c)
            ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
            : !Character.isLowSurrogate(c)
                || (at > 0 && Character.isHighSurrogate(text.charAt(at - 1)));
    if (!paired) {
      throw new ExpressionException("a text was cut in the middle of a character");
    }
    out.append(c);
  }
}
