package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSchemaTest {
  @Test
  void schemasHaveAnIdAndAVersion() {
    EventSchema named = SchemaTable.read("{\"$id\":\"https://example.com/order\"}");
    assertEquals("https://example.com/order", named.id());
    EventSchema unnamed = SchemaTable.read("{}");
    assertEquals("test", unnamed.id());
    assertTrue(unnamed.version().matches("[0-9a-f]{12}"), unnamed.version());
    assertNotEquals(unnamed.version(), named.version());
    assertEquals("44136fa355b3", unnamed.version(), "the beginning of the SHA-256 of {}");
  }

  @Test
  void whatIsNoSchemaIsRefused() {
    assertProblem("{", "", "no JSON that can be read: expected a name or '}'");
    assertProblem("{\"type\":\"object\",\"type\":\"object\"}", "/type", "the name is there twice");
    assertProblem("true", "", "a schema for events is an object, not boolean");
    assertProblem("{\"type\":\"objekt\"}", "/type", "");
    assertProblem("{\"properties\":{\"a\":{\"minLength\":-1}}}", "/properties/a/minLength", "");
    assertProblem("{\"required\":\"a\"}", "/required", "Value is [string] but should be [array]");
    assertProblem(
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema", "only https://");
    assertProblem(
        "{\"properties\":{\"a\":{\"pattern\":\"(\"}}}", "/properties/a/pattern", "no reg");
    assertProblem("{\"patternProperties\":{\"(\":true}}", "/patternProperties/(", "no regular");
    assertProblem("{\"maximum\":1e5000}", "", "no JSON that can be read: not in bounds: numbers");
    assertProblem("{\"maxLength\":99999999999}", "/maxLength", "at most 2147483647");
    assertProblem("{\"type\":\"array\"}", "/type", "the data of an event is an object");
    assertProblem("{\"type\":[\"array\",\"string\"]}", "/type", "the data of an event is an");
    assertProblem("{\"type\":\"null\"}", "/type", "the data of an event is an object");
  }

  @Test
  void referencesStayInside() {
    assertProblem("{\"$ref\":\"https://example.com/a\"}", "/$ref", "https://example.com/a is anot");
    assertProblem("{\"$ref\":\"file:///etc/passwd\"}", "/$ref", "file:///etc/passwd is another");
    assertProblem("{\"$ref\":\"other.json#/a\"}", "/$ref", "other.json#/a is another document");
    assertProblem("{\"items\":{\"$dynamicRef\":\"x#a\"}}", "/items/$dynamicRef", "x#a is another");
    assertProblem("{\"$ref\":\"#/$defs/a\"}", "/$ref", "there is no schema at #/$defs/a");
    assertProblem("{\"$ref\":\"#a\"}", "/$ref", "there is no schema at #a");
    assertProblem("{\"$ref\":\"#/$defs/%zz\"}", "/$ref", "there is no schema at #/$defs/%zz");
    assertProblem("{\"$ref\":\"#/$defs/a+b\"}", "/$ref", "write %2B for the + in #/$defs/a+b");
    SchemaTable.read(
        "{\"properties\":{\"p\":{\"$ref\":\"#/$defs/a%2Bb~1%C3%A4\"}},\"$defs\":{\"a+b/ä\":true}}");
    assertProblem("{\"$ref\":\"#\"}", "", "refers to itself without end");
    assertProblem(
        "{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},\"b\":{\"not\":{\"$ref\":\"#/$defs/a\"}}}}",
        "/$defs/a",
        "refers to itself");
    assertProblem("{\"$defs\":{\"a\":{\"$id\":\"x\"}}}", "/$defs/a/$id", "a schema inside another");
    assertProblem(
        "{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}",
        "/$defs/b/$anchor",
        "the anchor");
    SchemaTable.read("{\"const\":{\"$ref\":\"https://example.com/a\"}}");
  }

  @Test
  void typesComeFromWhatIsObvious() {
    ObjectOf type =
        SchemaTable.read(
                """
                {"$id":"https://example.com/s","type":"object","required":["i","other"],
                 "additionalProperties":false,
                 "properties":{
                  "i":{"type":"integer"},"n":{"type":["number","integer"]},"s":{"type":["null","string"]},
                  "b":{"const":true},"e":{"enum":["a","b",null]},"m":{"enum":["a",1]},"f":{"enum":[1,2.0]},
                  "l":{"type":"array","items":{"type":"string"}},"u":{"type":["string","integer"]},
                  "any":true,"r":{"$ref":"#/$defs/x%20y"},"a":{"$ref":"#anchored"},
                  "o":{"anyOf":[{"type":"string"},{"type":"null"}]},
                  "two":{"oneOf":[{"type":"string"},{"type":"integer"}]},
                  "all":{"allOf":[{"type":"number"},{"type":"integer"}]},
                  "self":{"$ref":"https://example.com/s#/$defs/tree"}},
                 "$defs":{"x y":{"type":"boolean"},"z":{"$anchor":"anchored","type":"string","enum":["q"]},
                  "tree":{"properties":{"child":{"$ref":"#/$defs/tree"},"v":{"type":"number"}}}}}
                """)
            .type();
    assertFalse(type.open());
    assertEquals(new Member(Scalar.INTEGER, true, false), type.members().get("i"));
    assertEquals(new Member(Scalar.ANY, true, true), type.members().get("other"));
    assertEquals(new Member(Scalar.NUMBER, false, false), type.members().get("n"));
    assertEquals(new Member(Scalar.TEXT, false, true), type.members().get("s"));
    assertEquals(new Member(Scalar.BOOLEAN, false, false), type.members().get("b"));
    assertEquals(new Member(Scalar.TEXT, false, true), type.members().get("e"));
    assertEquals(new Member(Scalar.ANY, false, false), type.members().get("m"));
    assertEquals(new Member(Scalar.INTEGER, false, false), type.members().get("f"));
    assertEquals(new Member(new ListOf(Scalar.TEXT), false, false), type.members().get("l"));
    assertEquals(new Member(Scalar.ANY, false, false), type.members().get("u"));
    assertEquals(new Member(Scalar.ANY, false, true), type.members().get("any"));
    assertEquals(new Member(Scalar.BOOLEAN, false, false), type.members().get("r"));
    assertEquals(new Member(Scalar.TEXT, false, false), type.members().get("a"));
    assertEquals(new Member(Scalar.TEXT, false, true), type.members().get("o"));
    assertEquals(new Member(Scalar.ANY, false, false), type.members().get("two"));
    assertEquals(new Member(Scalar.INTEGER, false, false), type.members().get("all"));
    ObjectOf tree = (ObjectOf) type.members().get("self").type();
    assertEquals(Scalar.NUMBER, tree.members().get("v").type());
    assertEquals(Scalar.ANY, tree.members().get("child").type());
  }

  @Test
  void partsOfAnObjectAreMerged() {
    ObjectOf type =
        SchemaTable.read(
                """
                {"allOf":[{"required":["a"],"properties":{"a":{"type":"number"}}},
                          {"properties":{"a":{"type":"integer"},"b":{"type":"string"}}}]}
                """)
            .type();
    assertEquals(new Member(Scalar.INTEGER, true, false), type.members().get("a"));
    assertEquals(new Member(Scalar.TEXT, false, false), type.members().get("b"));
  }

  @Test
  void whatNoTableCanHoldIsRefused() {
    assertProblem(
        "{\"properties\":{\"a\":{\"type\":\"string\"},\"A\":{\"type\":\"string\"}}}",
        "",
        "data.A differs from the field a only in case");
    assertProblem("{\"properties\":{\"\":{\"type\":\"string\"}}}", "", "data. can't be a column");
    String deep = "{\"type\":\"string\"}";
    for (int i = 0; i < DataSchema.MAX_DEPTH; i++) {
      deep = "{\"type\":\"object\",\"properties\":{\"a\":" + deep + "}}";
    }
    SchemaTable.read(deep);
    assertProblem(
        "{\"properties\":{\"a\":" + deep + "}}", "", "data.a.a.a.a.a.a.a.a.a is 9 levels deep");
    StringBuilder wide = new StringBuilder("{\"properties\":{\"f\":{\"type\":\"string\"}");
    for (int i = 0; i < DataSchema.MAX_FIELDS; i++) {
      wide.append(",\"f").append(i).append("\":{\"type\":\"string\"}");
    }
    assertProblem(wide + "}}", "", "the table would have 2001 fields");
  }

  @Test
  void referencesThatMultiplyAreStopped() {
    StringBuilder definitions = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < 40; i++) {
      definitions.append(
          "\"d%d\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/d%d\"},\"b\":{\"$ref\":\"#/$defs/d%d\"}}},"
              .formatted(i, i + 1, i + 1));
    }
    assertProblem(definitions + "\"d40\":{}}}", "", "its references multiply");
  }

  private static void assertProblem(String schema, String pointer, String message) {
    switch (EventSchema.parse("test", schema)) {
      case EventSchema.Valid valid -> throw new AssertionError("valid: " + valid);
      case EventSchema.Invalid(List<EventSchema.Problem> problems) -> {
        assertEquals(pointer, problems.getFirst().pointer(), problems.toString());
        assertTrue(problems.getFirst().message().startsWith(message), problems.toString());
      }
    }
  }
}
