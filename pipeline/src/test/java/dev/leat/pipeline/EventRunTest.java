package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.MetricRows.Event;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Where runs of events end, and what is shared in them, shows in no byte. */
class EventRunTest {
  private static final int EVENTS = 3 * EventRun.CAPACITY;

  private static final String STREAM =
      """
      streams:
        - name: events
          time: {disorder: 2s, idle: 20s, ahead: 30s}
      metrics:
      """;

  private static final String MEASURES =
      "{n: count(), nv: count(data.v), s: sum(data.v), x: max(data.v), f: sum(data.f),"
          + " l: last(data.k), d: distinct(data.k), q: \"quantile(data.f, 0.5)\","
          + " t: \"topk(data.k, 3)\"}";

  private static final List<String> METRICS =
      List.of(
          "{name: a, from: events, window: {tumbling: 1s}, by: [data.k], series: 5, lateness: 3s,",
          "{name: b, from: events, window: {sliding: 20s, every: 5s}, lateness: 1m,",
          "{name: c, from: events, window: {session: 500ms, key: data.k}, lateness: 0s,",
          "{name: d, from: events, window: {tumbling: 7s}, by: [data.k, type], lateness: 1m,");

  private static final List<String> CONDITIONS = List.of("", "data.f > 0.0", "data.f < 50.0");

  private static List<MetricPlan> plans(List<String> metrics, long secret) {
    StringBuilder text = new StringBuilder(STREAM);
    metrics.forEach(metric -> text.append("  - ").append(metric).append('\n'));
    return MetricRows.plans(text.toString(), secret);
  }

  private static List<Event> events(RandomGenerator chance) {
    List<Event> events = new ArrayList<>();
    double now = 1_000_000;
    for (int i = 0; i < EVENTS; i++) {
      now += chance.nextInt(200) == 0 ? chance.nextInt(60) : chance.nextDouble() / 10;
      double time = chance.nextInt(100) == 0 ? now - 70 + chance.nextInt(140) : now - 1;
      events.add(new Event(time, now, chance.nextInt(9) == 0 ? 7 : 1, data(chance)));
    }
    return events;
  }

  /** Labels of every kind; sums that go beyond 64 bits, and fractions that are no millionths. */
  private static String data(RandomGenerator chance) {
    String label =
        switch (chance.nextInt(6)) {
          case 0 -> "\"k%d\"".formatted(chance.nextInt(4));
          case 1 -> "null";
          case 2 -> "true";
          case 3 -> "1.5";
          default -> Integer.toString(chance.nextInt(5));
        };
    long value = chance.nextInt(3) == 0 ? Long.MAX_VALUE - chance.nextInt(9) : chance.nextInt(100);
    double fraction =
        chance.nextInt(3) == 0 ? chance.nextGaussian() : chance.nextInt(9_999) / 100.0;
    return chance.nextInt(20) == 0
        ? "{\"k\":%s}".formatted(label)
        : "{\"k\":%s,\"v\":%d,\"f\":%s}".formatted(label, value, fraction);
  }

  private static List<String> withoutConditions() {
    return METRICS.stream().map(metric -> metric + " measures: " + MEASURES + "}").toList();
  }

  @Test
  void rowsCountedAtOnceAreThoseCountedOneByOne() {
    Seeds.run(
        20,
        (_, chance) -> {
          List<MetricPlan> plans = plans(withoutConditions(), 1);
          MetricRows rows = new MetricRows();
          Aggregates single = rows.begin(plans);
          for (Event event : events(chance)) {
            rows.add(event, single);
          }
          AggregatesCut expected = single.cut();
          CommittedCells committed = new CommittedCells();
          Aggregates many = rows.begin(plans(withoutConditions(), chance.nextLong()));
          for (int from = 0; from < EVENTS; ) {
            int to = Math.min(EVENTS, from + 1 + chance.nextInt(2 * EventRun.CAPACITY));
            rows.addStored(from, to, many);
            from = to;
            if (chance.nextInt(4) == 0) {
              committed.apply(many.cut());
            }
          }
          AggregatesCut last = many.cut();
          assertEquals(new CommittedCells().apply(expected).lines(), committed.apply(last).lines());
          assertEquals(counts(plans, single), counts(plans, many));
        });
  }

  private static String counts(List<MetricPlan> plans, Aggregates aggregates) {
    return plans.stream().map(plan -> aggregates.counts(plan.id())).toList().toString();
  }

  @Test
  void metricsThatShareWhatTheyReadAreThoseThatStandAlone() {
    Seeds.run(
        10,
        (_, chance) -> {
          List<String> metrics = new ArrayList<>();
          for (int i = 0; i < 2 * METRICS.size(); i++) {
            String metric = METRICS.get(i % METRICS.size());
            String where = CONDITIONS.get(chance.nextInt(CONDITIONS.size()));
            metrics.add(
                metric.replace("name: ", "name: m" + i)
                    + (where.isEmpty() ? "" : " where: '" + where + "',")
                    + " measures: "
                    + MEASURES
                    + "}");
          }
          List<Event> events = events(chance);
          List<String> together = lines(plans(metrics, 1), events);
          List<String> alone = new ArrayList<>();
          metrics.forEach(metric -> alone.addAll(lines(plans(List.of(metric), 1), events)));
          assertTrue(together.size() > EVENTS / 10);
          assertEquals(alone.stream().sorted().toList(), together.stream().sorted().toList());
        });
  }

  private static List<String> lines(List<MetricPlan> plans, List<Event> events) {
    MetricRows rows = new MetricRows();
    Aggregates aggregates = rows.begin(plans);
    events.forEach(event -> rows.add(event, aggregates));
    return new CommittedCells().apply(aggregates.cut()).lines();
  }
}
