package dev.leat.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.JsonException.Code;
import dev.leat.event.JsonScanner.Token;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonScannerTest {
  private final JsonScanner scanner = new JsonScanner();

  @Test
  void tokensComeInOrder() {
    assertEquals(
        List.of(
            Token.OBJECT_START,
            Token.NAME,
            Token.ARRAY_START,
            Token.INTEGER,
            Token.DECIMAL,
            Token.TRUE,
            Token.FALSE,
            Token.NULL,
            Token.STRING,
            Token.ARRAY_END,
            Token.NAME,
            Token.OBJECT_START,
            Token.OBJECT_END,
            Token.OBJECT_END),
        tokens(" {\"a\" : [1, 2.5 ,true,false,null,\"x\"]\r\n,\t\"b\":{}} "));
  }

  @Test
  void endIsSaidAgainAndAgain() {
    reset("1");
    assertEquals(Token.INTEGER, scanner.next());
    assertEquals(Token.END, scanner.next());
    assertEquals(Token.END, scanner.next());
  }

  @Test
  void skippedValueCoversItsBytes() {
    String value = "{\"b\":[1,{\"c\":\"]}\"}],\"d\":{}}";
    byte[] bytes = reset("[" + value + ",\"s\", 7]");
    scanner.next();
    assertEquals(Token.OBJECT_START, scanner.next());
    scanner.skipValue();
    assertEquals(value, value(bytes));
    assertEquals(value, text(bytes));
    assertEquals(1, scanner.depth());
    assertEquals(Token.STRING, scanner.next());
    scanner.skipValue();
    assertEquals("\"s\"", value(bytes));
    assertEquals("s", text(bytes));
    assertEquals(Token.INTEGER, scanner.next());
    scanner.skipValue();
    assertEquals("7", value(bytes));
    assertEquals(Token.ARRAY_END, scanner.next());
    assertEquals(Token.END, scanner.next());
  }

  @Test
  void escapesAreUndone() {
    assertEquals("\"\\/\b\f\n\r\t", unescaped("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    assertEquals("aé€😀z\u0000", unescaped("\"a\\u00e9\\u20AC\\uD83D\\ude00z\\u0000\""));
    assertTrue(scanner.escaped());
    assertEquals("aé€😀z", unescaped("\"aé€😀z\""));
    assertFalse(scanner.escaped());
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        7,
        -1,
        999_999_999_999_999_999L,
        1L << 53,
        (1L << 53) + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void longsAreExact(long value) {
    reset(Long.toString(value));
    assertEquals(Token.INTEGER, scanner.next());
    assertTrue(scanner.fitsLong());
    assertEquals(value, scanner.longValue());
    assertEquals((double) value, scanner.doubleValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999999"
      })
  void largeIntegersDoNotFit(String text) {
    reset(text);
    assertEquals(Token.INTEGER, scanner.next());
    assertFalse(scanner.fitsLong());
    assertThrows(IllegalStateException.class, scanner::longValue);
    assertEquals(Double.parseDouble(text), scanner.doubleValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0",
        "-0.0",
        "0.1",
        "1e999",
        "-1e999",
        "1e-999",
        "2.2250738585072012e-308",
        "4.9E-324",
        "1.7976931348623157e308",
        "9007199254740993.0",
        "9007199254740992.5",
        "123456789012345678901234567890.5",
        "0.000001",
        "1E+22",
        "1e23",
        "0e99999999999",
        "1e-99999999999",
        "1e99999999999",
        "5e-324",
        "8.5",
        "0.30000000000000004"
      })
  void doublesAreTheNearest(String text) {
    reset(text);
    scanner.next();
    assertEquals(
        Double.doubleToRawLongBits(Double.parseDouble(text)),
        Double.doubleToRawLongBits(scanner.doubleValue()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|TRUNCATED|0",
        "` `|TRUNCATED|1",
        "{|TRUNCATED|1",
        "[1,|TRUNCATED|3",
        "[1,]|UNEXPECTED|3",
        "[,1]|UNEXPECTED|1",
        "[1 2]|UNEXPECTED|3",
        "[1}|UNEXPECTED|2",
        "{]|UNEXPECTED|1",
        "{\"a\"}|UNEXPECTED|4",
        "{\"a\" 1}|UNEXPECTED|5",
        "{\"a\":}|UNEXPECTED|5",
        "{\"a\":1,}|UNEXPECTED|7",
        "{\"a\":1 \"b\":2}|UNEXPECTED|7",
        "{a:1}|UNEXPECTED|1",
        "{1:1}|UNEXPECTED|1",
        "{'a':1}|UNEXPECTED|1",
        "1 2|TRAILING|2",
        "1,|TRAILING|1",
        "{}}|TRAILING|2",
        "{},|TRAILING|2",
        "]|UNEXPECTED|0",
        "01|INVALID_NUMBER|0",
        "-01|INVALID_NUMBER|1",
        "-|TRUNCATED|1",
        "-a|INVALID_NUMBER|1",
        "+1|UNEXPECTED|0",
        ".5|UNEXPECTED|0",
        "1.|TRUNCATED|2",
        "[1.]|INVALID_NUMBER|3",
        "1e|TRUNCATED|2",
        "[1e+]|INVALID_NUMBER|4",
        "1x|TRAILING|1",
        "NaN|UNEXPECTED|0",
        "Infinity|UNEXPECTED|0",
        "tru|UNEXPECTED|0",
        "trux|UNEXPECTED|0",
        "truex|TRAILING|4",
        "nul|UNEXPECTED|0",
        "falsy|UNEXPECTED|0",
        "False|UNEXPECTED|0",
        "\"a|TRUNCATED|2",
        "\"a\\|TRUNCATED|3",
        "\"a\\\"|TRUNCATED|4",
        "\"\\x\"|INVALID_ESCAPE|2",
        "\"\\u12\"|INVALID_ESCAPE|5",
        "\"\\u12|TRUNCATED|5",
        "\"\\uD800\"|LONE_SURROGATE|1",
        "\"\\uDC00\"|LONE_SURROGATE|1",
        "\"\\uDC00\\uD800\"|LONE_SURROGATE|1",
        "\"\\uD800\\uD800\"|LONE_SURROGATE|1",
        "\"\\uD800\\n\"|LONE_SURROGATE|1",
        "\"\\uD800x\"|LONE_SURROGATE|1",
        "//c|UNEXPECTED|0",
        "[1/**/]|UNEXPECTED|2"
      })
  void malformedIsRefusedWithItsPlace(String text, Code code, int offset) {
    JsonException refused = refused(text.getBytes(UTF_8));
    assertEquals(code, refused.code(), refused.getMessage());
    assertEquals(offset, refused.offset(), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0 80",
        "c1 bf",
        "c2",
        "c2 22",
        "c2 c2",
        "e0 80 80",
        "e0 9f bf",
        "ed a0 80",
        "ed bf bf",
        "e2 82",
        "e2 28 a1",
        "f0 80 80 80",
        "f0 8f bf bf",
        "f4 90 80 80",
        "f5 80 80 80",
        "f8 88 80 80 80",
        "fe",
        "ff",
        "f0 9f 98",
        "f0 9f 22 80"
      })
  void whatIsNotUtf8IsRefused(String hex) {
    for (int pad = 0; pad < 17; pad++) {
      byte[] bytes = ("\"" + "x".repeat(pad) + latin(hex) + "\"").getBytes(ISO_8859_1);
      JsonException refused = refused(bytes);
      assertEquals(Code.INVALID_UTF8, refused.code(), refused.getMessage());
      assertEquals(pad + 1, refused.offset());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2 80",
        "df bf",
        "e0 a0 80",
        "ed 9f bf",
        "ee 80 80",
        "ef bf bf",
        "f0 90 80 80",
        "f4 8f bf bf",
        "7f"
      })
  void whatIsUtf8IsTaken(String hex) {
    for (int pad = 0; pad < 17; pad++) {
      byte[] bytes = ("\"" + "x".repeat(pad) + latin(hex) + "\"").getBytes(ISO_8859_1);
      assertEquals(List.of(Token.STRING), tokens(bytes));
    }
  }

  @Test
  void controlCharactersAreRefusedAtEveryPlace() {
    for (int pad = 0; pad < 17; pad++) {
      for (int control = 0; control < ' '; control++) {
        JsonException refused =
            refused(("\"" + "x".repeat(pad) + (char) control + "y\"").getBytes(UTF_8));
        assertEquals(Code.CONTROL_CHARACTER, refused.code());
        assertEquals(pad + 1, refused.offset());
      }
    }
  }

  @Test
  void byteOrderMarkIsNamed() {
    assertEquals("a byte order mark", refused("\uFEFF{}".getBytes(UTF_8)).found());
    assertEquals("'x'", refused("x".getBytes(UTF_8)).found());
    assertEquals("byte 0x00", refused("\0".getBytes(UTF_8)).found());
  }

  @Test
  void depthIsCapped() {
    assertEquals(
        2 * JsonScanner.DEFAULT_MAX_DEPTH,
        tokens(
                "[".repeat(JsonScanner.DEFAULT_MAX_DEPTH)
                    + "]".repeat(JsonScanner.DEFAULT_MAX_DEPTH))
            .size());
    JsonException refused = refused("[".repeat(100_000).getBytes(UTF_8));
    assertEquals(Code.TOO_DEEP, refused.code());
    assertEquals(JsonScanner.DEFAULT_MAX_DEPTH, refused.offset());
    assertEquals(Code.TOO_DEEP, refused("{\"a\":".repeat(100_000).getBytes(UTF_8)).code());
  }

  @Test
  void numbersAreCapped() {
    assertEquals(List.of(Token.INTEGER), tokens("1".repeat(JsonScanner.MAX_NUMBER_LENGTH)));
    assertEquals(Code.NUMBER_TOO_LONG, refused("1".repeat(1_000_000).getBytes(UTF_8)).code());
    assertEquals(Code.NUMBER_TOO_LONG, refused(("1." + "1".repeat(1_000)).getBytes(UTF_8)).code());
    assertEquals(Code.NUMBER_TOO_LONG, refused(("1e" + "1".repeat(1_000)).getBytes(UTF_8)).code());
  }

  @Test
  void bytesOutsideTheDocumentDoNotMatter() {
    byte[] bytes = "\"\"\"[\"abc\"]\"\"\"1".getBytes(UTF_8);
    scanner.reset(bytes, 3, 7);
    assertEquals(Token.ARRAY_START, scanner.next());
    assertEquals(Token.STRING, scanner.next());
    assertEquals("abc", text(bytes));
    assertEquals(Token.ARRAY_END, scanner.next());
    assertEquals(Token.END, scanner.next());
    for (int length = 1; length < 7; length++) {
      scanner.reset(bytes, 3, length);
      JsonException refused = assertThrows(JsonException.class, this::all);
      assertEquals(Code.TRUNCATED, refused.code());
      assertEquals(3 + length, refused.offset());
    }
  }

  @Test
  void rangeOutsideTheArrayIsRefused() {
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.reset(new byte[4], 2, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> scanner.reset(new byte[4], -1, 3));
    assertThrows(IllegalArgumentException.class, () -> new JsonScanner(0));
  }

  private static String latin(String hex) {
    StringBuilder text = new StringBuilder();
    for (String one : hex.split(" ", -1)) {
      text.append((char) Integer.parseInt(one, 16));
    }
    return text.toString();
  }

  private String unescaped(String json) {
    reset(json);
    scanner.next();
    byte[] into = new byte[scanner.tokenLength() + 3];
    return new String(into, 3, scanner.unescape(into, 3) - 3, UTF_8);
  }

  private String text(byte[] bytes) {
    return new String(bytes, scanner.tokenFrom(), scanner.tokenLength(), UTF_8);
  }

  private String value(byte[] bytes) {
    return new String(bytes, scanner.valueFrom(), scanner.position() - scanner.valueFrom(), UTF_8);
  }

  private JsonException refused(byte[] bytes) {
    return assertThrows(JsonException.class, () -> tokens(bytes));
  }

  private List<Token> tokens(String json) {
    return tokens(json.getBytes(UTF_8));
  }

  private List<Token> tokens(byte[] bytes) {
    scanner.reset(bytes, 0, bytes.length);
    return all();
  }

  private List<Token> all() {
    List<Token> tokens = new ArrayList<>();
    for (Token token = scanner.next(); token != Token.END; token = scanner.next()) {
      tokens.add(token);
    }
    return tokens;
  }

  private byte[] reset(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    scanner.reset(bytes, 0, bytes.length);
    return bytes;
  }
}
