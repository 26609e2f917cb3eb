package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cel.common.values.NullValue;
import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.RowChunk;
import dev.leat.event.Slice;
import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.testkit.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A key is the same at the door, in the event and in the row. */
class KeyPathTest {
  private static final ExpressionScope UNKNOWN = ExpressionScope.of(DataType.unknown());

  private static ExpressionScope typed() {
    LinkedHashMap<String, Member> place = new LinkedHashMap<>();
    place.put("city", new Member(Scalar.TEXT, true, false));
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    members.put("origin", new Member(Scalar.TEXT, true, false));
    members.put("distance", new Member(Scalar.NUMBER, true, false));
    members.put("place", new Member(new ObjectOf(place, true), true, false));
    members.put("extra", new Member(DataType.unknown(), true, false));
    return ExpressionScope.of(new ObjectOf(members, true));
  }

  @Test
  void pathsAreChecked() {
    assertEquals("data.place.city", ready("data.place.city", typed()).toString());
    assertEquals("subject", ready("subject", ExpressionScope.envelope()).toString());
    assertEquals("data.extra.x", ready("data.extra.x", typed()).toString());
    assertEquals("data.a.b", ready(" data.a.b ", UNKNOWN).toString());
    assertEquals("there is no data.orign; did you mean data.origin?", wrong("data.orign", typed()));
    assertEquals(
        "there is no data.place.cty; did you mean data.place.city?",
        wrong("data.place.cty", typed()));
    assertEquals("there is no origin; did you mean data.origin?", wrong("origin", typed()));
    assertEquals("there is no subjct; did you mean subject?", wrong("subjct", typed()));
    assertEquals(
        "data.distance is a number with fractions; a key is text or an integer",
        wrong("data.distance", typed()));
    assertEquals("data.origin is text and has no members", wrong("data.origin.x", typed()));
    assertEquals("subject is text and has no members", wrong("subject.x", typed()));
    assertEquals("data can't be asked for here", wrong("data.x", ExpressionScope.envelope()));
    assertTrue(wrong("time", typed()).startsWith("'time' can't be a key; a key is one of id"));
    for (String bad : List.of("data", "data.", "data..x")) {
      assertEquals("expected a member of the data, as data.origin", wrong(bad, UNKNOWN));
    }
  }

  @Test
  void theEnvelopeHasKeys() {
    EventDraft draft = Events.draft("{}");
    for (String path : List.of("id", "source", "type", "subject")) {
      assertEquals(door(path, draft), event(path, draft));
    }
    assertEquals("LAS-7", event("subject", draft));
    assertEquals(null, event("partitionkey", draft));
    draft.partitionKey.set("");
    draft.subject.clear();
    assertEquals("", event("partitionkey", draft));
    assertEquals(null, door("subject", draft));
    assertEquals(null, event("subject", draft));
  }

  @Test
  void textAndIntegersAreKeys() {
    assertEquals("a\"é", event("data.k", "{\"x\":[{\"k\":1}],\"\\u006b\":\"a\\\"\\u00e9\"}"));
    assertEquals("-9223372036854775808", event("data.k", "{\"k\":-9223372036854775808}"));
    assertEquals("12345678901234567890123", event("data.k", "{\"k\":12345678901234567890123}"));
    assertEquals("0", event("data.k", "{\"k\":-0}"));
    assertEquals("5", event("data.k", "{\"k\":5.0}"));
    assertEquals("-200", event("data.k", "{\"k\":-2e2}"));
    assertEquals("0", event("data.k", "{\"k\":-0.0}"));
    assertEquals("7", event("data.o.k", "{\"o\":{\"j\":{\"k\":1},\"k\":7}}"));
    for (String none : List.of("1.5", "1e-400", "1e300", "true", "null", "[1]", "{}")) {
      assertEquals(null, event("data.k", "{\"k\":" + none + "}"));
    }
    assertEquals(null, event("data.k", "[1]"));
    assertEquals(null, event("data.k.l", "{\"k\":1}"));
    EventDraft text = Events.draft("{\"k\":1}");
    text.dataFormat = DataFormat.TEXT;
    assertEquals(null, event("data.k", text));
    assertEquals(null, door("data.k", text));
  }

  @Test
  void doorEventAndRowAgree() {
    AtomicInteger found = new AtomicInteger();
    Seeds.run(
        500,
        (seed, chance) -> {
          DataSchema schema = new DataSchema();
          Shredder shredder = new Shredder(schema);
          RowChunk chunk = new RowChunk(0);
          KeyReader reader = ready("data." + path(chance), UNKNOWN).reader(schema);
          KeyReader door = ready(reader.path().toString(), UNKNOWN).reader();
          for (int n = 0; n < 20; n++) {
            EventDraft draft = Events.draft(object(chance, 0));
            EventCursor event = Events.cursor(draft);
            Row row = new Row(schema);
            row.begin(event, chunk);
            shredder.shred(event.bytes(), event.dataAt(), event.dataLength(), chunk);
            row.setRegular(!chunk.rest.isPresent(chunk.rows()));
            String expected = model(event, reader.path().members());
            Slice slice = new Slice();
            door.read(draft, slice);
            assertEquals(expected, text(slice), draft.data::toString);
            door.read(event, slice);
            assertEquals(expected, text(slice), draft.data::toString);
            reader.read(row, slice);
            assertEquals(expected, text(slice), draft.data::toString);
            found.addAndGet(expected == null ? 0 : 1);
            chunk.endRow(1);
          }
        });
    assertTrue(found.get() > 0, "no key was found at all");
  }

  private static @Nullable String model(EventCursor event, List<String> path) {
    Object at =
        new DataReader(true).read(event.bytes(), event.dataAt(), event.dataLength(), Scalar.ANY);
    for (String name : path) {
      at = at instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return switch (at) {
      case null -> null;
      case NullValue _ -> null;
      case String text -> text;
      case Long number -> number.toString();
      case Double number when number == Math.rint(number) && number < 1e15 ->
          Long.toString(number.longValue());
      case ExactNumber number -> number.text().matches("-?\\d+") ? number.text() : null;
      default -> null;
    };
  }

  private static String path(RandomGenerator chance) {
    return List.of("a", "b", "a.a", "a.b", "b.a.b", "b.b").get(chance.nextInt(6));
  }

  private static String object(RandomGenerator chance, int depth) {
    StringBuilder json = new StringBuilder("{");
    String comma = "";
    for (String name : List.of("\"c\"", "\"a\"", "\"\\u0062\"")) {
      if (chance.nextInt(5) > 0) {
        json.append(comma).append(name).append(':').append(value(chance, depth));
        comma = ",";
      }
    }
    return json.append('}').toString();
  }

  private static String value(RandomGenerator chance, int depth) {
    if (depth < 3 && chance.nextBoolean()) {
      return object(chance, depth + 1);
    }
    List<String> values =
        List.of(
            "1",
            "-7",
            "-0",
            "2.0",
            "1e3",
            "null",
            "true",
            "[1,{\"a\":1}]",
            "\"x\"",
            "\"\"",
            "\"\\u00e9\\n\"",
            "\"é😀\"",
            "99999999999999999999",
            "-9223372036854775808",
            "1e-400");
    return values.get(chance.nextInt(values.size()));
  }

  private static KeyPath ready(String path, ExpressionScope scope) {
    KeyPath.Reading reading = KeyPath.read(path, scope);
    return assertInstanceOf(KeyPath.Ready.class, reading, reading.toString()).path();
  }

  private static String wrong(String path, ExpressionScope scope) {
    return assertInstanceOf(KeyPath.Wrong.class, KeyPath.read(path, scope)).message();
  }

  private static @Nullable String event(String path, String data) {
    return event(path, Events.draft(data));
  }

  private static @Nullable String event(String path, EventDraft draft) {
    Slice slice = new Slice();
    ready(path, UNKNOWN).reader().read(Events.cursor(draft), slice);
    return text(slice);
  }

  private static @Nullable String door(String path, EventDraft draft) {
    Slice slice = new Slice();
    ready(path, UNKNOWN).reader().read(draft, slice);
    return text(slice);
  }

  private static @Nullable String text(Slice slice) {
    return slice.isPresent() ? slice.toString() : null;
  }
}
