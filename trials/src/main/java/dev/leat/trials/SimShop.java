package dev.leat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventDraft;
import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Plan;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The definition that simulated houses run, and the events that are sent to it. */
final class SimShop {
  static final long SECOND = 1_000_000;
  static final long MINUTE = 60 * SECOND;

  /** In {@link #DEFINITION} too. */
  static final long SESSION_GAP = 10 * SECOND;

  static final String DEFINITION =
      """
      streams:
        - name: orders
          match: type == 'order'
          schema: order.json
          dedup: {window: 24h}
          time: {disorder: 5s, idle: 20s, ahead: 10m}
          rules:
            - {name: affordable, check: data.amount < 90}
            - {name: human, check: data.shop != 'robots', otherwise: drop}
        - name: meters
          match: type == 'meter'
          dedup: {window: 24h}
          time: {disorder: 5s, idle: 20s, ahead: 10m}
          entity: {key: subject, version: data.version}
        - name: events
          dedup: off
      metrics:
        - name: takings
          from: orders
          window: {tumbling: 1m}
          by: [data.shop]
          lateness: 30s
          measures:
            n: count()
            total: sum(data.amount)
            least: min(data.amount)
            most: max(data.amount)
            buyers: distinct(data.who)
        - name: running
          from: orders
          window: {sliding: 3m, every: 1m}
          lateness: 30s
          measures: {n: count(), total: sum(data.amount)}
        - name: visits
          from: orders
          window: {session: 10s, key: data.who}
          lateness: 30s
          measures: {n: count(), total: sum(data.amount), most: max(data.amount)}
        - name: readings
          from: meters
          window: {tumbling: 1m}
          lateness: 30s
          measures: {n: count(), last: last(data.version)}
      """;

  private static final String SCHEMA =
      """
      {"type":"object","required":["shop","who","amount"],"properties":{
        "shop":{"type":"string"},"who":{"type":"string"},
        "amount":{"type":"number","minimum":0}}}
      """;

  static final byte[] ENCODED = DEFINITION.getBytes(UTF_8);

  /** Compiled once: it takes longer than a whole simulation. */
  static final Plan PLAN = plan();

  private SimShop() {}

  private static Plan plan() {
    return switch (Definition.parse(DEFINITION)) {
      case Definition.Reading.Valid read ->
          switch (Plan.compile(
              read.definition(),
              read.places(),
              new Contents(Map.of("order.json", SCHEMA), Map.of(), Map.of()),
              Kinds.BUILT_IN)) {
            case Plan.Planning.Valid valid -> valid.plan();
            case Plan.Planning.Invalid wrong ->
                throw new IllegalStateException(wrong.mistakes().toString());
          };
      case Definition.Reading.Invalid wrong ->
          throw new IllegalStateException(wrong.mistakes().toString());
    };
  }

  /** An event as its producer knows it. */
  record Event(
      String type,
      String source,
      String id,
      String subject,
      long time,
      String attributes,
      String data) {}

  /**
   * A new event of a producer.
   *
   * @param now the producer's time of day, microseconds
   * @param earlier what it has sent before, to correct some of it
   */
  static Event draw(
      RandomGenerator chance, String source, String id, long now, List<Event> earlier) {
    String who = "w" + chance.nextInt(5);
    int kind = chance.nextInt(100);
    long time = time(chance, now);
    if (kind < 15) {
      String data = "{\"version\":%d}".formatted(chance.nextInt(20));
      return new Event("meter", source, id, "m" + chance.nextInt(4), time, "", data);
    }
    if (kind < 20) {
      return new Event("note", source, id, who, time, "", "{\"text\":\"hello\"}");
    }
    String attributes = "";
    if (kind < 35 && !earlier.isEmpty()) {
      Event target = earlier.get(chance.nextInt(earlier.size()));
      attributes =
          "{\"corrects\":\"%s\",\"correction\":\"%s\"}"
              .formatted(target.id(), chance.nextBoolean() ? "retract" : "replace");
    }
    String shop = chance.nextInt(12) == 0 ? "robots" : "s" + chance.nextInt(3);
    String amount =
        chance.nextInt(15) == 0 ? "\"dear\"" : Double.toString(chance.nextInt(400) / 4.0);
    String data = "{\"shop\":\"%s\",\"who\":\"%s\",\"amount\":%s}".formatted(shop, who, amount);
    return new Event("order", source, id, who, time, attributes, data);
  }

  /** Mostly a little before now, sometimes late, too late, or ahead of all others. */
  private static long time(RandomGenerator chance, long now) {
    return switch (chance.nextInt(20)) {
      case 0 -> now - chance.nextLong(5 * MINUTE);
      case 1 -> now - chance.nextLong(40 * MINUTE);
      case 2 -> now + chance.nextLong(5 * SECOND);
      case 3 -> chance.nextInt(6) == 0 ? now + 30 * MINUTE : now;
      default -> now - chance.nextLong(4 * SECOND);
    };
  }

  /** As a front door writes them that got them at this time. */
  static EventBatch batch(List<Event> events, long received) {
    EventBatch.Writer writer = new EventBatch.Writer(512);
    EventDraft draft = new EventDraft();
    for (Event event : events) {
      draft.clear();
      draft.type.set(event.type());
      draft.source.set(event.source());
      draft.id.set(event.id());
      draft.subject.set(event.subject());
      if (!event.attributes().isEmpty()) {
        draft.attributes.set(event.attributes());
      }
      draft.dataFormat = DataFormat.JSON;
      draft.data.set(event.data());
      draft.timeMicros = event.time();
      draft.receivedMicros = received;
      writer.add(draft);
    }
    return writer.batch();
  }
}
