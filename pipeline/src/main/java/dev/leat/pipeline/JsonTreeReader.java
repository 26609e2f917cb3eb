package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.harrel.jsonschema.JsonNode;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes trees of JSON documents. Of members with the same name the first one counts, as in the
 * columns of a table. For one thread.
 */
final class JsonTreeReader {
  /** Arithmetic with larger exponents takes memory and time of the size of the number. */
  static final int MAX_EXPONENT = 1_000;

  private final JsonScanner scanner = new JsonScanner();
  private final NameBuffer name = new NameBuffer();
  private byte[] bytes = {};
  private @Nullable Steps steps;
  private @Nullable String repeated;

  /**
   * The value of a document, counting its steps if there are any.
   *
   * @throws JsonException if it is no JSON
   * @throws LimitException if a number's exponent is out of bounds
   */
  JsonTree read(byte[] document, int from, int length, @Nullable Steps counted) {
    bytes = document;
    steps = counted;
    repeated = null;
    scanner.reset(document, from, length);
    JsonTree tree = value(scanner.next(), null, "");
    scanner.next();
    return tree;
  }

  /** The pointer to a member of the last document whose name came twice; null if none did. */
  @Nullable String repeated() {
    return repeated;
  }

  /** The scanner's bound on depth bounds the recursion. */
  private JsonTree value(Token token, @Nullable JsonTree parent, String key) {
    return switch (token) {
      case OBJECT_START -> object(parent, key);
      case ARRAY_START -> array(parent, key);
      case STRING -> new JsonTree(parent, key, text(), steps);
      case INTEGER, DECIMAL -> new JsonTree(parent, key, number(), steps);
      case TRUE -> new JsonTree(parent, key, true, steps);
      case FALSE -> new JsonTree(parent, key, false, steps);
      case NULL -> new JsonTree(parent, key, null, steps);
      case NAME, OBJECT_END, ARRAY_END, END ->
          throw new IllegalStateException("the scanner let something else stand for a value");
    };
  }

  private JsonTree object(@Nullable JsonTree parent, String key) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    JsonTree object = new JsonTree(parent, key, Collections.unmodifiableMap(members), steps);
    while (scanner.next() == Token.NAME) {
      name.read(scanner, bytes);
      String member = new String(name.bytes(), name.from(), name.length(), UTF_8);
      JsonTree value = value(scanner.next(), object, member);
      if (members.putIfAbsent(member, value) != null && repeated == null) {
        repeated = value.getJsonPointer();
      }
    }
    return object;
  }

  private JsonTree array(@Nullable JsonTree parent, String key) {
    List<JsonNode> items = new ArrayList<>();
    JsonTree array = new JsonTree(parent, key, Collections.unmodifiableList(items), steps);
    for (Token item = scanner.next(); item != Token.ARRAY_END; item = scanner.next()) {
      items.add(value(item, array, Integer.toString(items.size())));
    }
    return array;
  }

  private String text() {
    int length = scanner.tokenLength();
    if (!scanner.escaped()) {
      return new String(bytes, scanner.tokenFrom(), length, UTF_8);
    }
    byte[] unescaped = new byte[length];
    return new String(unescaped, 0, scanner.unescape(unescaped, 0), UTF_8);
  }

  private BigDecimal number() {
    String digits = new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    int e = Math.max(digits.indexOf('e'), digits.indexOf('E'));
    if (e >= 0 && !isBounded(digits, e + 1)) {
      throw new LimitException(
          "numbers with exponents from -%d to %d".formatted(MAX_EXPONENT, MAX_EXPONENT));
    }
    return new BigDecimal(digits).stripTrailingZeros();
  }

  private static boolean isBounded(String digits, int from) {
    int at = from;
    while (at < digits.length() && "+-0".indexOf(digits.charAt(at)) >= 0) {
      at++;
    }
    return digits.length() - at <= 4
        && (at == digits.length() || Integer.parseInt(digits.substring(at)) <= MAX_EXPONENT);
  }
}
