package dev.leat.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an order says, but for its id, time and number. Immutable.
 *
 * @param all members of the data by name, as {@code String}, {@code Long}, {@code BigDecimal},
 *     {@code Boolean} or null
 * @param cents the amount; 0 if it is no number
 * @param breaksSchema whether the amount is text
 * @param breaksRule whether it has no items
 */
record OrderFields(
    Map<String, @Nullable Object> all,
    String source,
    String subject,
    String country,
    String category,
    long customer,
    long cents,
    boolean breaksSchema,
    boolean breaksRule) {
  private static final JsonFactory FACTORY = new JsonFactory();

  boolean refused() {
    return breaksSchema || breaksRule;
  }

  static OrderFields parse(byte[] json) {
    Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      Map<String, @Nullable Object> into = envelope;
      parser.nextToken();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          into = data;
        } else if (token == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          JsonToken value = parser.nextToken();
          if (value == JsonToken.START_OBJECT) {
            into = data;
          } else {
            into.put(name, value(parser, value));
          }
        }
      }
    } catch (IOException bad) {
      throw new UncheckedIOException("an order that is no JSON", bad);
    }
    Object amount = data.get("amount");
    return new OrderFields(
        data,
        String.valueOf(envelope.get("source")),
        String.valueOf(envelope.get("subject")),
        String.valueOf(data.get("country")),
        String.valueOf(data.get("category")),
        number(data.get("customerId")).longValueExact(),
        amount instanceof BigDecimal money ? money.movePointRight(2).longValueExact() : 0,
        amount instanceof String,
        number(data.get("items")).signum() == 0);
  }

  private static BigDecimal number(@Nullable Object value) {
    return switch (value) {
      case Long whole -> BigDecimal.valueOf(whole);
      case BigDecimal number -> number;
      case null, default -> throw new IllegalArgumentException("no number: " + value);
    };
  }

  private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + token);
    };
  }
}
