package dev.leat.engine;

import static dev.leat.engine.MetricRun.DAY;
import static dev.leat.engine.MetricRun.HOUR;
import static dev.leat.engine.MetricRun.MINUTE;
import static dev.leat.engine.MetricRun.query;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Column;
import dev.leat.event.Metrics;
import dev.leat.event.Metrics.Answer;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.BucketChange;
import dev.leat.pipeline.CellBlock;
import dev.leat.pipeline.Level;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Questions to metrics whose results are in memory, in commits, and in hours and days. */
class MetricDeskTest {
  private static final String METRIC =
      """
      streams:
        - name: things
          match: type == 'thing'
          dedup: off
          %s
      metrics:
        - name: counts
          from: things
          window: {tumbling: 15m}
          by: [data.place]
          lateness: 30m
          measures: {n: count(), total: sum(data.x), best: max(data.x), which: last(data.place)}
        - name: visits
          from: things
          window: {session: 20m, key: data.place}
          measures: {n: count()}
      """;

  private static final String KEPT = "retention: {minute: 12h, hour: 3d}";

  /** By place and start. */
  private final Map<String, Map<Long, Long>> expected = new TreeMap<>();

  private long latest;

  private void send(MetricRun run, long time, String place, long x) {
    run.send(time, "{\"place\":\"%s\",\"x\":%d}".formatted(place, x));
    expected
        .computeIfAbsent(place, _ -> new TreeMap<>())
        .merge(Math.floorDiv(time, 15 * MINUTE) * 15 * MINUTE, 1L, Long::sum);
    latest = Math.max(latest, time);
  }

  /** So many days of events, with commits in between. */
  private void fill(MetricRun run, long seed, int days) throws Exception {
    var chance = Seeds.chance(seed);
    for (long time = DAY; time < (1 + days) * DAY; time += chance.nextLong(1, 20 * MINUTE)) {
      send(run, time, "p" + chance.nextInt(3), chance.nextLong(100));
      if (chance.nextInt(20) == 0) {
        run.commit();
      }
    }
    for (int i = 0; i < 40; i++) {
      run.commit();
    }
  }

  private static Map<String, Map<Long, Long>> counts(Answer.Results results) {
    Map<String, Map<Long, Long>> counts = new TreeMap<>();
    for (Metrics.Series series : results.series()) {
      Map<Long, Long> points = new TreeMap<>();
      series.points().forEach(point -> points.put(point.start(), (Long) point.values()[0]));
      counts.put(String.valueOf(series.labels().getFirst()), points);
    }
    return counts;
  }

  private Map<String, Map<Long, Long>> expected(long step, long from, long to) {
    Map<String, Map<Long, Long>> summed = new TreeMap<>();
    expected.forEach(
        (place, buckets) ->
            buckets.forEach(
                (bucket, count) -> {
                  long start = Math.floorDiv(bucket, step) * step;
                  if (start >= from && start < to) {
                    summed
                        .computeIfAbsent(place, _ -> new TreeMap<>())
                        .merge(start, count, Long::sum);
                  }
                }));
    return summed;
  }

  @Test
  void answersAreTheSameFromEveryLevel() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      fill(run, 1, 4);
      for (long step : new long[] {15 * MINUTE, 30 * MINUTE, HOUR, 7 * HOUR, DAY, 2 * DAY}) {
        Answer.Results all = run.results(query(0L, 10 * DAY, step, null));
        assertEquals(expected(step, 0, 10 * DAY), counts(all), "step " + step);
      }
      assertEquals("window", resolution(run.results(query(0L, null, 15 * MINUTE, null)), DAY));
      assertEquals("hour", resolution(run.results(query(0L, null, HOUR, null)), DAY));
      assertEquals("day", resolution(run.results(query(0L, null, DAY, null)), DAY));
    }
  }

  @Test
  void whatIsNoLongerKeptIsAnsweredFromTheCoarserLevel() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(KEPT))) {
      fill(run, 2, 6);
      long id = run.live.between(moment -> moment.plans().getFirst().id());
      long hours = run.cells.first(id, Level.BASE);
      assertTrue(hours > latest - 14 * HOUR && hours <= latest - 11 * HOUR);
      assertEquals(0, Math.floorMod(hours, HOUR) / HOUR);
      long days = run.cells.first(id, Level.HOUR);
      assertTrue(days >= 3 * DAY && days <= latest - 2 * DAY);
      Answer.Results all = run.results(query(0L, null, null, null));
      long coarse = Math.ceilDiv(hours - HOUR, HOUR) * HOUR;
      Map<String, Map<Long, Long>> found = counts(all);
      assertEquals(sum(expected), sum(found));
      expected(15 * MINUTE, coarse + HOUR, Long.MAX_VALUE)
          .forEach(
              (place, points) ->
                  assertTrue(at(found, place).entrySet().containsAll(points.entrySet())));
      assertEquals("day", resolution(all, DAY));
      assertEquals("hour", resolution(all, days + HOUR));
      assertEquals("window", resolution(all, latest));
      // A step that the old stretches can't give becomes the next that they can.
      for (Metrics.Series series : run.results(query(0L, 2 * DAY, 30 * MINUTE, null)).series()) {
        series.points().forEach(point -> assertEquals(DAY, point.end() - point.start()));
      }
      assertEquals(expected(DAY, 0, 20 * DAY), counts(run.results(query(0L, null, DAY, null))));
    }
  }

  private static Map<Long, Long> at(Map<String, Map<Long, Long>> counts, String place) {
    return Objects.requireNonNull(counts.get(place));
  }

  private static long sum(Map<String, Map<Long, Long>> counts) {
    return counts.values().stream()
        .flatMap(points -> points.values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private static String resolution(Answer.Results results, long time) {
    for (Metrics.Part part : results.parts()) {
      if (part.from() <= time && time < part.to()) {
        return part.resolution();
      }
    }
    return "nothing at " + time + " in " + results.parts();
  }

  @Test
  void whatChangedIsMadeAnewUpToTheDay() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      fill(run, 3, 3);
      long id = run.live.between(moment -> moment.plans().getFirst().id());
      List<BucketChange> changes = new ArrayList<>();
      run.cells.scan(
          id,
          Level.BASE,
          2 * DAY,
          2 * DAY + 3 * HOUR,
          (bucket, _, block) ->
              changes.add(
                  new BucketChange(
                      id,
                      Level.BASE,
                      bucket,
                      true,
                      bucket < 2 * DAY + HOUR ? CellBlock.empty() : block.get())));
      // The first hour goes, the second is as the third was.
      List<BucketChange> moved = new ArrayList<>(changes);
      changes.stream()
          .filter(change -> change.bucket() >= 2 * DAY + 2 * HOUR)
          .forEach(
              change ->
                  moved.add(
                      new BucketChange(
                          id, Level.BASE, change.bucket() - HOUR, true, change.block())));
      Map<String, Map<Long, Long>> before = byDay(run);
      run.cells.submit(moved);
      for (int i = 0; i < 5; i++) {
        run.commit();
        Answer.Results days = run.results(query(0L, null, DAY, null));
        assertEquals(byDay(run), counts(days), "after commit " + i);
      }
      assertNotEquals(before, byDay(run));
      assertEquals("day", resolution(run.results(query(0L, null, DAY, null)), 2 * DAY));
    }
  }

  private static Map<String, Map<Long, Long>> byDay(MetricRun run) throws InterruptedException {
    Map<String, Map<Long, Long>> days = new TreeMap<>();
    counts(run.results(query(0L, null, null, null)))
        .forEach(
            (place, points) ->
                points.forEach(
                    (start, count) ->
                        days.computeIfAbsent(place, _ -> new TreeMap<>())
                            .merge(Math.floorDiv(start, DAY) * DAY, count, Long::sum)));
    return days;
  }

  @Test
  void openAndClosedWindowsStandSideBySide() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      send(run, DAY, "a", 1);
      run.commit();
      send(run, DAY + HOUR, "a", 2);
      send(run, DAY + HOUR, "b", 2);
      Answer.Results all = run.results(query(null, null, null, List.of()));
      assertEquals(List.of(), all.labels());
      List<Metrics.Point> points = all.series().getFirst().points();
      assertEquals(2, points.size());
      assertEquals(1, points.getFirst().revision());
      assertTrue(points.getFirst().isFinal());
      assertEquals(0, points.getLast().revision());
      assertFalse(points.getLast().isFinal());
      assertEquals(2L, points.getLast().values()[0]);
      assertEquals(3, all.position());
      assertEquals(List.of(), all.approximate());
      assertEquals("{tumbling: 15m}", all.metric().window());
    }
  }

  @Test
  void withoutABeginThereAreAHundredWindows() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      for (long i = 0; i < 300; i++) {
        send(run, DAY + i * 15 * MINUTE, "a", 1);
      }
      run.commit();
      List<Metrics.Point> points =
          run.results(query(null, null, null, null)).series().getFirst().points();
      assertEquals(100, points.size());
      assertEquals(DAY + 299 * 15 * MINUTE, points.getLast().start());
      assertEquals(0, run.results(query(50 * DAY, null, null, null)).series().size());
      assertEquals(
          300,
          run.results(query(Long.MIN_VALUE, Long.MAX_VALUE, null, null))
              .series()
              .getFirst()
              .points()
              .size());
    }
  }

  @Test
  void sessionsInMemoryAndInCommitsAreEachThereOnce() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      for (long i = 0; i < 40; i++) {
        send(run, DAY + i * 10 * MINUTE + (i / 4) * HOUR, i % 8 < 4 ? "a" : "b", 1);
        if (i % 3 == 0) {
          run.commit();
        }
      }
      Metrics.Query query = new Metrics.Query("visits", 0L, null, null, null, Map.of(), null, 100);
      Answer.Results visits = run.results(query);
      assertEquals(2, visits.series().size());
      for (Metrics.Series series : visits.series()) {
        assertEquals(5, series.points().size());
        for (Metrics.Point point : series.points()) {
          assertEquals(4L, point.values()[0]);
          assertEquals(50 * MINUTE, point.end() - point.start());
        }
      }
    }
  }

  @Test
  void wrongQuestionsAreToldWhy() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      send(run, DAY, "a", 1);
      send(run, DAY, "b", 1);
      assertEquals(
          List.of("counts", "visits"),
          assertInstanceOf(Answer.Unknown.class, run.desk.query(named("cuonts"))).known());
      assertEquals("step", wrong(run, query(null, null, 20 * MINUTE, null)));
      assertEquals("by", wrong(run, query(null, null, null, List.of("plaice"))));
      assertEquals("by", wrong(run, query(null, null, null, List.of("place", "place"))));
      assertEquals("from", wrong(run, query(5L, 5L, null, null)));
      assertEquals("where", wrong(run, where(Map.of("x", "1"), 10)));
      assertEquals("maxPoints", wrong(run, where(Map.of(), 1)));
      assertEquals(
          1,
          assertInstanceOf(Answer.Results.class, run.desk.query(where(Map.of("place", "a"), 1)))
              .series()
              .size());
    }
  }

  private static String wrong(MetricRun run, Metrics.Query query) throws InterruptedException {
    return assertInstanceOf(Answer.Wrong.class, run.desk.query(query)).parameter();
  }

  private static Metrics.Query named(String metric) {
    return new Metrics.Query(metric, null, null, null, null, Map.of(), null, 10);
  }

  private static Metrics.Query where(Map<String, String> where, long maxPoints) {
    return new Metrics.Query("counts", null, null, null, null, where, null, maxPoints);
  }

  @Test
  void tablesHaveARowForEachWindow() throws Exception {
    try (MetricRun run = new MetricRun(METRIC.formatted(""))) {
      send(run, DAY, "a\\\"", 7);
      send(run, DAY + HOUR, "b", -7);
      List<ProvidedTables.Table> tables = run.desk.tables();
      assertEquals(
          List.of("counts", "visits", "metrics"),
          tables.stream().map(ProvidedTables.Table::name).toList());
      assertEquals(
          "start TIMESTAMP, end TIMESTAMP, place VARCHAR, n BIGINT, total BIGINT, best BIGINT,"
              + " which VARCHAR, revision BIGINT, final BOOLEAN, exact BOOLEAN",
          String.join(
              ", ",
              tables.getFirst().columns().stream()
                  .map(each -> each.name() + " " + each.type())
                  .toList()));
      assertEquals(
          List.of(
              List.of(DAY, DAY + 15 * MINUTE, "a\"", 1L, 7L, 7L, "a\"", 1L, true, true),
              List.of(DAY + HOUR, DAY + 75 * MINUTE, "b", 1L, -7L, -7L, "b", 0L, false, true)),
          rows(run.desk.rows("counts")));
      assertEquals(
          List.of(
              "counts",
              DAY,
              DAY + 15 * MINUTE,
              "{\"place\":\"a\\\"\"}",
              "{\"n\":1,\"total\":7,\"best\":7,\"which\":\"a\\\"\"}",
              1L,
              true,
              true),
          rows(run.desk.rows("metrics")).getFirst());
      assertEquals(4, rows(run.desk.rows("metrics")).size());
    }
  }

  private static List<List<@Nullable Object>> rows(List<RowChunk.View> views) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (RowChunk.View view : views) {
      for (int row = 0; row < view.rows(); row++) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; view.data(i) != null; i++) {
          values.add(value(Objects.requireNonNull(view.data(i)), row));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  private static @Nullable Object value(Column column, int row) {
    if (!column.isPresent(row)) {
      return null;
    }
    return switch (column) {
      case Column.Longs longs -> longs.get(row);
      case Column.Doubles doubles -> doubles.get(row);
      case Column.Booleans booleans -> booleans.get(row);
      case Column.Bytes text -> new String(text.get(row), UTF_8);
    };
  }
}
