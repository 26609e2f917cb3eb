package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain Java values, for the few small documents the store deals with: maps, lists,
 * strings, longs, doubles, booleans and null.
 */
final class Json {
  private static final String HEX = "0123456789abcdef";

  private final byte[] bytes;
  private final JsonScanner scanner;

  private Json(byte[] bytes, int maxDepth) {
    this.bytes = bytes;
    this.scanner = new JsonScanner(maxDepth);
    scanner.reset(bytes, 0, bytes.length);
  }

  /**
   * The document's value.
   *
   * @throws dev.leat.event.JsonException if the bytes are no JSON, or nested deeper than {@code
   *     maxDepth}
   */
  static @Nullable Object parse(byte[] bytes, int maxDepth) {
    Json json = new Json(bytes, maxDepth);
    Object value = json.value(json.scanner.next());
    Token end = json.scanner.next();
    if (end != Token.END) {
      throw new IllegalStateException("%s after the document".formatted(end));
    }
    return value;
  }

  private @Nullable Object value(Token token) {
    return switch (token) {
      case OBJECT_START -> object();
      case ARRAY_START -> array();
      case STRING -> text();
      case INTEGER ->
          scanner.fitsLong() ? (Object) scanner.longValue() : (Object) scanner.doubleValue();
      case DECIMAL -> scanner.doubleValue();
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> null;
      case OBJECT_END, ARRAY_END, NAME, END ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (Token token = scanner.next(); token != Token.OBJECT_END; token = scanner.next()) {
      String name = text();
      object.put(name, value(scanner.next()));
    }
    return object;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> array = new ArrayList<>();
    for (Token token = scanner.next(); token != Token.ARRAY_END; token = scanner.next()) {
      array.add(value(token));
    }
    return array;
  }

  private String text() {
    if (!scanner.escaped()) {
      return new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    }
    byte[] plain = new byte[scanner.tokenLength()];
    return new String(plain, 0, scanner.unescape(plain, 0), UTF_8);
  }

  /** The value as JSON. */
  static String write(@Nullable Object value) {
    StringBuilder into = new StringBuilder();
    write(into, value);
    return into.toString();
  }

  private static void write(StringBuilder into, @Nullable Object value) {
    switch (value) {
      case null -> into.append("null");
      case String text -> quote(into, text);
      case Number number -> into.append(number);
      case Boolean truth -> into.append(truth);
      case Map<?, ?> object -> writeAll(into, object);
      case List<?> array -> writeAll(into, array);
      default -> throw new IllegalArgumentException("%s has no JSON".formatted(value.getClass()));
    }
  }

  private static void writeAll(StringBuilder into, Map<?, ?> object) {
    char separator = '{';
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      into.append(separator);
      quote(into, entry.getKey().toString());
      into.append(':');
      write(into, entry.getValue());
      separator = ',';
    }
    into.append(separator == '{' ? "{}" : "}");
  }

  private static void writeAll(StringBuilder into, List<?> array) {
    char separator = '[';
    for (Object element : array) {
      into.append(separator);
      write(into, element);
      separator = ',';
    }
    into.append(separator == '[' ? "[]" : "]");
  }

  private static void quote(StringBuilder into, String text) {
    into.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        into.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      } else if (c == '"' || c == '\\') {
        into.append('\\').append(c);
      } else {
        into.append(c);
      }
    }
    into.append('"');
  }
}
