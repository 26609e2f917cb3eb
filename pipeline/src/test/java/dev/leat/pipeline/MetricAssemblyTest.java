package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.Metrics;
import dev.leat.event.RowChunk;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Windows that were combined from buckets against windows that were counted row by row. */
class MetricAssemblyTest {
  private static final long MINUTE = 60_000_000;
  private static final long HOUR = 60 * MINUTE;

  private static final String MEASURES =
      """
          measures:
            n: count()
            with_x: count(data.x)
            sum_x: sum(data.x)
            avg_x: avg(data.x)
            min_x: min(data.x)
            max_x: max(data.x)
            first_x: first(data.x)
            last_x: last(data.x)
            speed: rate()
      """;

  private final DataSchema schema = new DataSchema();
  private final RowChunk rows = new RowChunk(0);
  private final List<Event> events = new ArrayList<>();
  private MetricPlan metric = metric("{tumbling: 1m}");

  /** An event, and whether it came when its bucket had closed. */
  private record Event(int row, long time, @Nullable String a, @Nullable String b, boolean late) {}

  /** A window of a series, by its labels and its start. */
  private record Window(List<@Nullable String> labels, long start) {}

  private static MetricPlan metric(String window) {
    String yaml =
        """
        streams:
          - {name: things, match: type == 'thing'}
        metrics:
          - name: m
            from: things
            window: %s
            by: [data.a, data.b]
            lateness: 5m
        """
                .formatted(window)
            + MEASURES;
    Contents none = new Contents(Map.of(), Map.of(), Map.of());
    return TestTables.plan(yaml, none, Kinds.BUILT_IN).metrics().getFirst();
  }

  @Test
  void tumblingWindowsAreWhatTheirRowsAre() {
    Seeds.run(
        40,
        (_, chance) -> {
          MetricAssemblyTest test = new MetricAssemblyTest();
          test.metric = metric("{tumbling: 1m}");
          test.send(chance, 300, 4 * HOUR);
          Level level = chance.nextBoolean() ? Level.BASE : Level.HOUR;
          long own = level == Level.BASE ? MINUTE : HOUR;
          long step = own * (1 + chance.nextInt(4));
          test.check(chance, level, step, step);
        });
  }

  @Test
  void slidingWindowsAreWhatTheirRowsAre() {
    Seeds.run(
        60,
        (_, chance) -> {
          int slices = 1 + chance.nextInt(12);
          MetricAssemblyTest test = new MetricAssemblyTest();
          test.metric = metric("{sliding: %dm, every: 1m}".formatted(slices));
          test.send(chance, 1 + chance.nextInt(200), (1 + chance.nextInt(120)) * MINUTE);
          test.check(chance, Level.BASE, MINUTE * (1 + chance.nextInt(3)), slices * MINUTE);
        });
  }

  @Test
  void aWindowIsTheSameWhereverTheAnswerBegins() {
    metric = metric("{sliding: 7m, every: 1m}");
    send(Seeds.chance(5), 500, HOUR);
    NavigableMap<Long, Cells> buckets = buckets();
    Map<Window, Metrics.Point> all = answer(buckets, Level.BASE, query(0L, HOUR, null), null);
    for (long from = 0; from < HOUR; from += MINUTE) {
      answer(buckets, Level.BASE, query(from, from + 3 * MINUTE, null), null)
          .forEach((window, point) -> assertSame(all.get(window), point));
    }
  }

  @Test
  void aSessionIsAPointOfItsOwn() {
    metric = metric("{session: 10m, key: data.c}");
    CellLayout layout = metric.layout(schema);
    Cells cells = new Cells(layout, 2);
    addSession(layout, cells, "u", 5 * MINUTE, 8 * MINUTE);
    addSession(layout, cells, "u", 30 * MINUTE, 30 * MINUTE);
    addSession(layout, cells, "v", 9 * MINUTE, 9 * MINUTE);
    NavigableMap<Long, Cells> buckets = new TreeMap<>(Map.of(0L, cells));
    Metrics.Query query = query(0L, HOUR, List.of("a"));
    List<Metrics.Series> series =
        MetricAssembly.assemble(metric, layout, buckets, Level.BASE, query, 34 * MINUTE);
    assertEquals(2, series.size());
    List<Metrics.Point> points = series.getLast().points();
    assertEquals(List.of("a"), series.getLast().labels());
    assertEquals(
        List.of(5 * MINUTE, 30 * MINUTE), points.stream().map(Metrics.Point::start).toList());
    assertEquals(
        List.of(18 * MINUTE, 40 * MINUTE), points.stream().map(Metrics.Point::end).toList());
    assertEquals(List.of(1L, 0L), points.stream().map(Metrics.Point::revision).toList());
    // 8m + two gaps + lateness; the one that is over at 40m can still grow.
    assertEquals(List.of(true, false), points.stream().map(Metrics.Point::isFinal).toList());
    assertEquals(List.of(SeriesKey.OTHER), series.getFirst().labels());
  }

  private void addSession(CellLayout layout, Cells cells, String key, long first, long last) {
    int slot = -1;
    for (long time : new long[] {first, last}) {
      int row = row(time, 1L);
      byte[] series = key("a", "b", key);
      byte[] whole = SeriesKey.session(series, 0, series.length, first);
      slot = cells.slot(whole, 0, whole.length);
      layout.add(cells, slot, rows, row);
    }
    assertEquals(first, cells.first(slot));
  }

  @Test
  void anAnswerEndsWithOnePointMoreThanWasAskedFor() {
    for (String window : List.of("{tumbling: 1m}", "{sliding: 3m, every: 1m}")) {
      MetricAssemblyTest test = new MetricAssemblyTest();
      test.metric = metric(window);
      test.send(Seeds.chance(1), 500, HOUR);
      Metrics.Query few = new Metrics.Query("m", 0L, HOUR, null, null, Map.of(), null, 10);
      assertEquals(11, test.answer(test.buckets(), Level.BASE, few, null).size());
    }
  }

  @Test
  void labelsAreChosenByText() {
    int row = row(0, 1L);
    events.add(new Event(row, 0, "x", null, false));
    events.add(new Event(row, 0, "x", "y", false));
    events.add(new Event(row, 0, null, null, false));
    NavigableMap<Long, Cells> buckets = buckets();
    CellLayout layout = metric.layout(schema);
    Cells other = new Cells(layout, 0);
    byte[] key = key("p", "q");
    layout.add(other, other.slot(key, 0, key.length), rows, row);
    buckets.put(MINUTE, other);
    assertEquals(1, where(buckets, Map.of("a", "x", "b", "y")));
    assertEquals(0, where(buckets, Map.of("a", "x", "b", "")));
    assertEquals(2, where(buckets, Map.of("a", "x")));
    assertEquals(1, where(buckets, Map.of("a", SeriesKey.OTHER)));
    assertEquals(1, where(buckets, Map.of("a", SeriesKey.OTHER, "b", SeriesKey.OTHER)));
    assertEquals(4, where(buckets, Map.of()));
  }

  private int where(NavigableMap<Long, Cells> buckets, Map<String, String> where) {
    Metrics.Query query = new Metrics.Query("m", null, null, null, null, where, null, 1_000);
    return answer(buckets, Level.BASE, query, null).size();
  }

  @Test
  void aRollUpIsTheSumOfItsParts() {
    send(Seeds.chance(3), 800, HOUR);
    NavigableMap<Long, Cells> buckets = buckets();
    CellLayout layout = metric.layout(schema);
    Cells hour = Cells.decode(layout, MetricAssembly.rollUp(layout, buckets.values()).encode());
    Metrics.Query query = query(0L, HOUR, null);
    NavigableMap<Long, Cells> one = new TreeMap<>(Map.of(0L, hour));
    Map<Window, Metrics.Point> direct = answer(buckets, Level.HOUR, query, 2 * HOUR);
    Map<Window, Metrics.Point> rolled = answer(one, Level.HOUR, query, 2 * HOUR);
    assertEquals(direct.keySet(), rolled.keySet());
    direct.forEach((window, point) -> assertSame(point, rolled.get(window)));
  }

  private void check(RandomGenerator chance, Level level, long step, long size) {
    long watermark = chance.nextLong(5 * HOUR);
    long from = chance.nextLong(-HOUR, HOUR);
    long to = from + chance.nextLong(1, 4 * HOUR);
    List<String> by =
        switch (chance.nextInt(5)) {
          case 0 -> List.of();
          case 1 -> List.of("a");
          case 2 -> List.of("b");
          case 3 -> List.of("b", "a");
          default -> null;
        };
    Map<String, String> where =
        switch (chance.nextInt(4)) {
          case 0 -> Map.of("a", "a1");
          case 1 -> Map.of("a", "a0", "b", "b1");
          default -> Map.of();
        };
    Metrics.Query query = new Metrics.Query("m", from, to, step, by, where, null, Long.MAX_VALUE);
    Map<Window, Metrics.Point> expected = expected(query, step, size, watermark);
    Map<Window, Metrics.Point> found = answer(buckets(), level, query, watermark);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((window, point) -> assertSame(point, found.get(window)));
  }

  private static void assertSame(Metrics.@Nullable Point expected, Metrics.@Nullable Point found) {
    Metrics.Point one = Objects.requireNonNull(expected);
    Metrics.Point other = Objects.requireNonNull(found);
    assertEquals(one.end(), other.end());
    assertArrayEquals(one.values(), other.values());
    assertEquals(one.revision(), other.revision());
    assertEquals(one.isFinal(), other.isFinal());
    assertEquals(one.exact(), other.exact());
  }

  private Map<Window, Metrics.Point> answer(
      NavigableMap<Long, Cells> buckets,
      Level level,
      Metrics.Query query,
      @Nullable Long watermark) {
    CellLayout layout = metric.layout(schema);
    Map<Window, Metrics.Point> points = new HashMap<>();
    List<@Nullable String> last = null;
    for (Metrics.Series series :
        MetricAssembly.assemble(metric, layout, buckets, level, query, watermark)) {
      assertTrue(last == null || MetricAssembly.BY_LABELS.compare(last, series.labels()) < 0);
      last = series.labels();
      long before = Long.MIN_VALUE;
      for (Metrics.Point point : series.points()) {
        assertTrue(point.start() > before);
        before = point.start();
        points.put(new Window(series.labels(), point.start()), point);
      }
    }
    return points;
  }

  /** Every row into every window that it lies in. */
  private Map<Window, Metrics.Point> expected(
      Metrics.Query query, long step, long size, long watermark) {
    CellLayout layout = metric.layout(schema);
    Map<Window, Cells> windows = new HashMap<>();
    for (Event event : events) {
      if (!matches(query.where().get("a"), event.a())
          || !matches(query.where().get("b"), event.b())) {
        continue;
      }
      List<@Nullable String> labels = new ArrayList<>();
      for (String label : query.by() == null ? List.of("a", "b") : query.by()) {
        labels.add(label.equals("a") ? event.a() : event.b());
      }
      long last = Math.floorDiv(event.time(), step) * step;
      for (long start = last; start > event.time() - size; start -= step) {
        if (start >= Objects.requireNonNull(query.from())
            && start < Objects.requireNonNull(query.to())) {
          Cells cells =
              windows.computeIfAbsent(new Window(labels, start), _ -> new Cells(layout, 1));
          int slot = cells.slot(new byte[0], 0, 0);
          layout.add(cells, slot, rows, event.row());
          cells.addLate(slot, event.late() ? 1 : 0);
        }
      }
    }
    Map<Window, Metrics.Point> points = new HashMap<>();
    windows.forEach(
        (window, cells) -> {
          @Nullable Object[] values = new Object[metric.spec().measures().size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = layout.value(i, cells, 0, size, null);
          }
          long end = window.start() + size;
          long revision = watermark < end ? 0 : 1 + cells.late(0);
          // Its last slice is final once every window that has it is.
          long lastSlice = end - metric.bucketMicros();
          boolean isFinal = watermark >= lastSlice + metric.windowMicros() + 5 * MINUTE;
          points.put(
              window, new Metrics.Point(window.start(), end, values, revision, isFinal, true));
        });
    return points;
  }

  private static boolean matches(@Nullable String wanted, @Nullable String value) {
    return wanted == null || wanted.equals(value);
  }

  private void send(RandomGenerator chance, int count, long span) {
    for (int i = 0; i < count; i++) {
      long time = chance.nextLong(span);
      String a = chance.nextInt(8) == 0 ? null : "a" + chance.nextInt(3);
      String b = chance.nextInt(8) == 0 ? null : "b" + chance.nextInt(2);
      Long x = chance.nextInt(4) == 0 ? null : chance.nextLong(-1_000, 1_000);
      events.add(new Event(row(time, x), time, a, b, chance.nextInt(5) == 0));
    }
  }

  private int row(long time, @Nullable Long x) {
    int row = rows.rows();
    rows.timeMicros.set(row, time);
    rows.offset.set(row, row);
    if (x != null) {
      DataSchema.Field field =
          Objects.requireNonNull(schema.declare(schema.root(), "x", DataSchema.Kind.LONG));
      ((Column.Longs) rows.column(field)).set(row, x);
    }
    rows.endRow(1);
    return row;
  }

  /** The buckets as they would have been counted, or as they come back from a file. */
  private NavigableMap<Long, Cells> buckets() {
    CellLayout layout = metric.layout(schema);
    NavigableMap<Long, Cells> buckets = new TreeMap<>();
    for (Event event : events) {
      Cells cells =
          buckets.computeIfAbsent(
              metric.bucketOf(Level.BASE, event.time()), _ -> new Cells(layout, 100));
      byte[] key = key(event.a(), event.b());
      int slot = cells.slot(key, 0, key.length);
      layout.add(cells, slot, rows, event.row());
      cells.addLate(slot, event.late() ? 1 : 0);
    }
    buckets.replaceAll(
        (bucket, cells) -> bucket / MINUTE % 2 == 0 ? cells : Cells.decode(layout, cells.encode()));
    return buckets;
  }

  private static byte[] key(@Nullable String... labels) {
    ByteWriter key = new ByteWriter();
    for (String label : labels) {
      if (label == null) {
        key.putShort(SeriesKey.ABSENT);
      } else {
        byte[] bytes = label.getBytes(UTF_8);
        key.putShort(bytes.length);
        key.putBytes(bytes);
      }
    }
    return key.toByteArray();
  }

  private static Metrics.Query query(long from, long to, @Nullable List<String> by) {
    return new Metrics.Query("m", from, to, null, by, Map.of(), null, Long.MAX_VALUE);
  }
}
