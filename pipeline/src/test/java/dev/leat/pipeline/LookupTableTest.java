package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import dev.leat.pipeline.LookupTable.Column;
import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LookupTableTest {
  private static final List<Column> AIRPORTS =
      List.of(
          new Column("iata", Scalar.TEXT),
          new Column("height", Scalar.INTEGER),
          new Column("lat", Scalar.NUMBER),
          new Column("open", Scalar.BOOLEAN));

  @Test
  void rowsAreFoundByTheirKeys() {
    LookupTable table =
        LookupTable.builder(AIRPORTS, "iata")
            .add("LAS", 665L, 36.08, true)
            .add(Map.of("iata", "ZRH", "open", false))
            .build();
    assertEquals(2, table.rows());
    assertEquals(AIRPORTS, table.columns());
    int row = find(table, "LAS");
    assertEquals(665, table.longAt(row, 1));
    assertEquals(36.08, table.doubleAt(row, 2));
    assertTrue(table.booleanAt(row, 3));
    byte[] bytes = table.textBytes(0);
    assertEquals("LAS", new String(bytes, table.textFrom(row, 0), table.textLength(row, 0), UTF_8));
    row = find(table, "ZRH");
    assertTrue(table.isNull(row, 1));
    assertTrue(table.isNull(row, 2));
    assertFalse(table.isNull(row, 3));
    assertNull(table.value(row, 1));
    assertEquals(false, table.value(row, 3));
    assertEquals(LookupTable.NONE, find(table, "LA"));
    assertEquals(LookupTable.NONE, find(table, ""));
  }

  @Test
  void aRowIsAnObjectWhoseKeyIsNeverNull() {
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    members.put("iata", new Member(Scalar.TEXT, true, false));
    members.put("height", new Member(Scalar.INTEGER, true, true));
    members.put("lat", new Member(Scalar.NUMBER, true, true));
    members.put("open", new Member(Scalar.BOOLEAN, true, true));
    assertEquals(
        new ObjectOf(members, false), LookupTable.builder(AIRPORTS, "iata").build().type());
  }

  @Test
  void ofRowsWithTheSameKeyTheFirstCountsAndItIsSaid() {
    LookupTable.Builder builder = LookupTable.builder(AIRPORTS, "height");
    builder.add("LAS", 1L, null, null).add("ZRH", 1L, null, null).add("X", null, null, null);
    for (long i = 2; i < 20; i++) {
      builder.add("a", i, null, null).add("b", i, null, null);
    }
    builder.add("c", 2L, null, null);
    LookupTable table = builder.build();
    assertEquals(19, table.rows());
    assertEquals("LAS", table.value(find(table, "1"), 0));
    List<String> warnings = builder.warnings();
    assertEquals("key 1 stands twice; the first row counts", warnings.getFirst());
    assertEquals(
        List.of("10 more rows have a key that stood before", "1 rows have no key and are left out"),
        warnings.subList(10, 12));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    LookupTable.Builder builder = LookupTable.builder(AIRPORTS, "iata");
    refused("a row of 1 values for 4 columns", () -> builder.add("LAS"));
    refused("column 'lat' holds NUMBER, not 'x'", () -> builder.add("LAS", 1L, "x", true));
    assertEquals(0, builder.build().rows());
    refused(
        "unknown column 'iatta'; did you mean 'iata'?",
        () -> LookupTable.builder(AIRPORTS, "iatta"));
    refused(
        "column 'lat' holds numbers with fractions, which are no keys",
        () -> LookupTable.builder(AIRPORTS, "lat"));
  }

  @Test
  void aTableThatIsTooLargeIsRefused() {
    LookupTable.Builder builder = LookupTable.builder(AIRPORTS, "iata");
    String megabyte = "x".repeat(1 << 20);
    refused(
        "more than 256MiB in memory, after 256 rows",
        () -> {
          for (int i = 0; i < 1_000; i++) {
            builder.add(megabyte + i, null, null, null);
          }
        });
  }

  /** The model is a map from keys to rows. */
  @Test
  void randomTablesAnswerAsAMapDoes() {
    Seeds.run(
        200,
        (_, chance) -> {
          List<Column> columns = columns(chance);
          Column key = columns.get(chance.nextInt(columns.size()));
          if (key.type() == Scalar.NUMBER) {
            return;
          }
          LookupTable.Builder builder = LookupTable.builder(columns, key.name());
          Map<String, List<@Nullable Object>> model = new HashMap<>();
          int rows = chance.nextInt(chance.nextBoolean() ? 10 : 3_000);
          for (int i = 0; i < rows; i++) {
            @Nullable Object[] row =
                columns.stream().map(column -> value(column.type(), chance)).toArray();
            builder.add(row);
            Object id = row[columns.indexOf(key)];
            if (id != null) {
              model.putIfAbsent(id.toString(), Arrays.asList(row));
            }
          }
          LookupTable table = builder.build();
          assertEquals(model.size(), table.rows());
          model.forEach((id, row) -> assertEquals(row, row(table, find(table, id)), id));
          for (int i = 0; i < 100; i++) {
            String id = String.valueOf(value(key.type(), chance));
            assertEquals(model.containsKey(id), find(table, id) >= 0, id);
          }
        });
  }

  private static List<Column> columns(RandomGenerator chance) {
    Scalar[] types = {Scalar.BOOLEAN, Scalar.INTEGER, Scalar.NUMBER, Scalar.TEXT};
    List<Column> columns = new ArrayList<>();
    int count = 1 + chance.nextInt(5);
    for (int i = 0; i < count; i++) {
      columns.add(new Column("c" + i, types[chance.nextInt(types.length)]));
    }
    return columns;
  }

  private static @Nullable Object value(Scalar type, RandomGenerator chance) {
    if (chance.nextInt(10) == 0) {
      return null;
    }
    return switch (type) {
      case BOOLEAN -> chance.nextBoolean();
      case INTEGER -> chance.nextBoolean() ? chance.nextLong() : (Long) chance.nextLong(2_000);
      case NUMBER -> chance.nextDouble();
      default ->
          chance.nextBoolean()
              ? "é".repeat(chance.nextInt(4))
              : Integer.toString(chance.nextInt(3_000), 36);
    };
  }

  private static List<@Nullable Object> row(LookupTable table, int row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      values.add(table.value(row, i));
    }
    return values;
  }

  /** Looks for the key in the midst of other bytes, as it lies in an event. */
  private static int find(LookupTable table, String key) {
    byte[] bytes = ("?" + key + "?").getBytes(UTF_8);
    return table.find(bytes, 1, bytes.length - 2);
  }

  private static void refused(String message, Runnable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::run);
    assertEquals(message, refusal.getMessage());
  }
}
