package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** A patch changes what it says and nothing else. */
class DataPatchTest {
  private static final String ODD =
      "{\"big\":123456789012345678901234567890,\"fine\":0.1234567890123456789012,"
          + "\"far\":1E400,\"no\":null,\"t\":\"q\\\"\\\\ \\u0001é😀\",\"list\":[1,2.5,{}],"
          + "\"min\":-9223372036854775808,\"d\":1.0E-7}";

  @Test
  void whatIsNotTouchedStays() {
    assertEquals(ODD, patched("data", ODD));
    assertEquals(
        ODD.replace("\"d\":1.0E-7", "\"d\":1.0E-7,\"new\":12"),
        patched("with(data, 'new', 12)", ODD));
    assertEquals(ODD.replace("\"no\":null,", ""), patched("without(data, 'no')", ODD));
    assertEquals("{\"copy\":123456789012345678901234567890}", patched("{'copy': data.big}", ODD));
  }

  @Test
  void membersAreSetAndTakenAway() {
    assertEquals("{\"a\":2,\"b\":1}", patched("with(data, 'a', 2)", "{\"a\":1,\"b\":1}"));
    assertEquals("{\"a\":{\"b\":{\"c\":true}}}", patched("with(data, 'a.b.c', true)", "{}"));
    assertEquals("{\"a.b\":null}", patched("with(data, ['a.b'], null)", "{}"));
    assertEquals("{\"a\":{\"y\":2}}", patched("without(data, 'a.x')", "{\"a\":{\"x\":1,\"y\":2}}"));
    assertEquals("{\"a\":1}", patched("without(data, 'b.c')", "{\"a\":1}"));
    assertEquals(
        "{\"n\":7,\"s\":\"7\"}",
        patched("with(with(data, 'n', int(data.n)), 's', string(data.n))", "{\"n\":\"7\"}"));
    assertEquals(
        "{\"l\":[{\"p\":1.0},{\"p\":2.5}]}",
        patched(
            "with(data, 'l', data.l.map(i, with(i, 'p', double(i.p))))",
            "{\"l\":[{\"p\":\"1\"},{\"p\":2.5}]}"));
    assertEquals(
        "{\"at\":\"2023-11-14T22:13:20.123456Z\",\"for\":\"90s\"}",
        patched("{'at': time, 'for': duration('1m30s')}", "{}"));
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertEquals("data has to be an object, not the number 1", failed("data.a", "{\"a\":1}"));
    assertEquals("JSON has no number Infinity", failed("{'a': 1.0 / 0.0}", "{}"));
    assertEquals("a member has a name, not the number 1", failed("{'x': {1: 2}}", "{}"));
    assertTrue(failed("with(data, 'a.b', 1)", "{\"a\":7}").contains("'a' is the number 7"));
    assertTrue(failed("with(data, '', 1)", "{}").contains("no path"));
    assertTrue(failed("with(data, 'a..b', 1)", "{}").contains("no path"));
    assertTrue(failed("{'a': data.zzz}", "{}").contains("zzz"));
    assertTrue(failed("{'a': data.big + 1}", ODD).length() > 5);
    String deep = "{\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
    assertEquals("the value is nested deeper than 64", failed("{'x': data}", deep));
  }

  @Test
  void mistakesAreFoundBeforehand() {
    assertEquals(
        "[1:1: this yields string, but has to yield an object]",
        assertInstanceOf(DataPatch.Wrong.class, DataPatch.compile("'x'")).problems().toString());
    assertEquals(
        "[1:4: there is no function wth; did you mean with?]",
        assertInstanceOf(DataPatch.Wrong.class, DataPatch.compile("wth(data, 'x', 1)"))
            .problems()
            .toString());
  }

  private static String patched(String cel, String data) {
    DataPatch.Outcome outcome = apply(cel, data);
    return new String(
        assertInstanceOf(DataPatch.Patched.class, outcome, outcome.toString()).data(), UTF_8);
  }

  private static String failed(String cel, String data) {
    return assertInstanceOf(DataPatch.Failed.class, apply(cel, data)).reason();
  }

  private static DataPatch.Outcome apply(String cel, String data) {
    DataPatch.Reading reading = DataPatch.compile(cel);
    return assertInstanceOf(DataPatch.Ready.class, reading, reading.toString())
        .patch()
        .apply(Events.cursor(data));
  }
}
