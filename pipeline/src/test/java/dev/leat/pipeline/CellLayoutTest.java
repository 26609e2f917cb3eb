package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.RowChunk;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every measure is what its values say, however the rows are cut and put together again. */
class CellLayoutTest {
  private static final long WINDOW = 10_000_000;
  private static final String MEASURES =
      """
      count() rate() count(data.x) min(data.x) max(data.x) first(data.x) last(data.x)
      distinct(data.x) quantile(data.x,0) quantile(data.x,0.5) quantile(data.x,0.95)
      quantile(data.x,1) first(data.t) last(data.t) distinct(data.t) topk(data.t,2) topk(data.t,5)
      frequency(data.t) count(data.b) distinct(data.b) topk(data.b,3) last(attributes.a)
      distinct(attributes.a) max(attributes.a) first(subject) frequency(data.x) topk(data.x,4)
      """;
  private static final List<Measure> SPECS = specs();

  private static List<Measure> specs() {
    List<Measure> specs = new ArrayList<>();
    for (String text : MEASURES.strip().split("\\s+", -1)) {
      specs.add(MeasureText.parse("m" + specs.size(), text));
    }
    return specs;
  }

  /** A row, and what its columns hold by path. */
  private record Line(long time, long offset, long weight, Map<String, Object> values, int index) {}

  private static final class Table {
    final DataSchema schema = new DataSchema();
    final RowChunk chunk = new RowChunk(0);
    final List<Line> lines = new ArrayList<>();

    /**
     * @param variety how many different values there are of a kind
     */
    Table(RandomGenerator chance, int rows, int variety) {
      Field x = declare("x", Kind.LONG);
      Field t = declare("t", Kind.TEXT);
      Field b = declare("b", Kind.BOOLEAN);
      boolean widened = chance.nextBoolean();
      for (int row = 0; row < rows; row++) {
        Map<String, Object> values = new HashMap<>();
        long time = chance.nextInt(20);
        long weight = chance.nextInt(5) == 0 ? 1 + chance.nextInt(9) : 1;
        chunk.timeMicros.set(row, time);
        chunk.offset.set(row, 100L + row);
        if (weight > 1 || chance.nextBoolean()) {
          chunk.sampledRate.set(row, weight);
        }
        if (chance.nextInt(4) > 0) {
          if (widened && chance.nextInt(3) == 0) {
            double value = (chance.nextInt(variety) - variety / 2) / 4.0;
            schema.declare(schema.root(), "x", Kind.DOUBLE);
            chunk.doubles(x).set(row, value);
            values.put("data.x", number(value));
          } else {
            long value = chance.nextInt(variety) - variety / 2L;
            set(chunk.column(x), row, value);
            values.put("data.x", value);
          }
        }
        if (chance.nextInt(4) > 0) {
          String text = "text " + chance.nextInt(variety);
          text(((Column.Bytes) chunk.column(t)), row, text);
          values.put("data.t", text);
        }
        if (chance.nextInt(4) > 0) {
          boolean value = chance.nextBoolean();
          ((Column.Booleans) chunk.column(b)).set(row, value);
          values.put("data.b", value);
        }
        attribute(chance, row, values);
        if (chance.nextBoolean()) {
          text(chunk.subject, row, "s" + chance.nextInt(variety));
          values.put("subject", new String(chunk.subject.get(row), UTF_8));
        }
        lines.add(new Line(time, 100L + row, weight, values, row));
        chunk.endRow(1);
      }
    }

    private Field declare(String name, Kind kind) {
      Field field = schema.declare(schema.root(), name, kind);
      assertNotNull(field);
      return field;
    }

    private static void set(Column column, int row, long value) {
      if (column instanceof Column.Longs longs) {
        longs.set(row, value);
      } else {
        ((Column.Doubles) column).set(row, (double) value);
      }
    }

    private static void text(Column.Bytes column, int row, String text) {
      byte[] bytes = text.getBytes(UTF_8);
      column.set(row, bytes, 0, bytes.length);
    }

    private void attribute(RandomGenerator chance, int row, Map<String, Object> values) {
      String[] json = {"5", "\"5\"", "true", "2.5", "\"q\\\"\\u00e9\"", "null", "-7e0"};
      Object[] meant = {5L, "5", true, 2.5, "q\"é", null, -7L};
      int chosen = chance.nextInt(json.length + 1);
      if (chosen < json.length) {
        text(chunk.attributes, row, "{\"b\":\"x\",\"a\":%s}".formatted(json[chosen]));
        if (meant[chosen] != null) {
          values.put("attributes.a", meant[chosen]);
        }
      } else if (chance.nextBoolean()) {
        text(chunk.attributes, row, "{\"ab\":1}");
      }
    }

    CellLayout layout() {
      Map<String, KeyPath> paths = new HashMap<>();
      for (Measure measure : SPECS) {
        String path = measure.path();
        if (path != null) {
          paths.put(path, path(path));
        }
      }
      return new CellLayout(true, 10, Accumulators.of(SPECS, paths, schema, 1), 1);
    }
  }

  private static KeyPath path(String text) {
    return ((KeyPath.Ready) KeyPath.read(text, ExpressionScope.of(DataType.unknown()))).path();
  }

  private static Object number(double value) {
    return value == Math.rint(value) ? (Object) (long) value : (Object) value;
  }

  @Test
  void everySplitGivesWhatTheValuesSay() {
    Seeds.run(
        150,
        (seed, chance) -> {
          Table table = new Table(chance, chance.nextInt(120), 1 + chance.nextInt(40));
          CellLayout layout = table.layout();
          List<Line> lines = new ArrayList<>(table.lines);
          Collections.shuffle(lines, new Random(seed));
          Cells cells = tree(layout, table, lines, chance);
          for (int i = 0; i < SPECS.size(); i++) {
            Measure spec = SPECS.get(i);
            String asked = asked(spec, chance);
            assertEquals(
                model(spec, table.lines, asked),
                layout.value(i, cells, 0, WINDOW, asked),
                spec.text());
            assertTrue(layout.isExact(i, cells, 0), spec.text());
          }
          if (!lines.isEmpty()) {
            assertEquals(lines.stream().mapToLong(Line::time).min().getAsLong(), cells.first(0));
            assertEquals(lines.stream().mapToLong(Line::time).max().getAsLong(), cells.last(0));
          }
        });
  }

  private static @Nullable String asked(Measure spec, RandomGenerator chance) {
    if (spec.function() != Function.FREQUENCY || chance.nextInt(5) == 0) {
      return null;
    }
    return "data.t".equals(spec.path())
        ? "text " + chance.nextInt(10)
        : Integer.toString(chance.nextInt(-3, 3));
  }

  private static Cells tree(
      CellLayout layout, Table table, List<Line> lines, RandomGenerator chance) {
    Cells cells = new Cells(layout, 10);
    int slot = cells.slot(new byte[20], 0, 20);
    if (lines.size() <= 1 || chance.nextInt(5) == 0) {
      for (Line line : lines) {
        layout.add(cells, slot, table.chunk, line.index());
      }
    } else {
      int cut = chance.nextInt(lines.size());
      cells = tree(layout, table, lines.subList(0, cut), chance);
      cells.merge(tree(layout, table, lines.subList(cut, lines.size()), chance));
    }
    return switch (chance.nextInt(3)) {
      case 0 -> Cells.decode(layout, cells.encode());
      case 1 -> cells.copy();
      default -> cells;
    };
  }

  @Test
  void aCopySharesNothing() {
    Table table = new Table(Seeds.chance(1), 100, 30);
    CellLayout layout = table.layout();
    Cells cells = tree(layout, table, table.lines, Seeds.chance(2));
    byte[] before = cells.encode();
    Cells copy = cells.copy();
    Cells merged = new Cells(layout, 10);
    merged.merge(cells);
    assertArrayEquals(before, merged.encode());
    layout.merge(cells, 0, cells.copy(), 0);
    layout.add(cells, 0, table.chunk, 3);
    assertArrayEquals(before, copy.encode());
    assertArrayEquals(before, merged.encode());
    assertFalse(Arrays.equals(before, cells.encode()));
    assertTrue(cells.bytes() > before.length / 2);
  }

  @Test
  void batchesAreExact() {
    Seeds.run(
        4,
        (_, chance) -> {
          Table table = new Table(chance, 6_000, 3_000);
          CellLayout layout = table.layout();
          CellLayout exact = layout.exact();
          Cells kept = new Cells(exact, 10);
          int slot = kept.slot(new byte[20], 0, 20);
          Cells more = new Cells(exact, 10);
          int moreSlot = more.slot(new byte[20], 0, 20);
          for (Line line : table.lines) {
            boolean early = line.index() < 4_000;
            exact.add(early ? kept : more, early ? slot : moreSlot, table.chunk, line.index());
          }
          kept.merge(more.copy());
          kept.setLate(slot, 3);
          Cells settled = layout.settle(kept);
          Cells read = Cells.decode(layout, settled.encode());
          assertEquals(3, read.late(0));
          boolean approximate = false;
          for (int i = 0; i < SPECS.size(); i++) {
            Measure spec = SPECS.get(i);
            if (spec.function() != Function.FREQUENCY) {
              Object expected = model(spec, table.lines, null);
              assertEquals(expected, layout.value(i, settled, 0, WINDOW, null), spec.text());
              assertEquals(expected, layout.value(i, read, 0, WINDOW, null), spec.text());
              assertTrue(layout.isExact(i, read, 0));
            }
          }
          layout.merge(settled, 0, read, 0);
          for (int i = 0; i < SPECS.size(); i++) {
            approximate |= !layout.isExact(i, settled, 0);
            assertTrue(layout.isExact(i, settled, 0) || layout.bound(i) != null);
          }
          assertTrue(approximate);
          double[] rank = exact.rank(9, kept, slot, 0);
          assertNotNull(rank);
          assertTrue(rank[0] <= rank[1] && Math.abs(rank[0] - 0.5) < 0.1);
          assertNull(exact.rank(0, kept, slot, 0));
        });
  }

  @Test
  void garbageIsRefused() {
    Table table = new Table(Seeds.chance(3), 80, 20);
    CellLayout layout = table.layout();
    byte[] block = tree(layout, table, table.lines, Seeds.chance(4)).encode();
    Seeds.run(
        1_000,
        (_, chance) -> {
          byte[] damaged = block.clone();
          for (int i = 0; i < 1 + chance.nextInt(3); i++) {
            damaged[chance.nextInt(block.length)] = (byte) chance.nextInt();
          }
          try {
            Cells cells = Cells.decode(layout, damaged);
            for (int i = 0; i < SPECS.size() && cells.size() > 0; i++) {
              layout.value(i, cells, 0, WINDOW, "5");
            }
          } catch (IllegalStateException refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
          }
        });
  }

  @Test
  void labelsAreText() {
    DataSchema schema = new DataSchema();
    Field x = schema.declare(schema.root(), "x", Kind.DOUBLE);
    Field t = schema.declare(schema.root(), "t", Kind.TEXT);
    assertTrue(x != null && t != null);
    SeriesReader reader =
        new SeriesReader(List.of(path("data.x"), path("data.t"), path("data.none")), schema);
    RowChunk chunk = new RowChunk(0);
    double[] numbers = {5, -0.0, 1.5, 1e300, Long.MIN_VALUE, 1e-7, Double.NaN};
    String[] labels = {"5", "0", "1.5", "1.0E300", "-9223372036854775808", "1.0E-7", null};
    for (int row = 0; row < numbers.length; row++) {
      ((Column.Doubles) chunk.column(x)).set(row, numbers[row]);
      Table.text((Column.Bytes) chunk.column(t), row, "é".repeat(511 + row));
      reader.read(chunk, row);
      int length = reader.length();
      byte[] key = Arrays.copyOf(reader.key(), length);
      assertEquals(
          Arrays.asList(labels[row], "é".repeat(Math.min(512, 511 + row)), null),
          SeriesKey.labels(key, 3));
      chunk.endRow(1);
    }
    Table.text((Column.Bytes) chunk.column(t), numbers.length, "x" + "é".repeat(600));
    reader.read(chunk, numbers.length);
    byte[] key = Arrays.copyOf(reader.key(), reader.length());
    assertEquals("x" + "é".repeat(511), SeriesKey.labels(key, 3).get(1));
  }

  /** What a person with a list of the values would say. */
  private static @Nullable Object model(Measure spec, List<Line> lines, @Nullable String asked) {
    String path = spec.path();
    List<Line> with =
        lines.stream().filter(line -> path == null || line.values().get(path) != null).toList();
    List<Line> numbers =
        path == null
            ? List.of()
            : with.stream().filter(line -> line.values().get(path) instanceof Number).toList();
    List<Line> inOrder = new ArrayList<>(with);
    inOrder.sort(
        (a, b) ->
            a.time() == b.time()
                ? Long.compare(a.offset(), b.offset())
                : Long.compare(a.time(), b.time()));
    long count = with.stream().mapToLong(Line::weight).sum();
    return switch (spec.function()) {
      case COUNT -> count;
      case RATE -> count / (WINDOW / 1e6);
      case MIN, MAX -> {
        List<Line> sorted = byNumber(numbers, path);
        yield sorted.isEmpty()
            ? null
            : value(spec.function() == Function.MIN ? sorted.getFirst() : sorted.getLast(), path);
      }
      case FIRST -> inOrder.isEmpty() ? null : value(inOrder.getFirst(), path);
      case LAST -> inOrder.isEmpty() ? null : value(inOrder.getLast(), path);
      case DISTINCT -> {
        Set<Object> different = new HashSet<>();
        with.forEach(line -> different.add(value(line, path)));
        yield (long) different.size();
      }
      case QUANTILE -> quantile(byNumber(numbers, path), path, argument(spec));
      case TOPK -> top(with, path, (int) argument(spec));
      case FREQUENCY ->
          asked == null
              ? null
              : (Object)
                  with.stream()
                      .filter(line -> value(line, path).toString().equals(asked))
                      .mapToLong(Line::weight)
                      .sum();
      case SUM, AVG -> throw new AssertionError("see SumTest");
    };
  }

  private static Object value(Line line, @Nullable String path) {
    Object value = line.values().get(path);
    assertNotNull(value);
    return value;
  }

  private static double argument(Measure spec) {
    Double argument = spec.argument();
    assertNotNull(argument);
    return argument;
  }

  private static List<Line> byNumber(List<Line> lines, @Nullable String path) {
    List<Line> sorted = new ArrayList<>(lines);
    sorted.sort(
        (a, b) ->
            Double.compare(
                ((Number) value(a, path)).doubleValue(), ((Number) value(b, path)).doubleValue()));
    return sorted;
  }

  private static @Nullable Object quantile(List<Line> sorted, @Nullable String path, double q) {
    double total = sorted.stream().mapToLong(Line::weight).sum();
    double below = 0;
    for (Line line : sorted) {
      below += line.weight();
      // A hair less, since 0.95 is none of its twentieths as a double.
      if (below >= q * total - 1e-9) {
        return ((Number) value(line, path)).doubleValue();
      }
    }
    return null;
  }

  private static List<Map<String, Object>> top(List<Line> lines, @Nullable String path, int k) {
    Map<Object, Long> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(value(line, path), line.weight(), Long::sum));
    TreeMap<byte[], Map<String, Object>> sorted = new TreeMap<>(Arrays::compareUnsigned);
    counts.forEach(
        (item, count) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("item", item);
          entry.put("count", count);
          ByteWriter order = new ByteWriter();
          order.putLong(-count);
          order.putBytes(bytes(item));
          sorted.put(order.toByteArray(), entry);
        });
    return sorted.values().stream().limit(k).toList();
  }

  private static byte[] bytes(Object item) {
    Sample sample = new Sample();
    switch (item) {
      case Long number -> sample.setLong(number);
      case Double number -> sample.setDouble(number);
      case Boolean truth -> sample.setBoolean(truth);
      default -> sample.setText(item.toString().getBytes(UTF_8), 0, item.toString().length());
    }
    ItemBytes bytes = new ItemBytes();
    bytes.set(sample, 1_024);
    return bytes.toByteArray();
  }
}
