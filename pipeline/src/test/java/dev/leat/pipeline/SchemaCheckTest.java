package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.testkit.Seeds;
import org.junit.jupiter.api.Test;

class SchemaCheckTest {
  private static final String ORDER =
      """
      {"type":"object","required":["amount","coupon","items"],
       "properties":{
         "amount":{"type":"number","minimum":0,"exclusiveMaximum":1000},
         "items":{"type":"integer","minimum":1,"maximum":9},
         "coupon":{"type":["string","null"],"minLength":2,"maxLength":4},
         "channel":{"enum":["web","app"]},
         "place":{"type":"object","required":["lat"],"additionalProperties":false,
                  "properties":{"lat":{"type":"number"}}}}}
      """;

  @Test
  void validEventsAreDecidedByTheirColumns() {
    SchemaTable table = SchemaTable.of(ORDER);
    for (String data :
        new String[] {
          "{\"amount\":0,\"items\":1,\"coupon\":null}",
          "{\"amount\":0.0,\"items\":1.0,\"coupon\":\"\\u00e4b\"}",
          "{\"amount\":999.99,\"items\":9e0,\"coupon\":\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"}",
          "{\"amount\":-0.0,\"items\":5,\"coupon\":\"abcd\",\"channel\":\"web\",\"place\":{\"lat\":1}}"
        }) {
      assertNull(table.check(data), data);
    }
    assertEquals(0, table.check.thorough());
  }

  @Test
  void violationsSayWhereWhatAndWhy() {
    SchemaTable table = SchemaTable.of(ORDER);
    assertEquals(
        new Violation("/amount", "type", "number", "\"12\""),
        table.check("{\"amount\":\"12\",\"items\":1,\"coupon\":null}"));
    assertEquals(
        new Violation("", "required", "a member \"coupon\"", "none"),
        table.check("{\"amount\":1,\"items\":1}"));
    assertEquals(
        new Violation("/items", "minimum", "at least 1", "0"),
        table.check("{\"amount\":1,\"items\":0,\"coupon\":null}"));
    assertEquals(
        new Violation("/amount", "exclusiveMaximum", "less than 1000", "1000"),
        table.check("{\"amount\":1000,\"items\":1,\"coupon\":null}"));
    assertEquals(
        new Violation("/channel", "enum", "one of \"web\", \"app\"", "\"store\""),
        table.check("{\"amount\":1,\"items\":1,\"coupon\":null,\"channel\":\"store\"}"));
    assertEquals(
        new Violation("/place/lon", "additionalProperties", "no value here", "2"),
        table.check("{\"amount\":1,\"items\":1,\"coupon\":null,\"place\":{\"lat\":1,\"lon\":2}}"));
    assertEquals(
        new Violation("/place", "required", "a member \"lat\"", "none"),
        table.check("{\"amount\":1,\"items\":1,\"coupon\":null,\"place\":{}}"));
    assertEquals(
        new Violation("/coupon", "type", "string or null", "an array of 2"),
        table.check("{\"amount\":1,\"items\":1,\"coupon\":[1,2]}"));
  }

  @Test
  void dataThatIsNoJsonObjectIsAViolation() {
    SchemaTable table = SchemaTable.of(ORDER);
    assertEquals(new Violation("", "type", "JSON", "no data"), table.check("", DataFormat.NONE));
    assertEquals(
        new Violation("", "type", "JSON", "other data"), table.check("x", DataFormat.BINARY));
    assertEquals(new Violation("", "type", "object", "an array of 0"), table.check("[]"));
  }

  @Test
  void everythingThatIsToldIsShort() {
    SchemaTable table = SchemaTable.of(ORDER);
    String longName = "n".repeat(100_000);
    Violation violation =
        table.check(
            "{\"amount\":1,\"items\":1,\"coupon\":null,\"place\":{\"lat\":1,\"%s\":\"%s\"}}"
                .formatted(longName, longName));
    assertNotNull(violation);
    assertTrue(violation.toString().length() < 600, violation.toString());
  }

  @Test
  void expressionsWithoutEndAreStopped() {
    SchemaTable table =
        SchemaTable.of(
            "{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a|aa)+(b|\\\\1b)$\"}}}");
    assertNull(table.check("{\"a\":\"aaab\"}"));
    assertEquals("limit", keyword(table.check("{\"a\":\"%s!\"}".formatted("a".repeat(60)))));
    SchemaTable names = SchemaTable.of("{\"patternProperties\":{\"^(a|aa)+(b|\\\\1b)$\":true}}");
    assertEquals("limit", keyword(names.check("{\"%s!\":1}".formatted("a".repeat(60)))));
    SchemaTable deep =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a|b)*$\"}}}");
    assertEquals("limit", keyword(deep.check("{\"a\":\"%s\"}".formatted("ab".repeat(400_000)))));
  }

  @Test
  void expressionsAreThoseOfTheStandard() {
    SchemaTable table =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^[a[&&b]+$\"}}}");
    assertNull(table.check("{\"a\":\"a[&b\"}"));
    assertEquals("pattern", keyword(table.check("{\"a\":\"a\\n\"}")));
  }

  @Test
  void hugeNumbersAreNoCalculation() {
    SchemaTable table =
        SchemaTable.of(
            "{\"properties\":{\"a\":{\"type\":\"number\",\"multipleOf\":0.01,\"maximum\":1e300}}}");
    assertNull(table.check("{\"a\":12.34}"));
    assertEquals("multipleOf", keyword(table.check("{\"a\":12.345}")));
    assertEquals("maximum", keyword(table.check("{\"a\":1e1000}")));
    assertEquals("limit", keyword(table.check("{\"a\":1e999999999}")));
    assertEquals("limit", keyword(table.check("{\"a\":1e-99999999999999999999}")));
  }

  @Test
  void equalItemsAreFoundInTimeThatGrowsWithTheData() {
    SchemaTable table =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"array\",\"uniqueItems\":true}}}");
    StringBuilder items = new StringBuilder("{\"a\":[0");
    for (int i = 1; i < 100_000; i++) {
      items.append(',').append(i);
    }
    assertNull(table.check(items + "]}"));
    assertEquals("uniqueItems", keyword(table.check(items + ",1e1,10.0]}")));
  }

  @Test
  void integersBeyondWhatADoubleTellsApartAreCompared() {
    SchemaTable table =
        SchemaTable.of(
            "{\"properties\":{\"a\":{\"type\":\"number\",\"maximum\":9007199254740992}}}");
    assertNull(table.check("{\"a\":9007199254740992}"));
    assertEquals("maximum", keyword(table.check("{\"a\":9007199254740993}")));
    SchemaTable fraction =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"number\",\"minimum\":0.1}}}");
    assertNull(fraction.check("{\"a\":0.1}"));
    assertEquals("minimum", keyword(fraction.check("{\"a\":0.09999999999999999999999}")));
    SchemaTable positive =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"number\",\"minimum\":0}}}");
    assertEquals("minimum", keyword(positive.check("{\"a\":-1e-400}")));
  }

  @Test
  void oneDocumentGetsSoManyStepsAndNoMore() {
    SchemaTable table =
        SchemaTable.of(
            "{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}");
    String items = "1,".repeat(499_999) + "1";
    assertEquals("limit", keyword(table.check("{\"a\":[" + items + "]}")));
    String texts = "\"\",".repeat(299_999) + "\"\"";
    assertNull(table.check("{\"a\":[" + texts + "]}"));
  }

  @Test
  void formatsAreOnlyRemarks() {
    SchemaTable table =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"date-time\"}}}");
    assertNull(table.check("{\"a\":\"yesterday\"}"));
    assertEquals(0, table.check.thorough());
  }

  @Test
  void ofMembersWithTheSameNameTheFirstCounts() {
    SchemaTable table =
        SchemaTable.of("{\"properties\":{\"a\":{\"type\":\"integer\",\"maximum\":5}}}");
    assertNull(table.check("{\"a\":1,\"a\":9}"));
    assertEquals("maximum", keyword(table.check("{\"a\":9,\"a\":1}")));
  }

  @Test
  void columnsSayValidOnlyIfTheLibraryDoes() {
    int[] decided = new int[2];
    Seeds.run(
        700,
        (seed, chance) -> {
          boolean simple = chance.nextBoolean();
          RandomSchema random = new RandomSchema(chance, simple);
          SchemaTable table = SchemaTable.of(random.text());
          for (int i = 0; i < 20; i++) {
            compare(table, random.data(), simple, decided);
          }
        });
    assertTrue(decided[0] > 1_000 || Long.getLong("leat.seed") != null, "decided " + decided[0]);
    assertTrue(decided[1] > 1_000 || Long.getLong("leat.seed") != null, "invalid " + decided[1]);
  }

  private static void compare(SchemaTable table, String data, boolean simple, int[] decided) {
    long before = table.check.thorough();
    Violation violation = table.check(data);
    boolean valid = table.isValid(data);
    boolean asked = table.check.thorough() > before;
    String what = "%s of %s: %s".formatted(data, table.schema.tree().asObject(), violation);
    assertEquals(valid, violation == null, what);
    if (simple && valid && table.wasRegular()) {
      assertTrue(!asked, what);
    }
    decided[0] += asked ? 0 : 1;
    decided[1] += valid ? 0 : 1;
    assertEquals(violation, table.check(data), "the same twice");
  }

  @Test
  void dataThatIsDeepIsFollowedToTheEndOfWhatIsRead() {
    SchemaTable table =
        SchemaTable.of(
            "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/list\"}},\"$defs\":{\"list\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/list\"}}}}");
    assertNull(table.check("{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}"));
    assertEquals(
        "type", keyword(table.check("{\"a\":" + "[".repeat(62) + "1" + "]".repeat(62) + "}")));
  }

  private static String keyword(Violation violation) {
    assertNotNull(violation);
    return violation.keyword();
  }
}
