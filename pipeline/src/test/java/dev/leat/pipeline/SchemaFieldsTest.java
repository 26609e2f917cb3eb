package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Kind;
import dev.leat.pipeline.DataType.ObjectOf;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaFieldsTest {
  private static final String FIRST =
      """
      {"required":["n"],"properties":{"n":{"type":"integer"},"s":{"type":"string"},"any":{},
       "o":{"properties":{"x":{"type":"number"}}},"l":{"type":"array"}}}
      """;

  private final DataSchema table = new DataSchema();

  @Test
  void fieldsAreDeclaredInTheOrderOfTheSchema() {
    SchemaFields.declare(table, type(FIRST));
    assertEquals(
        List.of(
            new Entry(0, -1, "n", Kind.LONG),
            new Entry(1, -1, "s", Kind.TEXT),
            new Entry(2, -1, "o", Kind.OBJECT),
            new Entry(3, 2, "x", Kind.DOUBLE),
            new Entry(4, -1, "l", Kind.JSON)),
        table.entries());
  }

  @Test
  void tablesGrowWithTheirSchemas() {
    SchemaFields.declare(table, type(FIRST));
    ObjectOf next =
        type(
            """
            {"required":["new"],"properties":{"n":{"type":"number"},"new":{"type":"string"},"s":{},
             "any":{"type":"string"},"o":{"properties":{"y":{"type":"string"}}}}}
            """);
    List<Entry> before = table.entries();
    assertEquals(List.of(), conflicts(next));
    assertEquals(before, table.entries(), "asking changes nothing");
    SchemaFields.declare(table, next);
    assertEquals(
        List.of("n", "s", "o", "x", "l", "new", "any", "y"),
        table.entries().stream().map(Entry::name).toList());
    assertEquals(Kind.DOUBLE, table.entries().getFirst().kind());
    assertEquals(List.of(), conflicts(next), "and applies again");
  }

  @Test
  void fieldsDoNotChangeWhatTheyHold() {
    SchemaFields.declare(table, type(FIRST));
    assertConflict(
        "data.n is an integer in the table and can't become a string",
        "{\"n\":{\"type\":\"string\"}}");
    assertConflict(
        "data.o is an object in the table and can't become a string",
        "{\"o\":{\"type\":\"string\"}}");
    assertConflict(
        "data.s is a string in the table and can't become an object",
        "{\"s\":{\"type\":\"object\"}}");
    assertConflict(
        "data.o.x is a number in the table and can't become an integer",
        "{\"o\":{\"properties\":{\"x\":{\"type\":\"integer\"}}}}");
    assertConflict(
        "data.l is an array in the table and can't become a boolean",
        "{\"l\":{\"type\":\"boolean\"}}");
    assertConflict(
        "data.o.X differs from the field x only in case, which SQL does not tell apart",
        "{\"o\":{\"properties\":{\"X\":{\"type\":\"number\"}}}}");
    assertThrows(
        IllegalStateException.class,
        () -> SchemaFields.declare(table, type("{\"properties\":{\"n\":{\"type\":\"string\"}}}")));
  }

  @Test
  void whatIsANumberInOneTypeOfATableIsOneInAll() {
    ObjectOf whole = type("{\"properties\":{\"a\":{\"type\":\"integer\"}}}");
    ObjectOf fraction = type("{\"properties\":{\"a\":{\"type\":\"number\"}}}");
    assertEquals(List.of(), SchemaFields.conflicts(List.of(), List.of(fraction, whole)));
    SchemaFields.declare(table, whole);
    SchemaFields.declare(table, fraction);
    assertEquals(List.of(), SchemaFields.conflicts(table.entries(), List.of(whole, fraction)));
    assertEquals(1, SchemaFields.conflicts(table.entries(), List.of(whole)).size());
    ObjectOf text = type("{\"properties\":{\"a\":{\"type\":\"string\"}}}");
    assertEquals(1, SchemaFields.conflicts(List.of(), List.of(whole, text)).size());
  }

  @Test
  void tablesThatAreFullSaySo() {
    IntStream.range(0, DataSchema.MAX_FIELDS - 1)
        .forEach(i -> table.declare(table.root(), "f" + i, Kind.LONG));
    assertEquals(List.of(), conflicts(type("{\"properties\":{\"a\":{\"type\":\"string\"}}}")));
    assertConflict(
        "the table would have 2001 fields, at most 2000 are possible",
        "{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}}");
  }

  private static ObjectOf type(String schema) {
    return SchemaTable.read(schema).type();
  }

  private List<String> conflicts(ObjectOf type) {
    return SchemaFields.conflicts(table.entries(), List.of(type));
  }

  private void assertConflict(String reason, String properties) {
    assertEquals(List.of(reason), conflicts(type("{\"properties\":" + properties + "}")));
  }
}
