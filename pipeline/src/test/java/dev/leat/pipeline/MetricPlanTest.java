package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is found out about a metric before any event, and what is wrong with it. */
class MetricPlanTest {
  private static final String SCHEMA =
      """
      {"type": "object", "properties": {
        "origin": {"type": "string"}, "delay": {"type": "number"}, "late": {"type": "boolean"},
        "start": {"type": "string"}, "legs": {"type": "array"},
        "from": {"type": "object", "properties": {"city": {"type": "string"}}},
        "to": {"type": "object", "properties": {"city": {"type": "string"}}}}}
      """;

  private static String yaml(String metrics) {
    return """
        streams:
          - name: flights
            match: type == 'flight'
            schema: flight.json
            retention: {raw: 3d, minute: 30d}
            time: {disorder: 5s}
        metrics:
        """
        + metrics.indent(2);
  }

  private static Plan.Planning compile(String metrics) {
    Contents contents = new Contents(Map.of("flight.json", SCHEMA), Map.of(), Map.of());
    Definition.Reading.Valid valid =
        assertInstanceOf(
            Definition.Reading.Valid.class, Definition.parse(yaml(metrics), Kinds.BUILT_IN));
    return Plan.compile(valid.definition(), valid.places(), contents, Kinds.BUILT_IN);
  }

  private static MetricPlan plan(String metric) {
    Plan.Planning planning = compile(metric);
    if (planning instanceof Plan.Planning.Invalid invalid) {
      throw new AssertionError(invalid.mistakes());
    }
    return assertInstanceOf(Plan.Planning.Valid.class, planning).plan().metrics().getFirst();
  }

  private static List<String> mistakes(String metrics) {
    return assertInstanceOf(Plan.Planning.Invalid.class, compile(metrics)).mistakes().stream()
        .map(Mistake::toString)
        .toList();
  }

  private static String mistake(String metric) {
    List<String> all = mistakes(metric);
    assertEquals(1, all.size(), all.toString());
    return all.getFirst();
  }

  private static String measure(String text) {
    return "- {name: m, from: flights, window: {tumbling: 1h}, measures: {%s}}".formatted(text);
  }

  @Test
  void aPlanKnowsWhatItsStreamSays() {
    MetricPlan plan =
        plan(
            """
            - name: delays
              from: flights
              where: data.delay > 0
              window: {sliding: 1h, every: 5m}
              by: [data.origin, data.from.city, data.to.city, data.start, subject, data.delay]
              measures: {n: count(), sum: sum(data.delay)}
            """);
    assertEquals(
        List.of("origin", "data.from.city", "data.to.city", "data.start", "subject", "delay"),
        plan.labels());
    assertEquals(5_000_000, plan.time().disorder().toNanos() / 1_000);
    assertEquals(30, plan.retention().minute().toDays());
    assertEquals(300_000_000L, plan.bucketMicros());
    assertEquals(3_600_000_000L, plan.windowMicros());
    assertEquals(-300_000_000L, plan.bucketOf(Level.BASE, -1));
    assertEquals(3_600_000_000L, plan.bucketOf(Level.HOUR, 3_600_000_001L));
  }

  @Test
  void bucketsOfSessionsAreHours() {
    String session =
        "- {name: s, from: flights, window: {session: %s, key: subject}, measures: {n: count()}}";
    MetricPlan plan = plan(session.formatted("30m"));
    assertEquals(List.of("subject"), plan.labels());
    assertEquals(3_600_000_000L, plan.bucketMicros());
    assertEquals(1_800_000_000L, plan.windowMicros());
    assertEquals(7_200_000_000L, plan(session.formatted("61m")).bucketMicros());
    assertNull(plan.condition(new dev.leat.event.DataSchema()));
  }

  @Test
  void identitiesAreThoseOfTheResults() {
    String text =
        """
        - name: m
          from: flights
          where: data.delay > 0
          window: {tumbling: 1h}
          by: [data.origin]
          lateness: 2h
          series: 50
          measures: {n: count(), sum: sum(data.delay)}
        """;
    long id = plan(text).id();
    assertEquals(id, plan(text.replace("2h", "3h").replace("50", "60").replace("1h", "60m")).id());
    for (String[] change :
        new String[][] {
          {"name: m", "name: k"},
          {"from: flights", "from: events"},
          {"> 0", "> 1"},
          {"tumbling: 1h", "tumbling: 2h"},
          {"{tumbling: 1h}", "{sliding: 1h, every: 1h}"},
          {"[data.origin]", "[]"},
          {"n: count()", "k: count()"},
          {"sum: sum", "sum: max"}
        }) {
      assertNotEquals(id, plan(text.replace(change[0], change[1])).id(), change[1]);
    }
  }

  @Test
  void mistakesHaveTheirPlaces() {
    assertEquals(
        "8:68: metrics[0].measures.a: data.origin is text; expected a number",
        mistake(measure("a: sum(data.origin)")));
    assertEquals(
        "8:68: metrics[0].measures.a: subject is text; expected a number",
        mistake(measure("a: max(subject)")));
    assertEquals(
        "8:68: metrics[0].measures.a: data.legs is a list; expected text, a number, or true or"
            + " false",
        mistake(measure("a: distinct(data.legs)")));
    assertEquals(
        "8:68: metrics[0].measures.a: there is no data.dely; did you mean data.delay?",
        mistake(measure("a: avg(data.dely)")));
    assertEquals(
        "8:72: metrics[0].measures.start: 'start' is a name that Leat keeps for itself",
        mistake(measure("start: count()")));
    assertEquals(
        List.of(
            "11:23: metrics[0].by[1]: data.from is an object; expected text, a number, or true or"
                + " false",
            "12:24: metrics[0].measures.origin: a label is called 'origin' too, and both are"
                + " columns in SQL"),
        mistakes(
            """
            - name: m
              from: flights
              window: {tumbling: 1h}
              by: [data.origin, data.from]
              measures: {origin: count()}
            """));
    assertEquals(
        "8:72: metrics[0].window.key: the key of sessions is a label anyway; leave it out of 'by'",
        mistake(
            "- {name: m, from: flights, by: [subject], window: {session: 1h, key: subject},"
                + " measures: {n: count()}}"));
  }

  @Test
  void whatIsNotKnownMayBeAnything() {
    assertEquals(
        List.of(),
        plan("""
                - name: m
                  from: events
                  window: {tumbling: 1h}
                  measures: {a: sum(data.x), b: min(attributes.n), c: "topk(id, 3)", d: rate(data.y)}
                """)
            .labels());
  }
}
