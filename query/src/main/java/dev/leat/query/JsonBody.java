package dev.leat.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import io.helidon.http.Status;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object that the body of a request is, read strictly: a name that is unknown or comes
 * twice, or a value of another type, is the sender's mistake and is told with its place, such as
 * {@code filter.stage}. For one body and one thread.
 */
final class JsonBody {
  /** Reads the value of a member with the methods of the body; false if there is no such member. */
  interface Members {
    boolean read(String name);
  }

  private final byte[] body;
  private final JsonScanner scanner = new JsonScanner();
  private final Deque<String> place = new ArrayDeque<>();
  private Token value = Token.NULL;

  JsonBody(byte[] body) {
    this.body = body;
    scanner.reset(body, 0, body.length);
  }

  /**
   * Reads the whole body.
   *
   * @param example what a body looks like, for who sent something else
   */
  void document(String example, List<String> known, Members members) {
    try {
      value = scanner.next();
      if (value != Token.OBJECT_START) {
        throw invalid("The body must be a JSON object like " + example);
      }
      object(known, members);
      scanner.next();
    } catch (JsonException wrong) {
      throw invalid("The body must be a JSON object like " + example + ": " + wrong.getMessage());
    }
  }

  /** The value as an object. */
  void object(List<String> known, Members members) {
    expect(value == Token.OBJECT_START, "an object");
    Set<String> seen = new HashSet<>();
    while (scanner.next() == Token.NAME) {
      place.addLast(text());
      if (!seen.add(place.getLast())) {
        throw invalid("'%s' is there twice".formatted(place()));
      }
      value = scanner.next();
      if (!members.read(place.getLast())) {
        throw invalid(
            "Unknown field '%s'; known are %s".formatted(place(), String.join(", ", known)));
      }
      place.removeLast();
    }
  }

  /** The value as text. */
  String string() {
    expect(value == Token.STRING, "a string");
    return text();
  }

  boolean flag() {
    expect(value == Token.TRUE || value == Token.FALSE, "true or false");
    return value == Token.TRUE;
  }

  /**
   * The value as a number from 0 on. Positions travel as text, so that JavaScript does not round
   * them.
   */
  long count() {
    expect(value == Token.INTEGER || value == Token.STRING, "a whole number");
    return count(place(), text());
  }

  /** The value as a list of strings, numbers, booleans and nulls. */
  List<@Nullable Object> scalars() {
    expect(value == Token.ARRAY_START, "an array");
    List<@Nullable Object> values = new ArrayList<>();
    for (Token next = scanner.next(); next != Token.ARRAY_END; next = scanner.next()) {
      values.add(scalar(next));
    }
    return values;
  }

  private @Nullable Object scalar(Token token) {
    return switch (token) {
      case STRING -> text();
      case INTEGER -> scanner.fitsLong() ? (Object) scanner.longValue() : new BigInteger(text());
      case DECIMAL -> new BigDecimal(text());
      case TRUE -> true;
      case FALSE -> false;
      case NULL -> null;
      default ->
          throw invalid(
              "A value in '%s' must be a string, a number, a boolean or null".formatted(place()));
    };
  }

  private void expect(boolean met, String what) {
    if (!met) {
      throw invalid("'%s' must be %s".formatted(place(), what));
    }
  }

  private String place() {
    return String.join(".", place);
  }

  private String text() {
    if (!scanner.escaped()) {
      return new String(body, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
    }
    byte[] characters = new byte[scanner.tokenLength()];
    return new String(characters, 0, scanner.unescape(characters, 0), UTF_8);
  }

  static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(Status.BAD_REQUEST_400, "INVALID", detail));
  }

  /** Digits as a count; anything else is the sender's mistake. */
  static long count(String name, String digits) {
    try {
      long value = Long.parseLong(digits.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw invalid("%s must be a whole number, not '%s'".formatted(name, digits));
    }
    throw invalid("%s must not be negative, but is %s".formatted(name, digits));
  }
}
