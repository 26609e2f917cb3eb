package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.ViewSpec;
import dev.leat.pipeline.Definition.Reading;
import dev.leat.pipeline.Lookup.CustomLookup;
import dev.leat.pipeline.Lookup.FileLookup;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import dev.leat.pipeline.Step.ComputeStep;
import dev.leat.pipeline.Step.CustomStep;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.Step.Missing;
import dev.leat.pipeline.StreamSpec.Entity;
import dev.leat.pipeline.StreamSpec.Order;
import dev.leat.pipeline.StreamSpec.Otherwise;
import dev.leat.pipeline.StreamSpec.Retention;
import dev.leat.pipeline.StreamSpec.Rule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams, lookups and metrics, as a definition file says them. */
class DefinitionOfWorkTest {
  private static final String FLIGHTS =
      """
      server:  {host: 127.0.0.1, port: 5328}
      data: ./data
      log:     {partitions: 4, retention: 48h}
      streams:
        - name: flights
          match: type == 'flight.departed'        # CEL over the envelope
          key: data.origin
          schema: schemas/flight.json             # JSON Schema
          rules:
            - {name: plausible-distance, check: data.distance > 0 && data.distance < 6000}
          dedup: {window: 24h}
          enrich:
            - {lookup: airports, on: data.origin, into: data.from}
          retention: {raw: 90d}
      lookups:
        airports: {file: airports.csv, key: iata, refresh: 10m}
      metrics:
        - name: departures
          from: flights
          where: data.distance > 100
          window: {tumbling: 1h}
          by: [data.origin]
          lateness: 1d
          measures:
            flights: count()
            total_delay: sum(data.delay)
            mean_delay: avg(data.delay)
            destinations: distinct(data.destination)
            p95_delay: quantile(data.delay, 0.95)
            busiest: topk(data.destination, 5)
      """;

  @Test
  void aWholeDefinitionIsRead() {
    Definition read = valid(FLIGHTS);
    StreamSpec flights =
        new StreamSpec(
            "flights",
            "type == 'flight.departed'",
            "data.origin",
            "schemas/flight.json",
            List.of(
                new Rule(
                    "plausible-distance",
                    "data.distance > 0 && data.distance < 6000",
                    Otherwise.DEAD_LETTER)),
            Duration.ofDays(1),
            List.of(new LookupStep("airports", "data.origin", "data.from", Missing.NULL)),
            null,
            StreamSpec.Raw.NEEDED,
            new Retention(Duration.ofDays(90), null, null, null),
            StreamSpec.Time.DEFAULT);
    assertEquals(List.of(flights, StreamSpec.catchAll()), read.streams());
    assertEquals(
        Map.of("airports", new FileLookup("airports.csv", "iata", Duration.ofMinutes(10))),
        read.lookups());
    assertEquals(
        List.of(
            new MetricSpec(
                "departures",
                "flights",
                "data.distance > 100",
                new Window.Tumbling(Duration.ofHours(1)),
                List.of("data.origin"),
                Duration.ofDays(1),
                List.of(
                    new Measure("flights", Function.COUNT, null, null),
                    new Measure("total_delay", Function.SUM, "data.delay", null),
                    new Measure("mean_delay", Function.AVG, "data.delay", null),
                    new Measure("destinations", Function.DISTINCT, "data.destination", null),
                    new Measure("p95_delay", Function.QUANTILE, "data.delay", 0.95),
                    new Measure("busiest", Function.TOPK, "data.destination", 5.0)),
                MetricSpec.DEFAULT_SERIES)),
        read.metrics());
    assertEquals(read, valid(read.toYaml()));
  }

  /** A default that changes is a change for every user: it is meant to fail here first. */
  @Test
  void everyDefaultIsPinned() {
    Definition read =
        valid(
            """
            streams:
              - name: a
                match: 'true'
                rules: [{name: r, check: c}]
                enrich: [{lookup: l, on: subject, into: data.x}]
                entity: {key: subject, version: data.v}
            lookups:
              l: {file: f.csv, key: k}
            metrics:
              - {name: m, from: events, window: {tumbling: 1m}, measures: {n: count()}}
            """);
    StreamSpec stream = read.streams().getFirst();
    assertNull(stream.key());
    assertNull(stream.schema());
    assertNull(stream.retention());
    assertEquals(Duration.ofDays(1), stream.dedup());
    assertEquals(List.of(new Rule("r", "c", Otherwise.DEAD_LETTER)), stream.rules());
    assertEquals(List.of(new LookupStep("l", "subject", "data.x", Missing.NULL)), stream.enrich());
    assertEquals(new Entity("subject", "data.v", Order.NEWER), stream.entity());
    assertEquals(new FileLookup("f.csv", "k", Duration.ofMinutes(10)), read.lookups().get("l"));
    MetricSpec metric = read.metrics().getFirst();
    assertNull(metric.where());
    assertEquals(List.of(), metric.by());
    assertEquals(Duration.ofHours(1), metric.lateness());
  }

  @Test
  void otherThanTheDefaultsIsRead() {
    Definition read =
        valid(
            """
            streams:
              - name: events
                dedup: off
                rules:
                  - {name: a, check: x, otherwise: drop}
                  - {name: b, check: x, otherwise: flag}
                enrich:
                  - {compute: data.a + 1, into: data.b.c}
                  - {lookup: l, on: data.a, into: data.d, missing: dead-letter}
                  - {lookup: l, on: data.a, into: data.e, missing: null}
                entity: {key: data.id, version: data.v, order: next}
                retention: {raw: 1d, minute: 2d, hour: 3d, day: 4d}
              - {name: a, match: type == 'a', dedup: {window: 0s}, retention: {}}
            lookups:
              l: {file: f.csv, key: k, refresh: 5s}
            metrics:
              - name: s
                from: a
                window: {sliding: 1h, every: 1m}
                lateness: 0s
                measures: {a: rate(), b: rate(data.x), c: count(data.x), d: frequency(data.x)}
              - name: t
                from: events
                window: {session: 30m, key: subject}
                measures: {a: first(data.x), b: last(data.x), c: min(data.x), d: max(data.x)}
            """);
    StreamSpec events = read.stream("events").orElseThrow();
    assertEquals(Duration.ZERO, events.dedup());
    assertEquals(
        List.of(new Rule("a", "x", Otherwise.DROP), new Rule("b", "x", Otherwise.FLAG)),
        events.rules());
    assertEquals(
        List.of(
            new ComputeStep("data.a + 1", "data.b.c"),
            new LookupStep("l", "data.a", "data.d", Missing.DEAD_LETTER),
            new LookupStep("l", "data.a", "data.e", Missing.NULL)),
        events.enrich());
    assertEquals(new Entity("data.id", "data.v", Order.NEXT), events.entity());
    assertEquals(
        new Retention(
            Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(3), Duration.ofDays(4)),
        events.retention());
    assertEquals(
        new StreamSpec(
            "a",
            "type == 'a'",
            null,
            null,
            List.of(),
            Duration.ZERO,
            List.of(),
            null,
            StreamSpec.Raw.NEEDED,
            null,
            StreamSpec.Time.DEFAULT),
        read.streams().getLast());
    assertEquals(
        List.of(
            new Window.Sliding(Duration.ofHours(1), Duration.ofMinutes(1)),
            new Window.Session(Duration.ofMinutes(30), "subject")),
        read.metrics().stream().map(MetricSpec::window).toList());
    assertEquals(
        List.of("rate()", "rate(data.x)", "count(data.x)", "frequency(data.x)"),
        read.metrics().getFirst().measures().stream().map(Measure::text).toList());
  }

  @Test
  void mistakesInStreamsComeTogether() {
    assertEquals(
        """
        2:5: streams[0]: 'match' is missing
        2:11: streams[0].name: expected a name that SQL takes: a letter, then letters, digits \
        or '_', in lower case, at most 64 characters, found 'Flights'
        3:5: streams[0]: unknown key 'mach'; did you mean 'match'?
        4:10: streams[0].key: expected a path such as data.origin, found 'data..x'
        6:9: streams[0].rules[0]: 'check' is missing
        7:16: streams[0].rules[1].name: two rules of this stream are called 'r'
        7:40: streams[0].rules[1].otherwise: unknown value 'dropp'; did you mean 'drop'?
        8:21: streams[0].dedup.window: expected a duration such as 90s, 10m, 48h or 7d, found '1y'
        10:18: streams[0].enrich[0].lookup: unknown lookup 'airprots'; did you mean 'airports'?
        11:9: streams[0].enrich[1]: a step has one of the keys lookup, compute; did you mean \
        'compute' by 'compte'?
        12:9: streams[0].enrich[2]: a step is of one kind, and here are lookup and compute
        13:33: streams[0].enrich[3].into: expected a path into the data such as data.origin, \
        found 'x'
        14:13: streams[0].entity: 'version' is missing
        15:22: streams[0].retention.raw: expected a duration longer than nothing
        16:27: streams[1].match: stream 'events' takes what no other stream does and has no match
        16:37: streams[1].dedup: expected off or a window such as {window: 24h}, found 'on'
        17:12: streams[2].name: 'dead_letters' is a name that Leat keeps for itself
        18:12: streams[3].name: two streams are called 'events'
        19:5: streams[4]: expected keys and values, found 'x'
        21:12: streams[5].match: expected text, found the YAML tag !has(a); put text that \
        begins with '!' in quotes
        """,
        mistakes(
            """
            streams:
              - name: Flights
                mach: 'true'
                key: data..x
                rules:
                  - {name: r}
                  - {name: r, check: c, otherwise: dropp}
                dedup: {window: 1y}
                enrich:
                  - {lookup: airprots, on: id, into: data.x}
                  - {compte: a, into: data.x}
                  - {lookup: airports, compute: a}
                  - {compute: data.a, into: x}
                entity: {key: subject}
                retention: {raw: 0s}
              - {name: events, match: a, dedup: on}
              - {name: dead_letters, match: a}
              - {name: events}
              - x
              - name: b
                match: !has(a)
            lookups:
              airports: {file: a.csv, key: iata}
            """));
  }

  @Test
  void mistakesInLookupsAndMetricsComeTogether() {
    assertEquals(
        """
        2:35: streams[0].key: expected a path such as data.origin, found '5 5'
        4:3: lookups: expected a name: a letter, then letters, digits, '_' or '-', at most 64 \
        characters, found '1st'
        5:6: lookups.b: a lookup has one of the keys file; did you mean 'file' by 'fiel'?
        6:6: lookups.c: 'key' is missing
        6:29: lookups.c.refresh: expected a duration longer than nothing
        7:6: lookups.d: expected keys and values, found 'nothing'
        8:13: lookups.e.file: expected text, found ''
        8:22: lookups.e.key: expected text, found a list
        10:5: metrics[0].window: expected a window such as {tumbling: 1h}, {sliding: 1h, every: \
        1m} or {session: 30m, key: subject}
        11:12: metrics[1].name: two metrics are called 'm'
        11:21: metrics[1].from: unknown stream 'c'; known here: a, events
        11:32: metrics[1].window: expected a window such as {tumbling: 1h}, {sliding: 1h, \
        every: 1m} or {session: 30m, key: subject}
        12:32: metrics[2].window: a sliding window of 1h is no multiple of every 7m
        12:69: metrics[2].measures: expected a name that SQL takes: a letter, then letters, \
        digits or '_', in lower case, at most 64 characters, found 'N'
        13:21: metrics[3].from: unknown stream 'evens'; did you mean 'events'?
        13:36: metrics[3].window: expected a window such as {tumbling: 1h}, {sliding: 1h, \
        every: 1m} or {session: 30m, key: subject}
        13:55: metrics[3].by: expected a list, found 'data.x'
        13:77: metrics[3].measures.n: unknown measure 'cuont'; did you mean 'count'?
        16:13: metrics[4].window: expected keys and values, found '1h'
        17:18: metrics[4].by[1]: expected a path such as data.origin, found ''
        19:10: metrics[4].measures.a: expected quantile(path, q) with q from 0 to 1, found \
        'quantile(data.x)'
        20:10: metrics[4].measures.b: expected quantile(path, q) with q from 0 to 1, found \
        'quantile(data.x, 1.5)'
        21:10: metrics[4].measures.c: expected topk(path, k) with k from 1 to 1000, found \
        'topk(data.x, 2.5)'
        22:10: metrics[4].measures.d: expected sum(path), found 'sum()'
        23:10: metrics[4].measures.e: expected min(path), found 'min(data.x, 3)'
        24:10: metrics[4].measures.f: expected a measure such as count() or sum(data.delay), \
        found 'max(data.x'; inside {...} a measure with a comma needs quotes
        25:10: metrics[4].measures.g: expected a measure such as count(), found a list
        26:10: metrics[4].measures.h: expected sum(path), found 'sum(data x)'
        27:5: metrics[5]: by has 'a' twice
        28:71: metrics[6].measures: key 'n' stands here twice
        29:5: metrics[7]: a metric has between 1 and 64 measures, not 0
        30:8: views: expected a list, found keys and values
        31:1: unknown key 'sinks'; known here: server, data, log, streams, lookups, metrics, \
        views, alerts, notify, maintenance
        """,
        mistakes(
            """
            streams:
              - {name: a, match: 'true', key: 5 5}
            lookups:
              1st: {file: a.csv, key: k}
              b: {fiel: a.csv, key: k}
              c: {file: a.csv, refresh: 0s}
              d: nothing
              e: {file: '', key: [k]}
            metrics:
              - {name: m, from: a}
              - {name: m, from: c, window: {tumbling: 1h, every: 1m}, measures: {}}
              - {name: n, from: a, window: {sliding: 1h, every: 7m}, measures: {N: count()}}
              - {name: o, from: evens, window: {session: 1h}, by: data.x, measures: {n: cuont()}}
              - name: p
                from: a
                window: 1h
                by: [data.x, '']
                measures:
                  a: quantile(data.x)
                  b: quantile(data.x, 1.5)
                  c: topk(data.x, 2.5)
                  d: sum()
                  e: min(data.x, 3)
                  f: max(data.x
                  g: [count()]
                  h: sum(data x)
              - {name: q, from: a, window: {tumbling: 1h}, by: [a, a], measures: {n: count()}}
              - {name: r, from: a, window: {tumbling: 1h}, measures: {n: count(), n: rate()}}
              - {name: s, from: a, window: {tumbling: 1h}}
            views: {}
            sinks: []
            """));
  }

  @Test
  void extensionsBringKindsOfStepsAndLookups() {
    Kinds kinds = Kinds.BUILT_IN.with(new Geohash()).with(new Table());
    String yaml =
        """
        streams:
          - name: events
            enrich:
              - {geohash: data.place, into: data.hash, precision: 5, units: [km, mi], round: true}
              - {compute: '1', into: data.one}
              - {lookup: t, on: subject, into: data.t}
        lookups:
          t: {table: airports, key: iata, share: 0.25}
        """;
    Definition read =
        assertInstanceOf(Reading.Valid.class, Definition.parse(yaml, kinds)).definition();
    assertEquals(
        new CustomStep(
            "geohash",
            Map.of(
                "geohash",
                "data.place",
                "into",
                "data.hash",
                "precision",
                5L,
                "units",
                List.of("km", "mi"),
                "round",
                true)),
        read.streams().getFirst().enrich().getFirst());
    assertEquals(
        new CustomLookup(
            "table", "iata", Duration.ofMinutes(10), Map.of("table", "airports", "share", 0.25)),
        read.lookups().get("t"));
    assertEquals(
        read,
        assertInstanceOf(Reading.Valid.class, Definition.parse(read.toYaml(), kinds)).definition());
    assertEquals(
        """
        4:9: streams[0].enrich[0]: 'into' is missing
        4:42: streams[0].enrich[0].precision: expected a whole number, found 'five'
        """,
        lines(
            Definition.parse(
                """
                streams:
                  - name: events
                    enrich:
                      - {geohash: data.place, precision: five}
                """,
                kinds)));
    assertTrue(mistakes(yaml).contains("a step has one of the keys lookup, compute"));
    assertThrows(IllegalArgumentException.class, () -> kinds.with(new Table()));
  }

  @Test
  void viewsAreRead() {
    Definition read =
        valid(
            """
            views:
              - {name: newest, select: SELECT * FROM events ORDER BY time DESC LIMIT 9}
              - name: by_type
                refresh: 1m
                select: >-
                  SELECT type, count(*)
                  FROM newest
                  GROUP BY type
            """);
    assertEquals(
        List.of(
            new ViewSpec("newest", "SELECT * FROM events ORDER BY time DESC LIMIT 9", null),
            new ViewSpec(
                "by_type",
                "SELECT type, count(*) FROM newest GROUP BY type",
                Duration.ofMinutes(1))),
        read.views());
    assertEquals(read, valid(read.toYaml()));
    assertEquals(read.views(), valid(read.pipelineYaml()).views());
  }

  @Test
  void tablesHaveNamesOfTheirOwn() {
    assertEquals(
        """
        4:12: metrics[0].name: a stream is called 'a' already, and both would be tables of that \
        name
        5:12: metrics[1].name: 'discarded' is a name that Leat keeps for itself
        8:12: views[0].name: a metric is called 'm' already, and both would be tables of that name
        9:12: views[1].name: 'a_current' is a name that Leat keeps for itself
        10:5: views[2]: 'select' is missing
        11:12: views[3].name: two views are called 'v'
        11:23: views[3].select: expected text, found ' '
        11:37: views[3].refresh: expected a duration longer than nothing
        """,
        mistakes(
            """
            streams:
              - {name: a, match: 'true'}
            metrics:
              - {name: a, from: a, window: {tumbling: 1m}, measures: {n: count()}}
              - {name: discarded, from: a, window: {tumbling: 1m}, measures: {n: count()}}
              - {name: m, from: a, window: {tumbling: 1m}, measures: {n: count()}}
            views:
              - {name: m, select: SELECT 1}
              - {name: a_current, select: SELECT 1}
              - {name: v}
              - {name: v, select: ' ', refresh: 0s}
            """));
  }

  @Test
  void forEverIsAWordToo() {
    assertEquals(
        new Retention(Duration.ofDays(90), null, Duration.ofDays(30), null),
        retention("{raw: 90d, minute: forever, hour: 30d, day: forever}"));
    assertNull(retention("{raw: forever, day: forever}"));
    assertTrue(
        mistakes("streams: [{name: events, retention: {raw: for ever}}]")
            .contains("streams[0].retention.raw: expected a duration"));
  }

  private static @Nullable Retention retention(String yaml) {
    Definition read = valid("streams: [{name: events, retention: %s}]".formatted(yaml));
    assertEquals(read, valid(read.toYaml()));
    return read.streams().getFirst().retention();
  }

  @Test
  void howTimeIsJudgedIsRead() {
    Definition read =
        valid(
            """
            streams:
              - {name: events, time: {disorder: 0s, idle: 5m, ahead: 1h}}
            metrics:
              - {name: m, from: events, window: {tumbling: 1m}, series: 7, measures: {n: count()}}
            """);
    assertEquals(
        new StreamSpec.Time(Duration.ZERO, Duration.ofMinutes(5), Duration.ofHours(1)),
        read.streams().getFirst().time());
    assertEquals(7, read.metrics().getFirst().series());
    assertEquals(read, valid(read.toYaml()));
  }

  /** Its bytes name a version: what does not decide about events must not change them. */
  @Test
  void theCanonicalFormHasWhatDecidesAboutEventsAlone() {
    Definition read = valid(FLIGHTS);
    String spelledOtherwise =
        FLIGHTS
            .replace("5328", "80")
            .replace("48h", "2d")
            .replace("# CEL over the envelope", "")
            .replace("1d", "24h");
    assertEquals(read.pipelineYaml(), valid(spelledOtherwise).pipelineYaml());
    Definition again = valid(read.pipelineYaml());
    assertEquals(read.streams(), again.streams());
    assertEquals(read.lookups(), again.lookups());
    assertEquals(read.metrics(), again.metrics());
    assertEquals(read.pipelineYaml(), again.pipelineYaml());
    for (String change : List.of("6000", "90d", "10m", "iata", "plausible", "0.95")) {
      String other = change.equals("0.95") ? "0.5" : change.equals("90d") ? "9d" : "7" + change;
      String changed = FLIGHTS.replace(change, change.equals("plausible") ? "likely" : other);
      assertNotEquals(read.pipelineYaml(), valid(changed).pipelineYaml(), change);
    }
  }

  private static Definition valid(String yaml) {
    Reading reading = Definition.parse(yaml);
    return assertInstanceOf(Reading.Valid.class, reading, reading::toString).definition();
  }

  private static String mistakes(String yaml) {
    return lines(Definition.parse(yaml));
  }

  private static String lines(Reading reading) {
    StringBuilder lines = new StringBuilder();
    assertInstanceOf(Reading.Invalid.class, reading)
        .mistakes()
        .forEach(mistake -> lines.append(mistake).append('\n'));
    return lines.toString();
  }

  private static final class Geohash implements StepKind {
    @Override
    public String key() {
      return "geohash";
    }

    @Override
    public List<String> settings() {
      return List.of("into", "precision", "units", "round");
    }

    @Override
    public Step read(Settings settings) {
      return new CustomStep(
          "geohash",
          Map.of(
              "geohash", settings.path("geohash"),
              "into", settings.dataPath("into"),
              "precision", (long) settings.integer("precision", 9),
              "units", settings.texts("units"),
              "round", settings.truth("round", false)));
    }
  }

  private static final class Table implements LookupKind {
    @Override
    public String key() {
      return "table";
    }

    @Override
    public List<String> settings() {
      return List.of("share");
    }

    @Override
    public Lookup read(Settings settings, String column, Duration refresh) {
      return new CustomLookup(
          "table",
          column,
          refresh,
          Map.of("table", settings.required("table"), "share", settings.number("share", 1)));
    }
  }
}
