package dev.leat.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** YAML under construction: blocks of keys, indented by two. For one thread. */
final class YamlText {
  /** Text that needs no quotes; what it leaves out that needs none either gets some. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

  private static final Set<String> OTHER_THAN_TEXT =
      Set.of("null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE");

  private final StringBuilder out = new StringBuilder();
  private String indent = "";

  /** Whether the next key stands behind the dash of a list. */
  private boolean first;

  /** Begins a mapping under a key; {@link #end} ends it. */
  YamlText map(String key) {
    key(key).append('\n');
    indent += "  ";
    return this;
  }

  YamlText end() {
    indent = indent.substring(2);
    return this;
  }

  /** A list of mappings, each of which the consumer writes. */
  <T> YamlText list(String key, List<T> elements, Consumer<T> write) {
    if (elements.isEmpty()) {
      return raw(key, "[]");
    }
    map(key);
    for (T element : elements) {
      indent += "  ";
      first = true;
      write.accept(element);
      end();
    }
    return end();
  }

  /** A value that is YAML already. */
  YamlText raw(String key, String yaml) {
    key(key).append(' ').append(yaml).append('\n');
    return this;
  }

  /** Text, or null. */
  YamlText text(String key, @Nullable String text) {
    return raw(key, text == null ? "null" : scalar(text));
  }

  YamlText quoted(String key, String text) {
    return raw(key, quoted(text));
  }

  YamlText duration(String key, @Nullable Duration duration) {
    return raw(key, duration == null ? "null" : Quantities.duration(duration));
  }

  YamlText texts(String key, List<?> texts) {
    List<String> scalars = texts.stream().map(text -> scalar(text.toString())).toList();
    return raw(key, "[" + String.join(", ", scalars) + "]");
  }

  /** Settings as {@link Settings#copy} makes them. */
  YamlText settings(Map<String, Object> settings) {
    settings.forEach(
        (key, value) -> {
          switch (value) {
            case String text -> text(key, text);
            case List<?> texts -> texts(key, texts);
            default -> raw(key, value.toString());
          }
        });
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private StringBuilder key(String key) {
    out.append(indent);
    if (first) {
      out.setLength(out.length() - 2);
      out.append("- ");
      first = false;
    }
    return out.append(scalar(key)).append(':');
  }

  private static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !OTHER_THAN_TEXT.contains(text) ? text : quoted(text);
  }

  /** Text as a double-quoted scalar on one line. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder().append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (isPrintable(text, i)) {
            quoted.append(c);
          } else {
            quoted.append("\\u%04x".formatted((int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** Whether a character, or the half of one, may stand in YAML and is not a line end there. */
  private static boolean isPrintable(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    boolean lineEnd = c == '\u2028' || c == '\u2029';
    return (c >= ' ' && c < 0x7F) || (c >= 0xA0 && c < 0xFFFE && c != 0xFEFF && !lineEnd);
  }
}
