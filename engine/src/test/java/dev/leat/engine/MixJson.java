package dev.leat.engine;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a test understands it, slow and plain: objects are maps, arrays are lists, then String,
 * Boolean, {@link Num} and {@link #NULL}.
 */
final class MixJson {
  static final Object NULL = Nothing.NULL;

  private final String text;
  private int at;

  private enum Nothing {
    NULL
  }

  /** A number as it was written. */
  record Num(String text) {
    BigDecimal value() {
      return new BigDecimal(text);
    }

    /** Written without fraction and exponent. */
    boolean plain() {
      return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
    }

    boolean whole() {
      return value().stripTrailingZeros().scale() <= 0;
    }

    boolean fitsLong() {
      return whole()
          && value().compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0
          && value().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    }
  }

  private MixJson(String text) {
    this.text = text;
  }

  static String write(Object value) {
    StringBuilder into = new StringBuilder();
    write(value, null, into);
    return into.toString();
  }

  /** With blanks and escapes where they please. */
  static String write(Object value, RandomGenerator chance) {
    StringBuilder into = new StringBuilder();
    write(value, chance, into);
    return into.toString();
  }

  private static void write(Object value, @Nullable RandomGenerator chance, StringBuilder into) {
    blank(chance, into);
    switch (value) {
      case Map<?, ?> object -> {
        into.append('{');
        String comma = "";
        for (Map.Entry<?, ?> member : object.entrySet()) {
          into.append(comma);
          blank(chance, into);
          text((String) member.getKey(), chance, into);
          blank(chance, into);
          into.append(':');
          write(member.getValue(), chance, into);
          comma = ",";
        }
        into.append('}');
      }
      case List<?> array -> {
        into.append('[');
        String comma = "";
        for (Object each : array) {
          into.append(comma);
          write(each, chance, into);
          comma = ",";
        }
        into.append(']');
      }
      case String text -> text(text, chance, into);
      case Num number -> into.append(number.text());
      case Boolean truth -> into.append(truth);
      default -> into.append("null");
    }
    blank(chance, into);
  }

  private static void blank(@Nullable RandomGenerator chance, StringBuilder into) {
    if (chance != null && chance.nextInt(12) == 0) {
      into.append(" \n\t\r".charAt(chance.nextInt(4)));
    }
  }

  private static void text(String text, @Nullable RandomGenerator chance, StringBuilder into) {
    into.append('"');
    for (int point : text.codePoints().toArray()) {
      if (point < ' ' || (chance != null && chance.nextInt(15) == 0)) {
        for (char half : Character.toChars(point)) {
          into.append("\\u%04x".formatted((int) half));
        }
      } else {
        into.append(point == '"' || point == '\\' ? "\\" : "").appendCodePoint(point);
      }
    }
    into.append('"');
  }

  static Object parse(String text) {
    MixJson json = new MixJson(text);
    Object value = json.value();
    json.blanks();
    if (json.at != text.length()) {
      throw new IllegalArgumentException("more after the value: " + text);
    }
    return value;
  }

  private char blanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private Object value() {
    return switch (blanks()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Object word(String word, Object value) {
    at += word.length();
    return value;
  }

  private Object number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return new Num(text.substring(from, at));
  }

  private Object array() {
    List<Object> array = new ArrayList<>();
    at++;
    while (blanks() != ']') {
      array.add(value());
      if (blanks() == ',') {
        at++;
      }
    }
    at++;
    return array;
  }

  private Object object() {
    Map<String, Object> object = new LinkedHashMap<>();
    at++;
    while (blanks() != '}') {
      String name = string();
      blanks();
      at++;
      object.putIfAbsent(name, value());
      if (blanks() == ',') {
        at++;
      }
    }
    at++;
    return object;
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c == '\\') {
        c = text.charAt(++at);
        if (c == 'u') {
          c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
          at += 4;
        } else {
          int known = "bfnrt".indexOf(c);
          c = known < 0 ? c : "\b\f\n\r\t".charAt(known);
        }
      }
      string.append(c);
    }
    at++;
    return string.toString();
  }

  /**
   * What of a value has to be found in a row: nulls are nowhere, and so are objects that have
   * nothing else; an empty object is kept. Null if it is nothing at all.
   */
  static @Nullable Object kept(Object value) {
    if (NULL.equals(value)) {
      return null;
    }
    if (!(value instanceof Map<?, ?> object) || object.isEmpty()) {
      return value;
    }
    Map<String, Object> kept = new LinkedHashMap<>();
    object.forEach(
        (name, member) -> {
          Object left = kept(member);
          if (left != null) {
            kept.put((String) name, left);
          }
        });
    return kept.isEmpty() ? null : kept;
  }

  /** Whether two values say the same; numbers as far as a double tells them apart. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Num a && other instanceof Num b) {
      return a.value().compareTo(b.value()) == 0
          || a.value().doubleValue() == b.value().doubleValue();
    }
    if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      return a.keySet().equals(b.keySet())
          && a.keySet().stream().allMatch(name -> same(a.get(name), b.get(name)));
    }
    if (one instanceof List<?> a && other instanceof List<?> b) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++) {
        same = same(a.get(i), b.get(i));
      }
      return same;
    }
    return one == null ? other == null : one.equals(other);
  }
}
