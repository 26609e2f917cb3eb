package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Entry;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever is shredded can be put together again from columns and rest: nothing is lost and nothing
 * is invented.
 */
class ShredderTest {
  private final DataSchema schema = new DataSchema();
  private Shredder shredder = new Shredder(schema);
  private final RowChunk chunk = new RowChunk(0);

  @Test
  void scalarsGoIntoTypedColumns() {
    shred("{\"origin\":\"LAS\",\"delay\":-3,\"share\":0.5,\"late\":false,\"tags\":[1, 2]}");
    assertEquals(
        List.of(Kind.TEXT, Kind.LONG, Kind.DOUBLE, Kind.BOOLEAN, Kind.JSON),
        schema.entries().stream().map(Entry::kind).toList());
    assertEquals(
        "{origin=LAS, delay=-3, share=0.5, late=false, tags=[1.0, 2.0]}", columns(0).toString());
    assertFalse(chunk.rest.isPresent(0));
  }

  @Test
  void integersWidenWhenAFractionComes() {
    shred("{\"n\":1}");
    RowChunk.View before = publish();
    shred("{\"n\":1.5}");
    shred("{\"n\":2}");
    assertEquals(
        "[{n=1.0}, {n=1.5}, {n=2.0}]", List.of(columns(0), columns(1), columns(2)).toString());
    assertTrue(before.data(0) instanceof Column.Longs, "a reader keeps the column it was shown");
  }

  @Test
  void whatFitsNoColumnIsKeptInItsShape() {
    shred("{\"amount\":1,\"place\":{\"lat\":1.5,\"name\":\"x\"}}");
    shred(
        "{\"amount\":\"1\",\"place\":{\"lat\":\"north\",\"name\":\"y\"},\"Amount\":2,\"big\":99999999999999999999}");
    assertEquals("{place={name=y}}", columns(1).toString());
    assertEquals(
        "{\"amount\":\"1\",\"place\":{\"lat\":\"north\"},\"Amount\":2,\"big\":99999999999999999999}",
        rest(1));
  }

  @Test
  void nullsDeclareNothingAndEmptyObjectsAreKept() {
    shred("{\"a\":null,\"o\":{ },\"p\":{\"q\":{}}}");
    assertEquals("{}", columns(0).toString());
    assertEquals("{\"o\":{ },\"p\":{\"q\":{}}}", rest(0));
  }

  @Test
  void dataThatIsNoObjectIsAllRest() {
    shred("[1, 2]");
    shred("\"text\"");
    assertEquals("[1, 2]", rest(0));
    assertEquals("\"text\"", rest(1));
  }

  @Test
  void namesAndTextAreUnescaped() {
    shred("{\"\\u0061\\\"\":\"tab\\t\\ud83d\\ude00\"}");
    assertEquals("{a\"=tab\t😀}", columns(0).toString());
  }

  @Test
  void thousandsOfNamesStayBounded() {
    StringBuilder wide = new StringBuilder("{\"n0\":0");
    for (int i = 1; i < 20_000; i++) {
      wide.append(",\"n").append(i).append("\":").append(i);
    }
    shred(wide.append('}').toString());
    assertEquals(DataSchema.MAX_FIELDS, schema.entries().size());
    assertEquals(20_000 - DataSchema.MAX_FIELDS, ((Map<?, ?>) parse(rest(0))).size());
  }

  @Test
  void columnsAndRestTogetherAreWhatWasSent() {
    Seeds.run(2_000, (seed, chance) -> new ShredderTest().roundTrips(chance));
  }

  @Test
  void tablesWithDeclaredFieldsLoseNothingEither() {
    int[] regular = new int[1];
    Seeds.run(
        500,
        (seed, chance) -> {
          ShredderTest test = new ShredderTest();
          ObjectOf type = randomType(chance, 0);
          test.declare(type, chance.nextBoolean() ? Set.of("data.b", "data.a.c") : Set.of());
          List<Entry> before = test.schema.entries();
          regular[0] += test.roundTrips(chance);
          assertEquals(before, test.schema.entries(), "data declares nothing");
        });
    assertTrue(regular[0] > 100 || Long.getLong("leat.seed") != null, "regular " + regular[0]);
  }

  private static ObjectOf randomType(RandomGenerator chance, int depth) {
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    for (String name : List.of("a", "b", "c", "é", "\"")) {
      DataType type =
          switch (chance.nextInt(depth > 1 ? 7 : 9)) {
            case 0 -> Scalar.ANY;
            case 1 -> Scalar.TEXT;
            case 2 -> Scalar.INTEGER;
            case 3 -> Scalar.NUMBER;
            case 4 -> Scalar.BOOLEAN;
            case 5 -> new ListOf(Scalar.ANY);
            case 6 -> Scalar.TEXT;
            default -> randomType(chance, depth + 1);
          };
      members.put(name, new Member(type, chance.nextInt(8) == 0, chance.nextBoolean()));
    }
    return new ObjectOf(members, true);
  }

  private void declare(ObjectOf type, Set<String> reserved) {
    schema.setClosed(true);
    SchemaFields.declare(schema, type);
    shredder = new Shredder(schema, type, reserved);
  }

  @Test
  void onlyDeclaredFieldsGetWhatDataShows() {
    declare(PLACE, Set.of("data.from"));
    assertTrue(shred("{\"n\":3.0,\"d\":2,\"t\":null,\"o\":{\"r\":1}}"));
    assertEquals("{n=3, d=2.0, o={r=1}}", columns(0).toString());
    assertFalse(shred("{\"n\":2.5,\"d\":1e999,\"x\":1,\"T\":\"case\",\"o\":{\"r\":2,\"z\":[]}}"));
    assertEquals("{o={r=2}}", columns(1).toString());
    assertEquals("{\"n\":2.5,\"d\":1e999,\"x\":1,\"T\":\"case\",\"o\":{\"z\":[]}}", rest(1));
    assertFalse(shred("{\"n\":1,\"from\":\"me\"}"));
    assertEquals("{n=1}", columns(2).toString());
    assertEquals("{\"from\":\"me\"}", rest(2));
  }

  @Test
  void rowsAreRegularIfTheirColumnsSayItAll() {
    declare(PLACE, Set.of());
    assertTrue(shred("{\"n\":9007199254740993,\"d\":9007199254740992}"));
    assertTrue(shred("{\"n\":-0,\"d\":-0.0,\"o\":{\"r\":1}}"));
    assertTrue(shred("{\"n\":1,\"d\":0.1234567890123456789}"));
    for (String irregular :
        List.of(
            "[]",
            "{}",
            "{\"n\":null}",
            "{\"n\":1,\"d\":null}",
            "{\"n\":1,\"n\":1}",
            "{\"n\":1,\"t\":null,\"t\":\"a\"}",
            "{\"n\":1,\"x\":null}",
            "{\"n\":1,\"o\":{}}",
            "{\"n\":1,\"o\":{\"r\":null}}",
            "{\"n\":1,\"o\":{\"q\":1}}",
            "{\"n\":1,\"d\":9007199254740993}",
            "{\"n\":1,\"d\":1e-400}",
            "{\"n\":1.00000000000000000001}",
            "{\"n\":99999999999999999999}")) {
      assertFalse(shred(irregular), irregular);
    }
  }

  @Test
  void rowsOfUnknownDataAreRegularWithoutNulls() {
    assertTrue(shred("{\"a\":1,\"o\":{\"b\":\"x\",\"l\":[null]}}"));
    assertFalse(shred("{\"a\":null}"));
    assertFalse(shred("{\"a\":1,\"a\":2}"));
    assertFalse(shred("{\"a\":\"text\"}"));
    assertFalse(shred("{\"o\":{}}"));
  }

  @Test
  void namesSentTwiceKeepTheirFirstValueInTheColumn() {
    assertFalse(
        shred("{\"a\":\"x\",\"a\":\"y\",\"a\":null,\"o\":{\"b\":1,\"b\":2},\"o\":{\"c\":3}}"));
    assertEquals("{a=x, o={b=1}}", columns(0).toString());
    assertEquals("{\"a\":\"y\",\"a\":null,\"o\":{\"b\":2},\"o\":{\"c\":3}}", rest(0));
  }

  private static final ObjectOf PLACE =
      SchemaTable.read(
              """
              {"required":["n"],
               "properties":{
                 "n":{"type":"integer"},
                 "d":{"type":"number"},
                 "t":{"type":["string","null"]},
                 "from":{"type":["string","null"]},
                 "o":{"type":["object","null"],"required":["r"],
                      "properties":{"r":{"type":["integer","null"]},"q":{"type":["integer","null"]}}}}}
              """)
          .type();

  /** Sends random objects and returns how many of their rows are regular. */
  private int roundTrips(RandomGenerator chance) {
    int regular = 0;
    for (int row = 0; row < 12; row++) {
      Map<String, Object> sent = object(chance, 0);
      if (shred(render(sent, chance))) {
        regular++;
        assertTrue(shredder.saysAll() || !chunk.rest.isPresent(row));
        assertEquals(withoutNulls(sent).toString(), String.valueOf(sorted(columns(row))));
      }
      if (shredder.saysAll()) {
        assertEquals(sorted(sent), sorted(parse(storedAgain(row))));
      }
      Map<String, Object> found = columns(row);
      if (chunk.rest.isPresent(row)) {
        merge(found, parse(rest(row)));
      }
      assertEquals(withoutNulls(sent).toString(), String.valueOf(sorted(withoutNulls(found))));
    }
    return regular;
  }

  @Test
  void whatColumnsSayNeedNotBeKeptAsItWasSent() {
    declare(PLACE, Set.of("data.from"));
    for (String said :
        List.of(
            "{\"n\":9007199254740993,\"d\":0.1,\"t\":\"a\\u00e9\\n\",\"o\":{\"r\":1}}",
            "{\"t\":null,\"n\":-1}",
            "{\"o\":null,\"n\":1,\"t\":null}",
            "{\"n\":1,\"d\":-123.4567}")) {
      assertTrue(shred(said) && shredder.saysAll(), said);
      assertEquals(parse(said), parse(storedAgain(chunk.rows() - 1)));
    }
    for (String more :
        List.of(
            "{\"n\":1,\"d\":0.1234567890123456789}",
            "{\"n\":1,\"d\":1.2345678e-320}",
            "{\"n\":1,\"t\":\"a\\u0000\"}",
            "{\"n\":1,\"o\":{\"r\":1,\"q\":null}}",
            "{\"n\":1,\"from\":\"me\"}",
            "{\"n\":1,\"x\":1}",
            "{\"n\":null}",
            "[1]")) {
      shred(more);
      assertFalse(shredder.saysAll(), more);
    }
  }

  @Test
  void withoutADefinitionDataIsKeptAsItWasSent() {
    assertTrue(shred("{\"a\":1}"));
    assertFalse(shredder.saysAll());
  }

  private String storedAgain(int row) {
    StoredData stored = new StoredData(schema, new Written(Map.of(), schema));
    return new String(Objects.requireNonNull(stored.write(chunk, row)), UTF_8);
  }

  private boolean shred(String json) {
    byte[] bytes = ("xx" + json + "yy").getBytes(UTF_8);
    boolean regular = shredder.shred(bytes, 2, bytes.length - 4, chunk);
    chunk.endRow(bytes.length);
    return regular;
  }

  private RowChunk.View publish() {
    chunk.publish();
    return chunk.view();
  }

  private String rest(int row) {
    return new String(chunk.rest.get(row), UTF_8);
  }

  private Map<String, Object> columns(int row) {
    return columns(publish(), schema.entries(), -1, row);
  }

  private static Map<String, Object> columns(
      RowChunk.View view, List<Entry> entries, int parent, int row) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (Entry entry : DataSchema.childrenOf(entries, parent)) {
      if (entry.kind() == Kind.OBJECT) {
        Map<String, Object> nested = columns(view, entries, entry.id(), row);
        if (!nested.isEmpty()) {
          object.put(entry.name(), nested);
        }
      } else {
        Column column = view.data(entry.id());
        if (column != null && column.isPresent(row)) {
          object.put(entry.name(), value(column, row, entry.kind()));
        }
      }
    }
    return object;
  }

  private static Object value(Column column, int row, Kind kind) {
    return switch (column) {
      case Column.Longs longs -> longs.get(row);
      case Column.Doubles doubles -> doubles.get(row);
      case Column.Booleans booleans -> booleans.get(row);
      case Column.Bytes bytes when kind == Kind.JSON -> parse(new String(bytes.get(row), UTF_8));
      case Column.Bytes bytes -> new String(bytes.get(row), UTF_8);
    };
  }

  // The naive side: values as Java collections.

  private static Map<String, Object> object(RandomGenerator chance, int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    int members = chance.nextInt(6);
    for (int i = 0; i < members; i++) {
      object.put("abcABC\"é".charAt(chance.nextInt(8)) + "", randomValue(chance, depth));
    }
    return object;
  }

  private static @Nullable Object randomValue(RandomGenerator chance, int depth) {
    return switch (chance.nextInt(depth > 9 ? 6 : 8)) {
      case 0 -> null;
      case 1 -> "text " + chance.nextInt(3) + "\\\"\n";
      case 2 -> (double) chance.nextInt(100);
      case 3 -> chance.nextInt(100) + 0.25;
      case 4 -> chance.nextBoolean();
      case 5 -> List.of("in a list", 1.0);
      default -> object(chance, depth + 1);
    };
  }

  private static String render(@Nullable Object value, RandomGenerator chance) {
    String space = chance.nextInt(4) == 0 ? " " : "";
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map -> {
        List<String> members = new ArrayList<>();
        map.forEach(
            (name, member) ->
                members.add(quote((String) name) + space + ":" + render(member, chance)));
        yield "{" + space + String.join("," + space, members) + "}";
      }
      case List<?> list -> {
        List<String> items = new ArrayList<>();
        list.forEach(item -> items.add(render(item, chance)));
        yield "[" + String.join("," + space, items) + "]";
      }
      case String text -> quote(text);
      case Double number when number == Math.rint(number) && chance.nextBoolean() ->
          Long.toString(number.longValue());
      default -> value.toString();
    };
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  private static @Nullable Object parse(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner();
    scanner.reset(bytes, 0, bytes.length);
    return parse(scanner, scanner.next());
  }

  private static @Nullable Object parse(JsonScanner scanner, Token token) {
    return switch (token) {
      case OBJECT_START -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (scanner.next() == Token.NAME) {
          object.put(text(scanner), parse(scanner, scanner.next()));
        }
        yield object;
      }
      case ARRAY_START -> {
        List<Object> list = new ArrayList<>();
        for (Token item = scanner.next(); item != Token.ARRAY_END; item = scanner.next()) {
          list.add(parse(scanner, item));
        }
        yield list;
      }
      case STRING -> text(scanner);
      case TRUE -> true;
      case FALSE -> false;
      case INTEGER, DECIMAL -> scanner.doubleValue();
      case NULL -> null;
      case NAME, OBJECT_END, ARRAY_END, END -> throw new AssertionError("unexpected " + token);
    };
  }

  private static String text(JsonScanner scanner) {
    byte[] into = new byte[scanner.tokenLength()];
    return new String(into, 0, scanner.unescape(into, 0), UTF_8);
  }

  @SuppressWarnings("unchecked")
  private static void merge(Map<String, Object> into, Object rest) {
    ((Map<String, Object>) rest)
        .forEach(
            (name, value) -> {
              if (into.get(name) instanceof Map<?, ?> known && value instanceof Map<?, ?>) {
                merge((Map<String, Object>) known, value);
              } else {
                assertEquals(null, into.put(name, value), "twice: " + name);
              }
            });
  }

  /**
   * Nulls leave no trace, nor do objects that held nothing else; numbers are compared as doubles.
   */
  private static Object withoutNulls(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    Map<String, Object> kept = new TreeMap<>();
    map.forEach(
        (name, member) -> {
          if (member != null) {
            Object pruned = withoutNulls(member);
            boolean wasObject = member instanceof Map<?, ?> inner && !inner.isEmpty();
            if (!wasObject || !((Map<?, ?>) pruned).isEmpty()) {
              kept.put((String) name, pruned);
            }
          }
        });
    return kept;
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      map.forEach((name, member) -> sorted.put((String) name, sorted(member)));
      return sorted;
    }
    return value instanceof Long number ? (Object) number.doubleValue() : value;
  }
}
