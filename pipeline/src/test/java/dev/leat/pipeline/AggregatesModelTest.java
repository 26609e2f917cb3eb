package dev.leat.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Aggregates.Mark;
import dev.leat.pipeline.MetricRows.Event;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random events in random metrics, against lists of events, through crashes and recomputations. */
class AggregatesModelTest {
  private static final int EVENTS = 300;

  /** Metrics and events that seeds make. */
  private static final class World {
    final RandomGenerator chance;
    final List<MetricPlan> plans;
    final List<Event> events = new ArrayList<>();
    final List<String> labels = new ArrayList<>();
    final List<Long> values = new ArrayList<>();

    World(RandomGenerator chance) {
      this.chance = chance;
      plans = MetricRows.plans(definition());
      double now = 1_000_000;
      for (int i = 0; i < EVENTS; i++) {
        now += chance.nextInt(20) == 0 ? chance.nextInt(60) : chance.nextDouble();
        events.add(event(now));
      }
    }

    private String definition() {
      String lateness = pick("0s", "5s", "1m");
      String measures =
          "{n: count(), s: sum(data.v), m: min(data.v), l: last(data.v), d: distinct(data.v),"
              + " q: \"quantile(data.v, 0.5)\", t: \"topk(data.v, 3)\"}";
      return """
      streams:
        - name: events
          time: {disorder: %s, idle: %s, ahead: 30s}
      metrics:
        - {name: a, from: events, window: {tumbling: %s}, by: [data.k], lateness: %s, measures: %s}
        - {name: b, from: events, window: {sliding: 20s, every: 5s}, lateness: %s, measures: %s}
        - {name: c, from: events, window: {session: %s, key: data.k}, lateness: %s, measures: %s}
      """
          .formatted(
              pick("0s", "2s", "5s"),
              pick("3s", "20s", "1h"),
              pick("1s", "7s", "1m"),
              lateness,
              measures,
              lateness,
              measures,
              pick("500ms", "2s", "10s"),
              lateness,
              measures);
    }

    private String pick(String... choices) {
      return choices[chance.nextInt(choices.length)];
    }

    private Event event(double now) {
      double time =
          switch (chance.nextInt(12)) {
            case 0 -> now - chance.nextInt(100);
            case 1 -> now - chance.nextInt(10);
            case 2 -> now + chance.nextInt(60);
            default -> now - chance.nextDouble() * 3;
          };
      String label = "k" + chance.nextInt(4);
      long value = chance.nextInt(100);
      labels.add(label);
      values.add(value);
      int rate = chance.nextInt(5) == 0 ? 10 : 1;
      // Coarse times, so that edges are met exactly.
      return new Event(
          Math.round(time * 4) / 4.0, now, rate, "{\"k\":\"%s\",\"v\":%d}".formatted(label, value));
    }

    List<NaiveMetric> naive(int count) {
      List<NaiveMetric> all = plans.stream().map(NaiveMetric::new).toList();
      for (int i = 0; i < count; i++) {
        for (NaiveMetric each : all) {
          each.add(events.get(i), i, labels.get(i), values.get(i));
        }
      }
      return all;
    }
  }

  @Test
  void resultsAreThoseOfTheRules() {
    Seeds.run(
        60,
        (_, chance) -> {
          World world = new World(chance);
          MetricRows rows = new MetricRows();
          CommittedCells committed = new CommittedCells();
          Aggregates aggregates = rows.restore(new byte[0], committed, world.plans);
          for (int i = 0; i < EVENTS; i++) {
            rows.add(world.events.get(i), aggregates);
            if (chance.nextInt(20) == 0) {
              AggregatesCut cut = aggregates.cut();
              committed.apply(cut);
              aggregates.committed(cut.number());
            }
            if (chance.nextInt(40) == 0) {
              compare(world, world.naive(i + 1), rows, committed, aggregates);
            }
          }
          compare(world, world.naive(EVENTS), rows, committed, aggregates);
        });
  }

  private static void compare(
      World world,
      List<NaiveMetric> naive,
      MetricRows rows,
      CommittedCells committed,
      Aggregates aggregates) {
    for (int i = 0; i < world.plans.size(); i++) {
      MetricPlan plan = world.plans.get(i);
      NaiveMetric expected = naive.get(i);
      CellLayout layout = plan.layout(rows.schema);
      assertEquals(
          text(expected.results()),
          text(NaiveMetric.results(plan, layout, committed.view(plan, layout, aggregates))),
          plan.name());
      Metrics.Counts counts = aggregates.counts(plan.id());
      assertEquals(expected.late, counts.late(), plan.name());
      assertEquals(expected.tooLate, counts.tooLate(), plan.name());
      assertEquals(expected.ahead, counts.ahead(), plan.name());
      assertEquals(
          counts.late() + counts.tooLate(),
          counts.lateUpTo().stream().mapToLong(Long::longValue).sum());
      assertEquals(expected.marks, marks(plan, aggregates), plan.name());
    }
  }

  private static String text(NavigableMap<String, String> results) {
    StringBuilder text = new StringBuilder();
    results.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    return text.toString();
  }

  private static Set<String> marks(MetricPlan plan, Aggregates aggregates) {
    TreeSet<String> marks = new TreeSet<>();
    for (Mark mark : aggregates.marks()) {
      switch (mark) {
        case Mark.Bucket it when it.metric() == plan.id() -> marks.add("" + it.bucket());
        case Mark.Session it when it.metric() == plan.id() ->
            marks.add("%s %d".formatted(SeriesKey.labels(it.series(), 1).getFirst(), it.time()));
        case Mark.Bucket _, Mark.Session _, Mark.Corrected _ -> {}
      }
    }
    return marks;
  }

  @Test
  void crashesAndCutsChangeNoByte() {
    Seeds.run(
        60,
        (_, chance) -> {
          World world = new World(chance);
          MetricRows rows = new MetricRows();
          Aggregates straight = rows.begin(world.plans);
          for (int i = 0; i < EVENTS; i++) {
            rows.add(world.events.get(i), straight);
          }
          AggregatesCut last = straight.cut();
          List<String> expected = new CommittedCells().apply(last).lines();
          List<String> found = withCrashes(world, rows, chance, last.header());
          assertEquals(String.join("\n", expected), String.join("\n", found));
        });
  }

  /** Cuts are committed some events later, or never, for lives end. */
  private static List<String> withCrashes(
      World world, MetricRows rows, RandomGenerator chance, byte[] lastHeader) {
    CommittedCells committed = new CommittedCells();
    byte[] header = {};
    int position = 0;
    Aggregates aggregates = rows.restore(header, committed, world.plans);
    List<AggregatesCut> cuts = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    int lives = 0;
    for (int i = 0; i < EVENTS; i++) {
      rows.replay(world.events.get(i), i, aggregates);
      if (chance.nextInt(10) == 0) {
        cuts.add(aggregates.cut());
        positions.add(i + 1);
      }
      if (!cuts.isEmpty() && chance.nextInt(10) == 0) {
        AggregatesCut cut = cuts.removeFirst();
        position = positions.removeFirst();
        committed.apply(cut);
        header = cut.header();
        aggregates.committed(cut.number());
      }
      if (chance.nextInt(50) == 0 && lives++ < 10) {
        aggregates = rows.restore(header, new CommittedCells(committed), world.plans);
        cuts.clear();
        positions.clear();
        i = position - 1;
      }
    }
    cuts.add(aggregates.cut());
    cuts.forEach(committed::apply);
    assertEquals(
        Arrays.toString(counters(rows, lastHeader, world)),
        Arrays.toString(counters(rows, cuts.getLast().header(), world)));
    return committed.lines();
  }

  private static Object[] counters(MetricRows rows, byte[] header, World world) {
    Aggregates aggregates = rows.restore(header, new CommittedCells(), world.plans);
    return world.plans.stream().map(plan -> aggregates.counts(plan.id())).toArray();
  }

  @Test
  void recomputationsBringInWhatCameTooLateOrTooEarly() {
    Seeds.run(60, (_, chance) -> new Recomputing(new World(chance)).run());
  }

  /** Lives in which marks are recomputed now and then, and that end now and then. */
  private static final class Recomputing {
    private final World world;
    private final RandomGenerator chance;
    private final MetricRows rows = new MetricRows();
    private CommittedCells committed = new CommittedCells();
    private byte[] header = {};
    private int position;
    private Aggregates aggregates;

    Recomputing(World world) {
      this.world = world;
      this.chance = world.chance;
      this.aggregates = rows.restore(header, committed, world.plans);
    }

    void run() {
      int crashes = 5;
      for (int i = 0; i < EVENTS; ) {
        if (chance.nextInt(30) == 0) {
          i += recompute(world, rows, aggregates, i, chance.nextInt(5));
        } else {
          rows.add(world.events.get(i), i, aggregates);
          i++;
        }
        if (chance.nextInt(20) == 0) {
          commit(i);
        }
        if (chance.nextInt(60) == 0 && crashes-- > 0) {
          aggregates = rows.restore(header, committed, world.plans);
          i = position;
        }
      }
      recompute(world, rows, aggregates, EVENTS, 0);
      assertEquals(List.of(), aggregates.marks());
      check();
      commit(EVENTS);
      check();
    }

    private void commit(int at) {
      AggregatesCut cut = aggregates.cut();
      committed.apply(cut);
      aggregates.committed(cut.number());
      header = cut.header();
      position = at;
    }

    private void check() {
      for (MetricPlan plan : world.plans) {
        CellLayout layout = plan.layout(rows.schema);
        NavigableMap<Long, Cells> all = rows.batch(plan, EVENTS).finish();
        NavigableMap<Long, Cells> view = committed.view(plan, layout, aggregates);
        assertEquals(
            withoutLate(text(NaiveMetric.results(plan, layout, all))),
            withoutLate(text(NaiveMetric.results(plan, layout, view))),
            plan.name());
      }
    }
  }

  private static String withoutLate(String text) {
    return text.replaceAll("late \\d+", "");
  }

  /** Recomputes what is marked, while some events come. */
  private static int recompute(
      World world, MetricRows rows, Aggregates aggregates, int at, int meanwhile) {
    List<Mark> marks = aggregates.marks();
    for (MetricPlan plan : world.plans) {
      if (plan.isSession()) {
        aggregates.rotateSessions(plan.id(), Long.MIN_VALUE, Long.MAX_VALUE, series(plan, marks));
      } else {
        aggregates.rotate(plan.id(), buckets(plan, marks));
      }
    }
    int more = Math.min(meanwhile, world.events.size() - at);
    for (int i = at; i < at + more; i++) {
      rows.add(world.events.get(i), i, aggregates);
    }
    for (MetricPlan plan : world.plans) {
      NavigableMap<Long, Cells> cells = rows.batch(plan, at).finish();
      if (plan.isSession()) {
        SessionParts parts = SessionParts.none();
        for (byte[] one : series(plan, marks)) {
          parts.add(one, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        Collection<byte[]> blocked = aggregates.replaceSessions(plan.id(), cells, parts);
        aggregates.abandon(plan.id());
        assertEquals(0, blocked.size());
      } else {
        for (long bucket : buckets(plan, marks)) {
          Cells none = new Cells(plan.layout(rows.schema), 1);
          aggregates.replace(plan.id(), bucket, cells.getOrDefault(bucket, none));
        }
      }
    }
    aggregates.settle(marks);
    return more;
  }

  private static List<Long> buckets(MetricPlan plan, List<Mark> marks) {
    List<Long> buckets = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark instanceof Mark.Bucket it && it.metric() == plan.id()) {
        buckets.add(it.bucket());
      }
    }
    return buckets;
  }

  private static List<byte[]> series(MetricPlan plan, List<Mark> marks) {
    List<byte[]> series = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark instanceof Mark.Session it && it.metric() == plan.id()) {
        series.add(it.series());
      }
    }
    return series;
  }
}
