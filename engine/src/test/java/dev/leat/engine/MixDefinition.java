package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.Contents;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.LookupTable;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The definitions that {@link RandomMix} sends events to, and between which a run changes: as text
 * for the pipeline, and as the few facts in which they differ for {@link ReferenceModel}.
 */
enum MixDefinition {
  FIRST(80, "integer", "data.amount * 2", 1_000, "", "", 400, 2, "{window: 160s}"),
  SECOND(
      160,
      "number",
      "data.amount * 2.0",
      500,
      ",\"soft\":{\"type\":\"integer\"}",
      "- {name: soft, check: \"!has(data.soft) || data.soft > 10\", otherwise: flag}",
      16,
      3,
      "off");

  /** What the lookups hold; the key is text. */
  static final Map<String, @Nullable String> CITIES = cities();

  /** What the lookups hold; the key is a whole number. */
  static final Map<Long, Double> RATES = Map.of(1L, 0.5, 2L, 1.25, 100L, 7.0);

  static final long STEPS_WINDOW = 16;

  final long ordersWindow;
  final boolean wholeAmounts;
  final double cheap;
  final boolean soft;
  final long notesWindow;
  final long level;

  /** Seconds, 0 for none. */
  final long eventsWindow;

  private final String text;
  private final String schema;

  @SuppressWarnings("ParameterNumber")
  MixDefinition(
      long ordersWindow,
      String amount,
      String twice,
      int cheap,
      String member,
      String rule,
      long notesWindow,
      long level,
      String events) {
    this.ordersWindow = ordersWindow;
    this.wholeAmounts = amount.equals("integer");
    this.cheap = cheap;
    this.soft = !rule.isEmpty();
    this.notesWindow = notesWindow;
    this.level = level;
    this.eventsWindow = events.equals("off") ? 0 : 160;
    this.text =
        """
        streams:
          - name: orders
            match: type == 'order' && !has(attributes.test)
            schema: order.json
            dedup: {window: %ds}
            rules:
              - {name: cheap, check: data.total < %d.0}
              - {name: real, check: data.kind != 'robot', otherwise: drop}
              - {name: few, check: data.amount <= 50, otherwise: flag}
              - {name: short, check: "!has(data.note) || size(data.note) < 5", otherwise: flag}
              - {name: parts, check: "!has(data.parts) || 100 / data.parts > 3", otherwise: drop}
              %s
            enrich:
              - {lookup: cities, on: data.city, into: data.place}
              - {lookup: rates, on: data.rate, into: data.tariff, missing: dead-letter}
              - {compute: %s, into: data.twice}
              - {compute: "has(data.place) ? data.place.name + '!' : 'none'", into: data.cry}
          - name: doors
            match: type == 'door' && source != '/blocked'
            dedup: off
            entity: {key: subject, version: data.version}
          - name: steps
            match: type.startsWith('step')
            dedup: {window: %ds}
            rules:
              - {name: polite, check: "!has(data.rude)", otherwise: flag}
            entity: {key: data.who, version: data.version, order: next}
          - name: notes
            match: type == 'note'
            dedup: {window: %ds}
            rules:
              - {name: brief, check: "!has(data.text) || size(data.text) < 8", otherwise: flag}
              - {name: level, check: data.level > %d, otherwise: drop}
            enrich:
              - {compute: data.level * 2, into: data.twice}
          - name: events
            dedup: %s
        lookups:
          cities: {file: cities.csv, key: code}
          rates: {file: rates.csv, key: rate}
        """
            .formatted(ordersWindow, cheap, rule, twice, STEPS_WINDOW, notesWindow, level, events);
    this.schema =
        """
        {"type":"object","required":["amount","total"],"properties":{
          "amount":{"type":["%s","null"],"minimum":0,"maximum":1000000},
          "total":{"type":"number","minimum":0},
          "kind":{"enum":["web","app","robot"]},
          "city":{"type":"string","maxLength":4},
          "rate":{"type":"integer"},
          "note":{"type":["string","null"]},
          "parts":{"type":"integer"},
          "spot":{"type":"object","required":["lat"],"properties":{
            "lat":{"type":"number","minimum":-90,"maximum":90},
            "deep":{"type":"object","properties":{"on":{"type":"boolean"}}}}},
          "tags":{"type":"array","maxItems":2}%s}}
        """
            .formatted(amount, member);
  }

  private static Map<String, @Nullable String> cities() {
    Map<String, @Nullable String> cities = new java.util.TreeMap<>();
    cities.put("LAS", "Las Vegas");
    cities.put("Ö", "Öland \"x\"");
    cities.put("", "nowhere");
    cities.put("NIL", null);
    return cities;
  }

  /** As the log has it. */
  byte[] bytes() {
    return name().getBytes(UTF_8);
  }

  static MixDefinition of(byte[] bytes) {
    return Arrays.stream(values())
        .filter(each -> Arrays.equals(each.bytes(), bytes))
        .findFirst()
        .orElseThrow();
  }

  Plan plan() {
    LookupTable.Builder cities =
        LookupTable.builder(
            List.of(
                new LookupTable.Column("code", Scalar.TEXT),
                new LookupTable.Column("name", Scalar.TEXT)),
            "code");
    CITIES.forEach((code, name) -> cities.add(code, name));
    LookupTable.Builder rates =
        LookupTable.builder(
            List.of(
                new LookupTable.Column("rate", Scalar.INTEGER),
                new LookupTable.Column("factor", Scalar.NUMBER)),
            "rate");
    RATES.forEach((rate, factor) -> rates.add(rate, factor));
    Contents contents =
        new Contents(
            Map.of("order.json", schema),
            Map.of("cities", cities.build(), "rates", rates.build()),
            Map.of());
    if (!(Definition.parse(text) instanceof Definition.Reading.Valid read)) {
      throw new IllegalStateException(Definition.parse(text).toString());
    }
    Planning planning = Plan.compile(read.definition(), read.places(), contents, Kinds.BUILT_IN);
    if (!(planning instanceof Planning.Valid valid)) {
      throw new IllegalStateException(planning.toString());
    }
    return valid.plan();
  }
}
