package dev.leat.collector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.collector.Submission.Form;
import dev.leat.event.DataFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of CloudEvents 1.0.2, one by one, with the words a sender gets. */
final class AttributeRulesTest {
  private static final String REQUIRED =
      "\"specversion\":\"1.0\",\"id\":\"i\",\"source\":\"/s\",\"type\":\"t\"";
  private static final String TEXT = "no control characters and noncharacters";
  private static final String URI =
      "a URI reference: ASCII without spaces, all else percent-encoded";
  private static final String TIME = "a time such as 2025-01-31T12:00:00Z";
  private static final String NAME = "1 to 100 characters, each a-z or 0-9, not data";

  private final Submitting door = new Submitting();

  @ParameterizedTest
  @ValueSource(strings = {"id", "source", "type", "specversion"})
  void requiredAttributeMustBeThere(String name) {
    String value =
        name.equals("specversion") ? "1.0" : name.equals("source") ? "/s" : name.substring(0, 1);
    String member = "\"%s\":\"%s\"".formatted(name, value);
    String without = "{" + REQUIRED.replace(member + ",", "").replace("," + member, "") + "}";
    assertFaults(without, "/" + name + " missing-attribute; a value; nothing");
    String none = "{" + REQUIRED.replace(member, "\"%s\":null".formatted(name)) + "}";
    assertFaults(none, "/" + name + " missing-attribute; a value; nothing");
    String empty = "{" + REQUIRED.replace(member, "\"%s\":\"\"".formatted(name)) + "}";
    assertFaults(empty, "/" + name + " empty-attribute; at least one character; an empty string");
    String number = "{" + REQUIRED.replace(member, "\"%s\":1.0".formatted(name)) + "}";
    assertFaults(number, "/" + name + " wrong-type; a string; 1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"specversion\":\"0.3\"|/specversion unknown-version; 1.0; 0.3",
        "\"specversion\":\"1.0\\n\"|/specversion invalid-character; " + TEXT + "; 1.0U+000A",
        "\"source\":\"a b\"|/source invalid-uri; " + URI + "; a b",
        "\"source\":\"/ü\"|/source invalid-uri; " + URI + "; /ü",
        "\"source\":\"/%2\"|/source invalid-uri; " + URI + "; /%2",
        "\"source\":\"/%zz\"|/source invalid-uri; " + URI + "; /%zz",
        "\"source\":\"<a>\"|/source invalid-uri; " + URI + "; <a>",
        "\"dataschema\":\"a b\"|/dataschema invalid-uri; " + URI + "; a b",
        "\"dataschema\":\"\"|/dataschema empty-attribute; at least one character; an empty string",
        "\"dataschema\":7|/dataschema wrong-type; a string; 7",
        "\"id\":\"a\\u0007b\"|/id invalid-character; " + TEXT + "; aU+0007b",
        "\"id\":\"a\\n\"|/id invalid-character; " + TEXT + "; aU+000A",
        "\"type\":\"\\u0085\"|/type invalid-character; " + TEXT + "; U+0085",
        "\"type\":\"\\u007f\"|/type invalid-character; " + TEXT + "; U+007F",
        "\"subject\":\"\\ufffe\"|/subject invalid-character; " + TEXT + "; U+FFFE",
        "\"subject\":\"\\ufdd0\"|/subject invalid-character; " + TEXT + "; U+FDD0",
        "\"subject\":\"\\ud83f\\udfff\"|/subject invalid-character; " + TEXT + "; U+1FFFF",
        "\"subject\":\"\"|/subject empty-attribute; at least one character; an empty string",
        "\"subject\":{\"a\":[]}|/subject wrong-type; a string; {\"a\":[]}",
        "\"partitionkey\":\"\"|/partitionkey empty-attribute; at least one character; an empty string",
        "\"partitionkey\":true|/partitionkey wrong-type; a string; true",
        "\"time\":\"yesterday\"|/time invalid-time; " + TIME + "; yesterday",
        "\"time\":\"\"|/time empty-attribute; at least one character; an empty string",
        "\"time\":1700000000|/time wrong-type; a string; 1700000000",
        "\"sampledrate\":0|/sampledrate out-of-range; an integer from 1 to 2147483647; 0",
        "\"sampledrate\":-1|/sampledrate out-of-range; an integer from 1 to 2147483647; -1",
        "\"sampledrate\":2147483648|/sampledrate out-of-range; an integer from 1 to 2147483647; 2147483648",
        "\"sampledrate\":\"30\"|/sampledrate wrong-type; an integer; 30",
        "\"sampledrate\":1.5|/sampledrate wrong-type; an integer; 1.5",
        "\"datacontenttype\":\"json\"|/datacontenttype invalid-media-type; a media type such as application/json; json",
        "\"datacontenttype\":\"a/\"|/datacontenttype invalid-media-type; a media type such as application/json; a/",
        "\"datacontenttype\":\"a/b c\"|/datacontenttype invalid-media-type; a media type such as application/json; a/b c",
        "\"datacontenttype\":\"\"|/datacontenttype empty-attribute; at least one character; an empty string",
        "\"traceId\":\"x\"|/traceId invalid-name; " + NAME + "; traceId",
        "\"trace_id\":\"x\"|/trace_id invalid-name; " + NAME + "; trace_id",
        "\"a/b~c\":\"x\"|/a~1b~0c invalid-name; " + NAME + "; a/b~c",
        "\"é\":\"x\"|/é invalid-name; " + NAME + "; é",
        "\"ext\":{\"a\":1}|/ext wrong-type; a string, a boolean or an integer; {\"a\":1}",
        "\"ext\":[1]|/ext wrong-type; a string, a boolean or an integer; [1]",
        "\"ext\":1.0|/ext wrong-type; a string, a boolean or an integer; 1.0",
        "\"ext\":2147483648|/ext out-of-range; an integer of 32 bits; 2147483648",
        "\"ext\":-99999999999999999999|/ext out-of-range; an integer of 32 bits; -99999999999999999999",
        "\"ext\":\"a\\tb\"|/ext invalid-character; " + TEXT + "; aU+0009b",
        "\"data\":1,\"data_base64\":\"AA==\"|/data_base64 two-payloads; data or data_base64; both of them",
        "\"data_base64\":\"A\"|/data_base64 invalid-base64; Base64 (RFC 4648); A",
        "\"data_base64\":\"A-A=\"|/data_base64 invalid-base64; Base64 (RFC 4648); A-A=",
        "\"data_base64\":5|/data_base64 wrong-type; a string; a number",
        "\"data\":{},\"datacontenttype\":\"text/plain\"|/data data-not-text; a string, since datacontenttype is not JSON; an object",
        "\"data\":{\"a\":1,\"b\":{\"c\":2,\"c\":3}}|/data/b/c duplicate-key; each name once; the name a second time",
        "\"data\":[0,{\"x\":1,\"\\u0078\":1}]|/data/1/x duplicate-key; each name once; the name a second time",
        "\"subject\":\"a\",\"subject\":\"a\"|/subject duplicate-key; each name once; the name a second time",
        "\"data\":1,\"data\":1|/data duplicate-key; each name once; the name a second time"
      })
  void brokenRuleIsNamed(String members, String fault) {
    String name = members.substring(0, members.indexOf(':') + 1);
    StringBuilder event = new StringBuilder("{");
    for (String required : REQUIRED.split(",", -1)) {
      event.append(required.startsWith(name) ? "" : required + ",");
    }
    assertFaults(event + members + "}", fault);
  }

  @Test
  void severalFaultsAreReportedTogether() {
    assertFaults(
        "{\"specversion\":\"1.1\",\"id\":7,\"source\":\"a b\",\"time\":\"x\",\"Ext\":1}",
        "/specversion unknown-version; 1.0; 1.1",
        "/id wrong-type; a string; 7",
        "/source invalid-uri; " + URI + "; a b",
        "/time invalid-time; " + TIME + "; x",
        "/Ext invalid-name; " + NAME + "; Ext",
        "/type missing-attribute; a value; nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7| not-an-event; a JSON object; 7",
        "[{}]| not-an-event; a JSON object; [{}]",
        "\"x\"| not-an-event; a JSON object; \"x\"",
        "{} {}| trailing-content; the end; '{'"
      })
  void whatIsNoEventIsRefused(String body, String fault) {
    assertEquals(fault, Submitting.faults(door.submit(Form.OBJECT, body)).getLast().strip());
  }

  @Test
  void emptyNameIsRefused() {
    assertFaults("{" + REQUIRED + ",\"\":1}", "/ invalid-name; " + NAME + "; ");
  }

  @Test
  void longAttributesAreRefused() {
    String longest = "x".repeat(65_534);
    assertFaults("{" + REQUIRED.replace("\"i\"", "\"" + longest + "\"") + "}");
    assertEquals(longest, door.log.events().getFirst().id());
    assertFaults(
        "{" + REQUIRED.replace("\"i\"", "\"" + longest + "x\"") + "}",
        "/id attribute-too-long; at most 65534 bytes; 65535 bytes");
    String name = "n".repeat(101);
    assertFaults(
        "{" + REQUIRED + ",\"" + name + "\":1}",
        "/" + "n".repeat(100) + "… invalid-name; " + NAME + "; " + "n".repeat(100) + "…");
  }

  @Test
  void extensionsAreKeptWithTheirTypes() {
    SeenEvent kept =
        kept(
            "\"a\":\"x\\\"\\\\\\u00e9\",\"b\":true,\"c\":-2147483648,\"d\":null,\"e\":\"\",\"dataschema\":\"http://x/y#z\","
                + "\"\\u0066\":false");
    assertEquals(
        Map.of(
            "a",
            "'x\"\\é",
            "b",
            "true",
            "c",
            "-2147483648",
            "e",
            "'",
            "dataschema",
            "'http://x/y#z",
            "f",
            "false"),
        kept.attributes());
  }

  @Test
  void nullIsNotSent() {
    SeenEvent kept =
        kept(
            "\"subject\":null,\"partitionkey\":null,\"time\":null,\"sampledrate\":null,\"datacontenttype\":null,"
                + "\"dataschema\":null,\"data_base64\":null,\"ext\":null");
    assertEquals(Optional.empty(), kept.subject());
    assertEquals(1, kept.sampledRate());
    assertEquals(DataFormat.NONE, kept.dataFormat());
    assertEquals(Map.of(), kept.attributes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"data\":null|JSON|null",
        "\"data\":\"a\\n\"|JSON|\"a\\n\"",
        "\"data\":\"a\\u0041\",\"datacontenttype\":\"text/plain\"|TEXT|aA",
        "\"datacontenttype\":\"application/xml\",\"data\":\"<a b=\\\"c\\\"/>\"|TEXT|<a b=\"c\"/>",
        "\"data\":null,\"datacontenttype\":\"text/plain\"|NONE|``",
        "\"data\":\"\",\"datacontenttype\":\"text/plain\"|TEXT|``",
        "\"data\":\"x\",\"datacontenttype\":\"application/x+JSON\"|JSON|\"x\"",
        "\"data_base64\":\"eyJhIjoxfQ==\"|BINARY|{\"a\":1}",
        "\"data_base64\":\"eyJhIjoxfQ==\",\"datacontenttype\":\"application/json\"|JSON|{\"a\":1}",
        "\"data_base64\":\"eyJhIjoxfQ\",\"datacontenttype\":\"text/json; x=y\"|JSON|{\"a\":1}",
        "\"data_base64\":\"eyJhIg==\",\"datacontenttype\":\"application/json\"|BINARY|{\"a\"",
        "\"data_base64\":\"aMOp\",\"datacontenttype\":\"text/plain\"|TEXT|hé",
        "\"data_base64\":\"\",\"datacontenttype\":\"image/png\"|BINARY|``"
      })
  void dataIsReadByItsType(String members, DataFormat format, String data) {
    SeenEvent kept = kept(members);
    assertEquals(format, kept.dataFormat());
    assertEquals(data, kept.data());
  }

  @Test
  void escapesInAttributesAreUndone() {
    SeenEvent kept =
        kept("\"subject\":\"a\\/\\u00e9\\ud83d\\ude00\",\"time\":\"2020-01-01T00:00:00\\u005a\"");
    assertEquals(Optional.of("a/é😀"), kept.subject());
    assertEquals(1_577_836_800_000_000L, kept.timeMicros());
  }

  @Test
  void headersHaveTheSameRules() {
    HeaderAttribute[] good = {
      header("specversion", "1.0"), header("id", "i"), header("source", "/s"), header("type", "t")
    };
    assertEquals(List.of(), Submitting.faults(door.submitBinary(new byte[0], good)));
    assertEquals(
        List.of(
            "/id duplicate-key; each attribute once; the attribute a second time",
            "/subject invalid-percent-encoding; printable ASCII, all else percent-encoded UTF-8; %ff",
            "/ext invalid-percent-encoding; printable ASCII, all else percent-encoded UTF-8; 5%",
            "/data invalid-name; " + NAME + "; data",
            "/a_b invalid-name; " + NAME + "; a_b",
            "/sampledrate out-of-range; an integer from 1 to 2147483647; 1.5",
            "/ctl invalid-character; " + TEXT + "; aU+000Ab",
            "/source missing-attribute; a value; nothing"),
        Submitting.faults(
            door.submitBinary(
                new byte[0],
                header("specversion", "1.0"),
                header("id", "i"),
                header("id", "j"),
                header("type", "t"),
                header("subject", "%ff"),
                header("ext", "5%"),
                header("data", "x"),
                header("a_b", "x"),
                header("sampledrate", "1.5"),
                header("ctl", "a%0Ab"))));
    assertEquals(
        List.of("/data/a/1 malformed-json; a value; 'x'"),
        Submitting.faults(
            door.submitBinary(
                "{\"a\":[1,x]}".getBytes(UTF_8),
                good[0],
                good[1],
                good[2],
                good[3],
                new HeaderAttribute("datacontenttype", "application/json", false))));
  }

  @Test
  void foundIsShortAndSafe() {
    String fault =
        Submitting.faults(
                door.submit(
                    Form.OBJECT,
                    "{" + REQUIRED + ",\"time\":\"\u202e" + "x".repeat(10_000) + "\u2028\"}"))
            .getFirst();
    assertEquals("/time invalid-time; " + TIME + "; U+202E" + "x".repeat(94) + "…", fault);
  }

  @Test
  void badUtf8IsPointedAt() {
    byte[] body = ("{" + REQUIRED + ",\"data\":{\"a\":\"\u00c0\u0080\"}}").getBytes(ISO_8859_1);
    assertEquals(
        List.of("/data/a invalid-utf8; UTF-8; byte 0xc0"),
        Submitting.faults(door.submit(Form.OBJECT, body)));
    assertFaults(
        "{" + REQUIRED + ",\"data\":[\"\\ud800\"]}",
        "/data/0 lone-surrogate; a pair of surrogates; \\ud800 alone");
    assertFaults("\uFEFF{" + REQUIRED + "}", " malformed-json; a value; a byte order mark");
  }

  private SeenEvent kept(String members) {
    assertFaults("{" + REQUIRED + "," + members + "}");
    return door.log.events().getLast();
  }

  private static HeaderAttribute header(String name, String value) {
    return new HeaderAttribute(name, value, true);
  }

  private void assertFaults(String event, String... faults) {
    assertEquals(List.of(faults), Submitting.faults(door.submit(Form.OBJECT, event)), event);
  }
}
