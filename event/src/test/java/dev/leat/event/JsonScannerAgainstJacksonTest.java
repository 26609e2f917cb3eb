package dev.leat.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.leat.event.JsonScanner.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Jackson's opinion on random documents and on random damage to them. Where the two differ, it is
 * in one of the ways that {@link #jacksonIsLax} names; there RFC 8259 and the Unicode standard are
 * on the scanner's side.
 */
final class JsonScannerAgainstJacksonTest {
  private static final long SEED = 20_251_124;
  private static final int DOCUMENTS = 20_000;
  private static final int MUTATIONS = 15;

  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|.)");

  private final JsonFactory jackson = new JsonFactory();
  private final JsonScanner scanner = new JsonScanner();

  @Test
  void agreesOnDocumentsAndOnDamage() {
    SplittableRandom random = new SplittableRandom(SEED);
    int refused = 0;
    for (int document = 0; document < DOCUMENTS; document++) {
      StringBuilder text = new StringBuilder();
      RandomJson.value(random, text, 0);
      byte[] bytes = text.toString().getBytes(UTF_8);
      assertEquals(byJackson(bytes), byScanner(bytes), text::toString);
      for (int mutation = 0; mutation < MUTATIONS; mutation++) {
        byte[] damaged = RandomJson.mutate(random, bytes);
        refused += compare(damaged) ? 0 : 1;
      }
    }
    // Otherwise the mutations are too mild to say anything.
    assertEquals(0.6, refused / (double) (DOCUMENTS * MUTATIONS), 0.35);
  }

  private boolean compare(byte[] bytes) {
    List<String> here = byScanner(bytes);
    List<String> there = byJackson(bytes);
    if (!here.equals(there) && !(here.equals(List.of("refused")) && jacksonIsLax(bytes))) {
      fail(
          "seed %d: %s by Jackson, %s here:%n%s%n%s"
              .formatted(
                  SEED, there, here, new String(bytes, UTF_8), HexFormat.of().formatHex(bytes)));
    }
    return !here.equals(List.of("refused"));
  }

  /**
   * Jackson skips a byte order mark, guesses UTF-16 and UTF-32, lets some bytes pass that are not
   * UTF-8, and pairs no escaped surrogates.
   */
  private static boolean jacksonIsLax(byte[] bytes) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") || text.indexOf('\0') >= 0 || hasLoneSurrogate(text);
    } catch (CharacterCodingException notUtf8) {
      return true;
    }
  }

  private static boolean hasLoneSurrogate(String text) {
    StringBuilder units = new StringBuilder();
    Matcher escapes = ESCAPE.matcher(text);
    int last = 0;
    while (escapes.find()) {
      units.append(escapes.start() > last ? "-" : "");
      String unit = escapes.group(1);
      units.append(unit == null ? '-' : (char) Integer.parseInt(unit, 16));
      last = escapes.end();
    }
    return units
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private List<String> byScanner(byte[] bytes) {
    List<String> seen = new ArrayList<>();
    try {
      scanner.reset(bytes, 0, bytes.length);
      for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
        seen.add(token + value(token));
      }
      return seen;
    } catch (JsonException refused) {
      return List.of("refused");
    }
  }

  private String value(Token token) {
    return switch (token) {
      case NAME, STRING -> {
        byte[] into = new byte[scanner.tokenLength()];
        yield " " + new String(into, 0, scanner.unescape(into, 0), UTF_8);
      }
      case INTEGER -> scanner.fitsLong() ? " " + scanner.longValue() : " big";
      case DECIMAL -> " " + scanner.doubleValue();
      default -> "";
    };
  }

  private List<String> byJackson(byte[] bytes) {
    List<String> seen = new ArrayList<>();
    try (JsonParser parser = jackson.createParser(bytes)) {
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && !seen.isEmpty()) {
          return List.of("refused");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > JsonScanner.DEFAULT_MAX_DEPTH) {
          return List.of("refused");
        }
        seen.add(name(token) + value(parser, token));
      }
      return seen.isEmpty() ? List.of("refused") : seen;
    } catch (IOException refused) {
      return List.of("refused");
    }
  }

  private static Token name(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> Token.OBJECT_START;
      case END_OBJECT -> Token.OBJECT_END;
      case START_ARRAY -> Token.ARRAY_START;
      case END_ARRAY -> Token.ARRAY_END;
      case FIELD_NAME -> Token.NAME;
      case VALUE_STRING -> Token.STRING;
      case VALUE_NUMBER_INT -> Token.INTEGER;
      case VALUE_NUMBER_FLOAT -> Token.DECIMAL;
      case VALUE_TRUE -> Token.TRUE;
      case VALUE_FALSE -> Token.FALSE;
      case VALUE_NULL -> Token.NULL;
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> throw new AssertionError(token);
    };
  }

  private static String value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case FIELD_NAME, VALUE_STRING -> " " + parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? " big"
              : " " + parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> " " + Double.parseDouble(parser.getText());
      default -> "";
    };
  }
}
