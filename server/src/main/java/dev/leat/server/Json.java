package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a small JSON document into maps, lists, text, numbers, booleans and null. */
final class Json {
  private final byte[] bytes;
  private final JsonScanner scanner = new JsonScanner(512);

  private Json(byte[] bytes) {
    this.bytes = bytes;
    scanner.reset(bytes, 0, bytes.length);
  }

  /**
   * The document's value.
   *
   * @throws dev.leat.event.JsonException if it is none
   */
  static @Nullable Object parse(byte[] bytes) {
    Json json = new Json(bytes);
    Object value = json.value(json.scanner.next());
    json.scanner.next();
    return value;
  }

  /** The document as an object; empty if it is something else. */
  static Map<String, @Nullable Object> object(byte[] bytes) {
    return asObject(parse(bytes));
  }

  @SuppressWarnings("unchecked") // maps are only made here, with names that are text
  static Map<String, @Nullable Object> asObject(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  static List<?> asList(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** A whole number, also if it was sent as text; otherwise the alternative. */
  static long asLong(@Nullable Object value, long otherwise) {
    return switch (value) {
      case Number number -> number.longValue();
      case String text when text.matches("-?\\d{1,18}") -> Long.parseLong(text);
      case null, default -> otherwise;
    };
  }

  private @Nullable Object value(Token token) {
    return switch (token) {
      case OBJECT_START -> object();
      case ARRAY_START -> array();
      case STRING -> text();
      case INTEGER -> scanner.fitsLong() ? (Object) scanner.longValue() : new BigInteger(text());
      case DECIMAL -> new BigDecimal(text());
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> null;
      case OBJECT_END, ARRAY_END, NAME, END ->
          throw new IllegalStateException(token + " begins no value");
    };
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    while (scanner.next() == Token.NAME) {
      String name = text();
      members.put(name, value(scanner.next()));
    }
    return members;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> elements = new ArrayList<>();
    for (Token next = scanner.next(); next != Token.ARRAY_END; next = scanner.next()) {
      elements.add(value(next));
    }
    return elements;
  }

  private String text() {
    if (!scanner.escaped()) {
      return new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    }
    byte[] characters = new byte[scanner.tokenLength()];
    return new String(characters, 0, scanner.unescape(characters, 0), UTF_8);
  }
}
