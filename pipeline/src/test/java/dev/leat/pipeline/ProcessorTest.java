package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataFormat;
import dev.leat.event.DataSchema;
import dev.leat.event.EventDraft;
import dev.leat.pipeline.Plan.Planning;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of events under a definition that uses everything there is. */
class ProcessorTest {
  private static final String DEFINITION =
      """
      streams:
        - name: flights
          match: type == 'flight'
          schema: flight.json
          rules:
            - {name: short, check: data.distance < 6000}
            - {name: real, check: data.distance > 0, otherwise: drop}
            - {name: on-time, check: "!has(data.delay) || data.delay < 60", otherwise: flag}
            - {name: near, check: data.distance < 5000, otherwise: flag}
          enrich:
            - {lookup: airports, on: data.origin, into: data.from, missing: dead-letter}
            - {lookup: airports, on: data.destination, into: data.to}
            - {compute: data.distance * 2, into: data.return}
            - {compute: "data.from.city + '!'", into: data.cry}
        - name: doors
          match: type == 'door'
          dedup: off
          entity: {key: subject, version: data.version}
        - name: steps
          match: type == 'step'
          entity: {key: data.who, version: data.version, order: next}
        - name: counters
          match: type == 'counter'
          key: attributes.meter
          entity: {key: attributes.meter, version: attributes.sequence}
      lookups:
        airports: {file: airports.csv, key: iata}
      """;

  private static final String SCHEMA =
      """
      {"type":"object","required":["origin","distance"],"properties":{
        "origin":{"type":"string"},"destination":{"type":"string"},
        "distance":{"type":"integer"},"delay":{"type":"integer"}}}
      """;

  private static final Contents CONTENTS =
      new Contents(Map.of("flight.json", SCHEMA), Map.of("airports", airports()), Map.of());

  private final TestTables tables =
      new TestTables(TestTables.plan(DEFINITION, CONTENTS, Kinds.BUILT_IN));

  private static LookupTable airports() {
    LookupTable.Builder table =
        LookupTable.builder(
            List.of(
                new LookupTable.Column("iata", DataType.Scalar.TEXT),
                new LookupTable.Column("city", DataType.Scalar.TEXT),
                new LookupTable.Column("latitude", DataType.Scalar.NUMBER)),
            "iata");
    table.add("LAS", "Las Vegas", 36.08);
    table.add("PHL", "Philadelphia", null);
    return table.build();
  }

  @Test
  void aGoodEventBecomesARowWithWhatEnrichmentAdds() {
    Verdict verdict =
        tables.send(
            "flight",
            "1",
            "{\"origin\":\"LAS\",\"destination\":\"PHL\",\"distance\":2176,\"x\":1}");
    assertEquals(Verdict.STORED, verdict, tables.reason());
    Map<String, String> row = tables.rows("flights").getFirst();
    assertEquals("2176", row.get("distance"));
    assertEquals("4352", row.get("return"));
    assertEquals("Las Vegas", row.get("from.city"));
    assertEquals("36.08", row.get("from.latitude"));
    assertEquals("Philadelphia", row.get("to.city"));
    assertNull(row.get("to.latitude"));
    assertEquals("Las Vegas!", row.get("cry"));
    assertEquals("{\"x\":1}", row.get("rest"));
    assertNull(row.get("flags"));
  }

  @Test
  void whatAnEventBringsWhereEnrichmentWritesIsKeptApart() {
    tables.send("flight", "1", "{\"origin\":\"LAS\",\"distance\":9,\"from\":{\"city\":\"Rome\"}}");
    Map<String, String> row = tables.rows("flights").getFirst();
    assertEquals("Las Vegas", row.get("from.city"));
    assertEquals("{\"from\":{\"city\":\"Rome\"}}", row.get("rest"));
  }

  @Test
  void aBrokenSchemaNamesThePlace() {
    assertEquals(
        Verdict.DEAD_LETTERED, tables.send("flight", "1", "{\"origin\":7,\"distance\":12}"));
    Map<String, String> letter = tables.rows("dead_letters").getFirst();
    assertEquals("flights", letter.get("stream"));
    assertEquals("schema", letter.get("stage"));
    assertEquals("schema-broken", letter.get("reason"));
    assertEquals("/origin", letter.get("pointer"));
    assertEquals("type", letter.get("rule"));
    assertEquals("1", letter.get("attempt"));
    assertTrue(tables.rows("flights").isEmpty());
  }

  @Test
  void otherDataThanJsonIsADeadLetterWhereThereIsASchema() {
    EventDraft draft = new EventDraft();
    draft.id.set("1");
    draft.source.set("/test");
    draft.type.set("flight");
    draft.data.set("text");
    draft.dataFormat = DataFormat.TEXT;
    assertEquals(Verdict.DEAD_LETTERED, tables.send(draft));
    assertEquals("decode: not-json", tables.reason());
    draft.type.set("unheard-of");
    assertEquals(Verdict.STORED, tables.send(draft));
    assertEquals(1, tables.rows("events").size());
  }

  @Test
  void rulesSendBackDropOrFlag() {
    assertEquals(
        Verdict.DEAD_LETTERED,
        tables.send("flight", "1", "{\"origin\":\"LAS\",\"distance\":7000}"));
    assertEquals("rule: rule-broken short", tables.reason());
    assertEquals(
        Verdict.FILTERED, tables.send("flight", "2", "{\"origin\":\"LAS\",\"distance\":-1}"));
    assertEquals(
        Verdict.STORED,
        tables.send("flight", "3", "{\"origin\":\"LAS\",\"distance\":5500,\"delay\":90}"));
    assertEquals("on-time,near", tables.rows("flights").getFirst().get("flags"));
    assertEquals(Verdict.STORED, tables.send("flight", "4", "{\"origin\":\"LAS\",\"distance\":5}"));
    assertNull(tables.rows("flights").get(1).get("flags"));
    assertEquals("real", tables.rows("discarded").getFirst().get("rule"));
  }

  @Test
  void aCopyIsOneOfWhatWasStoredNotOfWhatFailed() {
    String bad = "{\"origin\":\"LAS\",\"distance\":7000}";
    String good = "{\"origin\":\"LAS\",\"distance\":700}";
    assertEquals(Verdict.DEAD_LETTERED, tables.send("flight", "1", bad));
    assertEquals(Verdict.STORED, tables.send("flight", "1", good));
    assertEquals(Verdict.DUPLICATE, tables.send("flight", "1", good));
    assertEquals("1", tables.rows("discarded").getFirst().get("first_offset"));
    assertEquals(Verdict.STORED, tables.send("other", "1", good), "another stream");
  }

  @Test
  void aDeadLetterSentAgainAsItWasIsACopyOfIt() {
    String bad = "{\"origin\":\"LAS\",\"distance\":7000}";
    assertEquals(Verdict.DEAD_LETTERED, tables.send("flight", "1", bad));
    assertEquals(Verdict.DUPLICATE, tables.send("flight", "1", bad));
    assertEquals("a copy of 0", tables.reason());
    assertEquals(
        Verdict.DEAD_LETTERED,
        tables.send("flight", "1", bad.replace("7000", "7001")),
        "other data is another try");
    assertEquals(Verdict.DEAD_LETTERED, tables.send("flight", "2", bad));
    assertEquals(3, tables.rows("dead_letters").size());
  }

  @Test
  void aKeyThatALookupLacksIsADeadLetterOrNull() {
    assertEquals(
        Verdict.DEAD_LETTERED, tables.send("flight", "1", "{\"origin\":\"XXX\",\"distance\":7}"));
    assertEquals("enrich: lookup-missing airports at /origin", tables.reason());
    assertEquals(Verdict.STORED, tables.send("flight", "1", "{\"origin\":\"PHL\",\"distance\":7}"));
  }

  @Test
  void anEntityTakesVersionsThatFollow() {
    assertEquals(Verdict.STORED, door("1", 5, null));
    assertEquals(Verdict.DEAD_LETTERED, door("2", 5, null));
    assertEquals("entity: version-conflict data.version", tables.reason());
    assertEquals("a version after 5", tables.rows("dead_letters").getFirst().get("expected"));
    assertEquals(Verdict.STORED, door("3", 9, null));
    assertEquals(Verdict.DEAD_LETTERED, door("4", 10, "5"));
    assertEquals(Verdict.STORED, door("5", 10, "9"));
    assertEquals(Verdict.DEAD_LETTERED, door("6", 11, "none"));
  }

  private Verdict door(String id, int version, String expected) {
    EventDraft draft = new EventDraft();
    draft.id.set(id);
    draft.source.set("/test");
    draft.type.set("door");
    draft.subject.set("front");
    draft.data.set("{\"version\":%d}".formatted(version));
    draft.dataFormat = DataFormat.JSON;
    if (expected != null) {
      draft.attributes.set("{\"other\":\"x\",\"expectedversion\":\"%s\"}".formatted(expected));
    }
    return tables.send(draft);
  }

  @Test
  void anEntityInOrderTakesTheNextVersionOnly() {
    assertEquals(Verdict.STORED, tables.send("step", "1", "{\"who\":\"ann\",\"version\":1}"));
    assertEquals(
        Verdict.DEAD_LETTERED, tables.send("step", "2", "{\"who\":\"ann\",\"version\":3}"));
    assertEquals(Verdict.STORED, tables.send("step", "3", "{\"who\":\"ann\",\"version\":2}"));
    assertEquals(Verdict.STORED, tables.send("step", "4", "{\"who\":\"bob\",\"version\":7}"));
    assertEquals(Verdict.DEAD_LETTERED, tables.send("step", "5", "{\"who\":\"bob\"}"));
    assertEquals("entity: version-missing data.version", tables.reason());
    assertEquals(Verdict.DEAD_LETTERED, tables.send("step", "6", "{\"version\":1}"));
    assertEquals("entity: key-missing data.who", tables.reason());
  }

  @Test
  void keyAndVersionMayBeAttributes() {
    assertEquals(
        Verdict.STORED, tables.send("counter", "1", "{}", "{\"meter\":\"m\",\"sequence\":\"7\"}"));
    assertEquals(
        Verdict.DEAD_LETTERED,
        tables.send("counter", "2", "{}", "{\"sequence\":\"6\",\"meter\":\"m\"}"));
    assertEquals("entity: version-conflict attributes.sequence", tables.reason());
    assertEquals(
        Verdict.STORED, tables.send("counter", "3", "{}", "{\"meter\":\"n\",\"sequence\":1}"));
    assertEquals(Verdict.DEAD_LETTERED, tables.send("counter", "4", "{}", "{\"meter\":\"n\"}"));
  }

  @Test
  void correctionsUndoOrReplaceAndLeaveATrail() {
    tables.send("other", "a", "{\"n\":1}");
    tables.send("other", "b", "{\"n\":2}");
    assertEquals(
        Verdict.STORED, correct("r", "{}", "{\"corrects\":\"a\",\"correction\":\"retract\"}"));
    assertEquals(
        Verdict.STORED,
        correct("s", "{\"n\":9}", "{\"correction\":\"replace\",\"corrects\":\"b\"}"));
    assertEquals(4, tables.rows("events").size());
    assertEquals(
        List.of("0 retract", "2 retraction", "1 replace"),
        tables.rows("superseded").stream()
            .map(row -> row.get("of_offset") + " " + row.get("how"))
            .toList());
    assertEquals(
        Verdict.DEAD_LETTERED,
        correct("t", "{}", "{\"corrects\":\"b\",\"correction\":\"retract\"}"));
    assertEquals("correction: already-corrected", tables.reason());
    assertEquals(
        Verdict.STORED, correct("u", "{}", "{\"corrects\":\"s\",\"correction\":\"retract\"}"));
    assertEquals(
        Verdict.DEAD_LETTERED,
        correct("v", "{}", "{\"corrects\":\"nobody\",\"correction\":\"retract\"}"));
    assertEquals("correction: target-unknown", tables.reason());
    assertEquals(
        Verdict.DEAD_LETTERED, correct("w", "{}", "{\"corrects\":\"u\",\"correction\":\"undo\"}"));
    assertEquals("correction: correction-unknown", tables.reason());
    assertEquals(
        Verdict.DUPLICATE, correct("u", "{}", "{\"corrects\":\"s\",\"correction\":\"retract\"}"));
  }

  private Verdict correct(String id, String data, String attributes) {
    return tables.send("other", id, data, attributes);
  }

  @Test
  void whatIsStoredIsCountedAsEnrichmentLeavesIt() {
    String yaml =
        """
        streams:
          - name: sales
            match: type == 'sale'
            rules:
              - {name: positive, check: data.total > 0}
            enrich:
              - {compute: data.total * 2, into: data.double}
        metrics:
          - {name: turnover, from: sales, window: {tumbling: 1h}, measures: {sum: sum(data.double)}}
        """;
    Plan plan = TestTables.plan(yaml, Contents.NONE, Kinds.BUILT_IN);
    Aggregates aggregates = Aggregates.restore(new byte[0], (_, _, _, _, _) -> {});
    TestTables sales = new TestTables(plan, aggregates);
    sales.send("sale", "1", "{\"total\":10}");
    sales.send("sale", "1", "{\"total\":10}");
    sales.send("sale", "2", "{\"total\":0}");
    sales.send("other", "3", "{\"total\":1}");
    sales.send("sale", "4", "{\"total\":7}");
    assertEquals(
        Verdict.STORED,
        sales.send("sale", "5", "{}", "{\"corrects\":\"1\",\"correction\":\"retract\"}"));
    assertEquals(
        Verdict.STORED,
        sales.send(
            "sale", "6", "{\"total\":3}", "{\"corrects\":\"4\",\"correction\":\"replace\"}"));
    MetricPlan metric = plan.metrics().getFirst();
    Cells cells = aggregates.live(metric.id(), 0, 1).get(0L);
    CellLayout layout = metric.layout(new DataSchema());
    assertEquals("40", String.valueOf(layout.value(0, cells, 0, 1, null)), "20, 14 and 6");
    assertEquals(
        List.of(
            new Aggregates.Mark.Corrected("sales", 0, 5),
            new Aggregates.Mark.Corrected("sales", 4, 6)),
        aggregates.marks(),
        "till a recomputation takes the corrected ones out");
  }

  @Test
  void anEventThatAStageCantCopeWithIsADeadLetterAndTheNextOneIsStored() {
    Kinds kinds = Kinds.BUILT_IN.with(new Exploding());
    String yaml =
        """
        streams:
          - name: bombs
            match: type == 'bomb'
            enrich:
              - {explode: data.how}
        """;
    TestTables bombs = new TestTables(TestTables.plan(yaml, Contents.NONE, kinds));
    assertEquals(Verdict.DEAD_LETTERED, bombs.send("bomb", "1", "{\"how\":\"stack\"}"));
    assertEquals("internal: defect CustomStage", bombs.reason());
    assertEquals(Verdict.DEAD_LETTERED, bombs.send("bomb", "2", "{\"how\":\"argument\"}"));
    assertEquals("enrich: step-error explode", bombs.reason());
    assertEquals(Verdict.STORED, bombs.send("bomb", "1", "{\"how\":\"no\"}"));
    assertEquals(1, bombs.rows("bombs").size());
  }

  /** A step that fails as the event says. */
  private static final class Exploding implements StepKind {
    @Override
    public String key() {
      return "explode";
    }

    @Override
    public List<String> settings() {
      return List.of();
    }

    @Override
    public Step read(Settings settings) {
      return new Step.CustomStep("explode", Map.of("explode", settings.path("explode")));
    }

    @Override
    public Map<String, DataType> outputs(Step.CustomStep step) {
      return Map.of();
    }

    @Override
    public StepRun compile(Step.CustomStep step, StepScope scope) {
      StepScope.Input how = scope.input(String.valueOf(step.settings().get("explode")));
      return event ->
          switch (how.text(event)) {
            case "stack" -> throw new StackOverflowError();
            case "argument" -> throw new IllegalArgumentException("of no use");
            case null, default -> null;
          };
    }
  }

  @Test
  void mistakesAreFoundBeforeAnyEvent() {
    String wrong =
        """
        streams:
          - name: flights
            match: typo == 'flight'
            key: data.orgin
            schema: flight.json
            rules:
              - {name: a, check: data.distnce > 0}
              - {name: b, check: data.distance}
            enrich:
              - {lookup: airports, on: data.origins, into: data.from}
              - {compute: data.from.town, into: data.town}
              - {compute: "1", into: data.from}
              - {compute: "1", into: data.origin}
        lookups:
          airports: {file: airports.csv, key: iata}
        """;
    Definition.Reading.Valid read = (Definition.Reading.Valid) Definition.parse(wrong);
    Planning.Invalid invalid =
        (Planning.Invalid) Plan.compile(read.definition(), read.places(), CONTENTS, Kinds.BUILT_IN);
    assertEquals(
        List.of(3, 4, 7, 8, 10, 11, 12, 13),
        invalid.mistakes().stream().map(Mistake::line).toList(),
        invalid.mistakes().toString());
    assertTrue(
        invalid.mistakes().get(2).message().contains("did you mean data.distance?"),
        invalid.mistakes().toString());
  }
}
