package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.DataType.ListOf;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.ExpressionCompiler.Compiled;
import dev.leat.pipeline.ExpressionCompiler.Wrong;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What expressions mean, what they refuse, and what they say then. */
class ExpressionTest {
  private static final ObjectOf FLIGHT =
      object(
          Map.of(
              "origin",
              new Member(Scalar.TEXT, true, false),
              "distance",
              new Member(Scalar.NUMBER, true, false),
              "delay",
              new Member(Scalar.INTEGER, false, true),
              "late",
              new Member(Scalar.BOOLEAN, false, false),
              "tags",
              new Member(new ListOf(Scalar.TEXT), false, false),
              "legs",
              new Member(
                  new ListOf(object(Map.of("price", new Member(Scalar.NUMBER, true, false)))),
                  false,
                  false),
              "from",
              new Member(
                  object(Map.of("city", new Member(Scalar.TEXT, false, false))), false, false)));

  private static final ExpressionCompiler ENVELOPE =
      new ExpressionCompiler(ExpressionScope.envelope());
  private static final ExpressionCompiler TYPED =
      new ExpressionCompiler(ExpressionScope.of(FLIGHT));
  private static final ExpressionCompiler UNKNOWN =
      new ExpressionCompiler(ExpressionScope.of(DataType.unknown()));

  private static final String DATA =
      """
      {"origin":"LAS","distance":1200,"delay":5,"late":true,"tags":["a","b"],\
      "legs":[{"price":1.5},{"price":2}],"from":{"city":"Las Vegas"}}""";

  @Test
  void theEnvelopeCanBeAskedFor() throws ExpressionException {
    assertTrue(envelope("type == 'flight.departed'"));
    assertTrue(envelope("type.startsWith('flight.') && source == '/airport' && id == 'id-1'"));
    assertTrue(envelope("subject in ['x', 'LAS-7'] && partitionkey == '' && sampledrate == 1"));
    assertTrue(envelope("time == timestamp('2023-11-14T22:13:20.123456Z')"));
    assertTrue(envelope("received_at - time < duration('1s') && time.getHours() == 22"));
    assertTrue(envelope("attributes.datacontenttype == 'application/json'"));
    assertTrue(envelope("attributes.retries > 1 && !has(attributes.other)"));
    assertTrue(envelope("type(type) == string"));
  }

  private static boolean envelope(String text) throws ExpressionException {
    EventDraft draft = Events.draft("{}");
    draft.attributes.set("{\"datacontenttype\":\"application/json\",\"retries\":2}");
    CelExpression expression = compiled(ENVELOPE, text, Scalar.BOOLEAN).instance(new DataSchema());
    boolean verdict = expression.test(Events.cursor(draft));
    assertEquals(verdict, expression.test(new EnvelopeCursor().of(draft)), "at the door");
    return verdict;
  }

  @Test
  void numbersAreWhatTheSchemaSays() throws ExpressionException {
    assertTrue(
        test(TYPED, "data.distance > 0 && data.distance < 6000 && data.distance / 7.0 > 1.5"));
    assertEquals(1200.0, value(TYPED, "data.distance"));
    assertEquals(2L, value(TYPED, "data.delay / 2"));
    assertEquals(5L, value(UNKNOWN, "data.delay"));
    assertEquals(1200L, value(UNKNOWN, "data.distance"));
    assertEquals(5L, value(TYPED, "data.delay", "{\"delay\":5.0}"));
    assertEquals(5.0, value(UNKNOWN, "data.delay", "{\"delay\":5.0}"));
    assertEquals(1e20, value(UNKNOWN, "data.n", "{\"n\":100000000000000000000}"));
  }

  @Test
  void loopsTextsAndMathsAreThere() throws ExpressionException {
    assertTrue(test(TYPED, "data.legs.all(leg, leg.price > 1.0) && data.tags.exists(t, t == 'b')"));
    assertTrue(test(TYPED, "size(data.tags) == 2 && 'a' in data.tags && has(data.from.city)"));
    assertTrue(
        test(TYPED, "data.from.city.matches('^Las V') && data.origin.lowerAscii() == 'las'"));
    assertTrue(test(TYPED, "math.abs(-data.distance) == 1200.0"));
    assertTrue(test(UNKNOWN, "data['origin'] == 'LAS' && 'delay' in data && !has(data.other)"));
    assertTrue(test(UNKNOWN, "data.all(name, size(name) > 3) && type(data) == map"));
    assertTrue(test(UNKNOWN, "data.from == {'city': 'Las Vegas'} && data.legs[1].price == 2"));
    assertEquals(List.of(3.0, 4.0), value(TYPED, "data.legs.map(leg, leg.price * 2.0)"));
  }

  @Test
  void valuesAreThoseOfData() throws ExpressionException {
    assertEquals("2023-11-14T22:13:20.123456Z", value(TYPED, "time"));
    assertEquals("0.876544s", value(TYPED, "received_at - time"));
    assertEquals(Map.of("a", 1L), value(TYPED, "{'a': 1}"));
    assertNull(value(UNKNOWN, "data.x", "{\"x\":null}"));
    assertEquals(Map.of("city", "Las Vegas"), value(UNKNOWN, "data.from"));
    assertEquals(Scalar.NUMBER, compiled(TYPED, "data.distance", null).type());
    assertEquals(Scalar.TEXT, compiled(TYPED, "time", null).type());
    assertEquals(new ListOf(Scalar.TEXT), compiled(TYPED, "data.tags", null).type());
    assertInstanceOf(ObjectOf.class, compiled(TYPED, "data.from", null).type());
  }

  @Test
  void slipsGetASuggestion() {
    assertEquals(
        "1:5: there is no data.distnce; did you mean data.distance?",
        problem(TYPED, "data.distnce > 0"));
    assertEquals(
        "1:10: there is no data.from.cty; did you mean data.from.city?",
        problem(TYPED, "data.from.cty == 'x'"));
    assertEquals(
        "1:26: there is no member prce; did you mean price?",
        problem(TYPED, "data.legs.exists(leg, leg.prce > 0)"));
    assertEquals("1:1: there is no dta; did you mean data?", problem(TYPED, "dta.origin == 'x'"));
    assertEquals("1:1: there is no typ; did you mean type?", problem(ENVELOPE, "typ == 'x'"));
    assertEquals(
        "1:1: there is no distance; did you mean data.distance?", problem(TYPED, "distance > 0"));
    assertEquals(
        "1:13: there is no function startWith; did you mean startsWith?",
        problem(ENVELOPE, "id.startWith('x')"));
    assertEquals(
        "2:1: there is no typ; did you mean type?", problem(ENVELOPE, "id == 'x' &&\ntyp == 'x'"));
  }

  @Test
  void mistakesAreSaidPlainly() {
    assertTrue(problem(ENVELOPE, "data.x > 0").startsWith("1:1: data can't be asked for here"));
    assertTrue(problem(TYPED, "time < now").contains("there is no now"));
    assertTrue(problem(TYPED, "time < now()").contains("there is no function now"));
    assertEquals(
        "1:15: > does not go with double and string", problem(TYPED, "data.distance > 'a'"));
    assertEquals(
        "1:15: == does not go with double and int; write 2.0 for a double and double(x) to make one",
        problem(TYPED, "data.distance == 0"));
    assertEquals("1:16: the expression is not complete", problem(TYPED, "data.distance >"));
    assertEquals("1:6: ')' can't stand here", problem(TYPED, "1 == )"));
    assertEquals(
        "1:1: this yields double, but has to yield true or false", problem(TYPED, "data.distance"));
    assertEquals("1:1: there is no expression", problem(TYPED, "  "));
    assertEquals("1:12: all can't be called this way", problem(UNKNOWN, "data.xy.all(k)"));
    assertEquals(2, problems(TYPED, "data.a > 0 && data.b > 0").size());
  }

  @Test
  void whatIsTooLongOrTooDeepIsRefused() {
    assertTrue(problem(TYPED, "true" + " ".repeat(5_000)).contains("4,096 characters"));
    String tooDeep = "1:1: at most 64 levels of operators and brackets may lie inside each other";
    for (String text :
        List.of(
            "(".repeat(2_000) + "true" + ")".repeat(2_000),
            "1" + "+1".repeat(2_000) + " > 0",
            "[".repeat(1_000) + "]".repeat(1_000) + " == []",
            "data" + ".a".repeat(2_000) + " == 1")) {
      assertEquals(tooDeep, problem(UNKNOWN, text));
    }
    assertInstanceOf(
        Compiled.class, TYPED.compile("true" + " && true".repeat(400), Scalar.BOOLEAN));
  }

  @Test
  void whatCanNotBeEvaluatedSaysWhy() {
    assertEquals("there is no member missing", failure(UNKNOWN, "data.missing > 1", DATA));
    assertEquals(
        "> does not go with the values here", failure(TYPED, "data.delay > 1", "{\"delay\":null}"));
    assertEquals("there is no member zzz", failure(UNKNOWN, "data['zzz'] == 1", DATA));
    assertTrue(failure(UNKNOWN, "9223372036854775807 + data.delay > 0", DATA).contains("overflow"));
    assertTrue(failure(UNKNOWN, "data.delay / 0 == 1", DATA).contains("zero"));
    assertEquals(
        "expected true or false, found the text 'LAS'", failure(UNKNOWN, "data.origin", DATA));
    assertTrue(failure(UNKNOWN, "data.origin.matches('(')", DATA).length() > 5);
    assertTrue(failure(UNKNOWN, "data.origin.matches('((a{100}){100}){100}')", DATA).length() > 5);
    assertTrue(failure(UNKNOWN, "data.x == 1", "[1]").length() > 5);
    assertTrue(failure(UNKNOWN, "timestamp(data.origin) > time", DATA).length() > 5);
  }

  @Test
  void loopsAreLimited() throws ExpressionException {
    String many = "{\"n\":[" + "1,".repeat(150) + "1]}";
    assertTrue(test(UNKNOWN, "data.n.all(a, a == 1)", many));
    assertEquals(
        "its loops take more than 10,000 steps",
        failure(UNKNOWN, "data.n.all(a, data.n.all(b, data.n.all(c, a == c)))", many));
  }

  @Test
  void dataThatIsNoJsonIsEmpty() throws ExpressionException {
    EventDraft draft = Events.draft("text");
    draft.dataFormat = DataFormat.TEXT;
    EventCursor event = Events.cursor(draft);
    CelExpression expression =
        compiled(UNKNOWN, "!has(data.x) && size(data) == 0", Scalar.BOOLEAN)
            .instance(new DataSchema());
    assertTrue(expression.test(event));
    draft.data.clear();
    draft.dataFormat = DataFormat.NONE;
    assertTrue(expression.test(Events.cursor(draft)));
  }

  @Test
  void deepDataIsRead() throws ExpressionException {
    String deep = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
    assertTrue(test(UNKNOWN, "size(data.a) == 1", deep));
    assertFalse(test(UNKNOWN, "data.a == [1]", deep));
  }

  private static ObjectOf object(Map<String, Member> members) {
    return new ObjectOf(new LinkedHashMap<>(members), true);
  }

  private static Compiled compiled(
      ExpressionCompiler compiler, String text, @Nullable DataType wanted) {
    return switch (compiler.compile(text, wanted)) {
      case Compiled compiled -> compiled;
      case Wrong wrong -> throw new AssertionError(text + ": " + wrong.problems());
    };
  }

  private static List<ExpressionProblem> problems(ExpressionCompiler compiler, String text) {
    return assertInstanceOf(Wrong.class, compiler.compile(text, Scalar.BOOLEAN)).problems();
  }

  private static String problem(ExpressionCompiler compiler, String text) {
    return problems(compiler, text).getFirst().toString();
  }

  private static Row row(EventCursor event) {
    Row row = new Row(new DataSchema());
    row.begin(event, new RowChunk(0));
    return row;
  }

  private static boolean test(ExpressionCompiler compiler, String text) throws ExpressionException {
    return test(compiler, text, DATA);
  }

  private static boolean test(ExpressionCompiler compiler, String text, String data)
      throws ExpressionException {
    return compiled(compiler, text, Scalar.BOOLEAN)
        .instance(new DataSchema())
        .test(row(Events.cursor(data)));
  }

  private static @Nullable Object value(ExpressionCompiler compiler, String text)
      throws ExpressionException {
    return value(compiler, text, DATA);
  }

  private static @Nullable Object value(ExpressionCompiler compiler, String text, String data)
      throws ExpressionException {
    return compiled(compiler, text, null)
        .instance(new DataSchema())
        .value(row(Events.cursor(data)));
  }

  private static String failure(ExpressionCompiler compiler, String text, String data) {
    return assertThrows(ExpressionException.class, () -> test(compiler, text, data), text)
        .getMessage();
  }
}
