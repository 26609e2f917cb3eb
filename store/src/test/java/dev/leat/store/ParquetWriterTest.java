package dev.leat.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.Disk;
import dev.leat.event.OsDisk;
import dev.leat.event.RowChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What DuckDB reads in our files is what it reads in the chunks they were written from. */
final class ParquetWriterTest {
  private static final String FILE = "rows.parquet";
  private static final int SHARD = 3;
  private static final DataFile.Span SPAN = new DataFile.Span(0, 0, 0, 0, 0);

  @TempDir private Path directory;
  private final RowTables tables = new RowTables(new Random(1), 1);
  private @Nullable DuckDatabase open;

  @BeforeEach
  void open() throws SQLException {
    open = DuckDatabase.forFiles(directory.resolve("tmp"), 256 << 20, tables);
  }

  @AfterEach
  void close() {
    database().close();
  }

  private DuckDatabase database() {
    return Objects.requireNonNull(open);
  }

  /** Values of all kinds, by chance null, repeated, extreme or alike. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anyRowsComeBack(long seed) throws SQLException, IOException {
    SplittableRandom chance = new SplittableRandom(seed);
    DataSchema schema = new DataSchema();
    List<RowChunk> chunks = new ArrayList<>();
    int rows = 1 + chance.nextInt(seed % 3 == 0 ? 30 : 30_000);
    Style[] styles = new Style[20];
    Arrays.setAll(styles, _ -> new Style(chance));
    for (int row = 0; row < rows; row++) {
      if (chunks.isEmpty() || chunks.getLast().isFull()) {
        chunks.add(new RowChunk(SHARD));
      }
      fill(chunks.getLast(), schema, styles, row);
    }
    check(schema, chunks, 1 + chance.nextInt(rows * 2), chance);
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      checkBounds(statement, "SELECT * FROM read_parquet('%s')".formatted(directory.resolve(FILE)));
    }
  }

  private static void fill(RowChunk chunk, DataSchema schema, Style[] styles, long offset) {
    int row = chunk.rows();
    chunk.offset.set(row, offset);
    styles[0].set(chunk.timeMicros, row);
    styles[1].set(chunk.receivedMicros, row);
    styles[2].set(chunk.sampledRate, row);
    styles[3].set(chunk.id, row);
    styles[4].set(chunk.source, row);
    styles[5].set(chunk.subject, row);
    styles[6].set(chunk.partitionKey, row);
    styles[7].set(chunk.raw, row);
    styles[8].setJson(chunk.rest, row);
    DataSchema.Field near = declare(schema, schema.root(), "near", Kind.OBJECT);
    DataSchema.Field far = declare(schema, near, "far", Kind.OBJECT);
    DataSchema.Field wide = declare(schema, schema.root(), "wide", Kind.OBJECT);
    styles[9].set(chunk, declare(schema, schema.root(), "truth", Kind.BOOLEAN));
    styles[10].set(chunk, declare(schema, schema.root(), "whole", Kind.LONG));
    styles[11].set(chunk, declare(schema, near, "text", Kind.TEXT));
    styles[12].set(chunk, declare(schema, near, "fraction", Kind.DOUBLE));
    styles[13].set(chunk, declare(schema, far, "list", Kind.JSON));
    styles[14].set(chunk, declare(schema, far, "deep", Kind.LONG));
    styles[15].set(chunk, declare(schema, wide, "wide", Kind.TEXT));
    styles[16].set(chunk, declare(schema, wide, "more", Kind.BOOLEAN));
    chunk.endRow(100);
    chunk.publish();
  }

  private static DataSchema.Field declare(
      DataSchema schema, DataSchema.Field parent, String name, Kind kind) {
    return Objects.requireNonNull(schema.declare(parent, name, kind));
  }

  private void check(
      DataSchema schema, List<RowChunk> chunks, int groupRows, SplittableRandom chance)
      throws SQLException, IOException {
    List<DataSchema.Entry> fields = schema.entries();
    RowSource all = RowSource.of(chunks.stream().map(RowChunk::view).toList(), fields);
    RowSource ordered = all.ordered(shuffled(chunks, chance));
    write(fields, ordered, groupRows);
    TableSql sql = new TableSql(fields);
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement();
        RowTables.Lease rows = tables.lease(ordered)) {
      String memory = "SELECT " + sql.fromRows(new DataUse.Whole()) + " FROM " + rows.sql();
      String file = "SELECT * FROM read_parquet('%s')".formatted(directory.resolve(FILE));
      for (String difference :
          List.of(memory + " EXCEPT ALL " + file, file + " EXCEPT ALL " + memory)) {
        assertEquals(List.of(), rows(statement, difference));
      }
      assertEquals(rows(statement, "DESCRIBE " + memory), rows(statement, "DESCRIBE " + file));
    }
  }

  private static int[] shuffled(List<RowChunk> chunks, SplittableRandom chance) {
    List<Integer> order = new ArrayList<>();
    for (int view = 0; view < chunks.size(); view++) {
      for (int row = 0; row < chunks.get(view).rows(); row++) {
        order.add(chance.nextInt(order.size() + 1), RowSource.reference(view, row));
      }
    }
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private void write(List<DataSchema.Entry> fields, RowSource rows, int groupRows)
      throws IOException {
    try (ParquetWriter writer = new ParquetWriter();
        Disk.File file = new OsDisk(directory).open(FILE)) {
      assertEquals(writer.write(file, ParquetSchema.of(fields), rows, groupRows), file.size());
    }
  }

  /** No filter may pass over a row group that has what it looks for. */
  private static void checkBounds(Statement statement, String file) throws SQLException {
    for (String column : List.of("id", "time", "data.near.text", "data.near.fraction")) {
      for (String edge : List.of("min", "max")) {
        String sought = "(SELECT %s(%s) FROM (%s))".formatted(edge, column, file);
        List<List<@Nullable Object>> found =
            rows(
                statement,
                "SELECT count(*) FROM (%s) WHERE %s = %s".formatted(file, column, sought));
        List<List<@Nullable Object>> there =
            rows(
                statement,
                "SELECT count(*) FILTER (WHERE v = m) FROM (SELECT %s AS v, %s AS m FROM (%s))"
                    .formatted(column, sought, file));
        assertEquals(there, found, column);
      }
    }
  }

  private static List<List<@Nullable Object>> rows(Statement statement, String sql)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next() && rows.size() < 5) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /** Row groups that are put behind each other are the rows of all files, bounds included. */
  @Test
  void joinedFilesHaveAllRows() throws SQLException, IOException {
    Disk disk = new OsDisk(directory);
    List<DataFile> files = new ArrayList<>();
    SplittableRandom chance = new SplittableRandom(7);
    Style[] styles = new Style[20];
    Arrays.setAll(styles, _ -> new Style(chance));
    DataSchema schema = new DataSchema();
    for (int each = 0; each < 3; each++) {
      int rows = 2 * RowGroupJoin.MIN_GROUP_ROWS;
      List<RowChunk> chunks = List.of(new RowChunk(SHARD), new RowChunk(SHARD));
      for (int row = 0; row < rows; row++) {
        fill(chunks.get(row / RowChunk.CAPACITY), schema, styles, (long) each * rows + row);
      }
      check(schema, chunks, RowGroupJoin.MIN_GROUP_ROWS, chance);
      disk.rename(FILE, each + FILE);
      try (Disk.File file = disk.open(each + FILE)) {
        files.add(new DataFile(each + FILE, SHARD, 0, rows, file.size(), 0L, 1, SPAN, 0, 1));
      }
    }
    RowGroupJoin join = Objects.requireNonNull(RowGroupJoin.of(disk, files));
    try (Disk.File file = disk.open(FILE)) {
      assertEquals(join.write(file), file.size());
    }
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      String joined = "SELECT * FROM read_parquet('%s')".formatted(directory.resolve(FILE));
      String apart = "SELECT * FROM read_parquet('%s/?%s')".formatted(directory, FILE);
      for (String difference :
          List.of(joined + " EXCEPT ALL " + apart, apart + " EXCEPT ALL " + joined)) {
        assertEquals(List.of(), rows(statement, difference));
      }
      checkBounds(statement, joined);
    }
  }

  /** Files of other columns, of few rows, or that something else wrote, are left to DuckDB. */
  @Test
  void filesThatDifferAreNotJoined() throws SQLException, IOException {
    Disk disk = new OsDisk(directory);
    long many = 1_000_000;
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (SELECT 1 AS n) TO '%s/a.parquet'".formatted(directory));
    }
    DataSchema schema = new DataSchema();
    for (String name : List.of("b", "c")) {
      RowChunk chunk = new RowChunk(SHARD);
      Column.Longs column =
          (Column.Longs) chunk.column(declare(schema, schema.root(), name, Kind.LONG));
      column.set(0, 1);
      chunk.endRow(1);
      chunk.publish();
      List<DataSchema.Entry> fields = schema.entries();
      write(fields, RowSource.of(List.of(chunk.view()), fields).ordered(new int[] {0}), 10);
      disk.rename(FILE, name + ".parquet");
    }
    assertNull(RowGroupJoin.of(disk, List.of(file(disk, "a", many))));
    assertNotNull(RowGroupJoin.of(disk, List.of(file(disk, "b", many), file(disk, "b", many))));
    assertNull(RowGroupJoin.of(disk, List.of(file(disk, "b", many), file(disk, "c", many))));
    assertNull(RowGroupJoin.of(disk, List.of(file(disk, "b", many), file(disk, "b", 1))));
  }

  private static DataFile file(Disk disk, String name, long rows) throws IOException {
    String path = name + ".parquet";
    try (Disk.File file = disk.open(path)) {
      return new DataFile(path, SHARD, 0, rows, file.size(), 0L, 1, SPAN, 0, 1);
    }
  }

  /** JSON is what DuckDB takes for JSON, and nothing else. */
  @Test
  void jsonIsNullWhereItIsNone() throws SQLException, IOException {
    List<String> texts =
        List.of(
            "{}",
            "[1 , 2]",
            " {\"a\":1,\"a\":2}\n",
            "{\"a\":\"\\ud83d\\ude00\"}",
            "{\"a\":\"\\ud83d\"}",
            "{\"a\":\"\\ude00\"}",
            "{\"a\":\"\\ud83d\\n\\ude00\"}",
            "{\"a\":\"\\\\ud83d\"}",
            "[\"\\ud83dx\"]",
            "[1e999]",
            "[123456789012345678901234567890]",
            "{",
            "",
            "nul",
            "[\"\\u0000\"]",
            "[\"\u00e4\u20ac\ud83d\ude00\"]");
    DataSchema schema = new DataSchema();
    DataSchema.Field list = declare(schema, schema.root(), "list", Kind.JSON);
    RowChunk chunk = new RowChunk(SHARD);
    for (String text : texts) {
      byte[] bytes = text.getBytes(UTF_8);
      chunk.offset.set(chunk.rows(), chunk.rows());
      chunk.rest.set(chunk.rows(), bytes, 0, bytes.length);
      ((Column.Bytes) chunk.column(list)).set(chunk.rows(), bytes, 0, bytes.length);
      chunk.endRow(1);
    }
    chunk.publish();
    check(schema, List.of(chunk), 100, new SplittableRandom(1));
  }

  /** A field id is what makes a column the same in all files. */
  @Test
  void fieldsHaveTheirIds() throws SQLException, IOException {
    DataSchema schema = new DataSchema();
    DataSchema.Field outer = declare(schema, schema.root(), "outer", Kind.OBJECT);
    DataSchema.Field inner = declare(schema, outer, "__duckdb_field_id", Kind.LONG);
    RowChunk chunk = new RowChunk(SHARD);
    ((Column.Longs) chunk.column(inner)).set(0, 5);
    chunk.endRow(1);
    chunk.publish();
    List<DataSchema.Entry> fields = schema.entries();
    write(fields, RowSource.of(List.of(chunk.view()), fields).ordered(new int[] {0}), 10);
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      String ids =
          "SELECT field_id FROM parquet_schema('%s') WHERE name IN ('id', 'flags', 'data', 'outer', '__duckdb_field_id')"
              .formatted(directory.resolve(FILE));
      assertEquals(
          List.of(List.of("1"), List.of("11"), List.of("1000"), List.of("1001"), List.of("15")),
          rows(statement, ids));
    }
  }

  /** Values that were chosen so that they fall into one place of the dictionary cost no more. */
  @Test
  void valuesThatMeetInOnePlaceAreNoDictionary() {
    long inverse = 1;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - 0x9E3779B97F4A7C15L * inverse; // Newton's iteration modulo 2^64
    }
    long[] numbers = new long[60_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = inverse * (i % 3_000);
    }
    Dictionary dictionary = new Dictionary();
    assertEquals(Dictionary.NONE, dictionary.encodeNumbers(numbers, numbers.length));
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % 3_000;
    }
    assertEquals(3_000, dictionary.encodeNumbers(numbers, numbers.length));
  }

  /** What the values of one column are like. */
  private static final class Style {
    private final SplittableRandom chance;
    private final double nulls;
    private final int different;
    private final int size;
    private final boolean extreme;

    Style(SplittableRandom chance) {
      this.chance = chance.split();
      this.nulls = chance.nextInt(3) * 0.5 * chance.nextDouble();
      this.different = 1 << chance.nextInt(30);
      this.size = chance.nextInt(40);
      this.extreme = chance.nextInt(4) == 0;
    }

    private boolean isNull() {
      return chance.nextDouble() < nulls;
    }

    private long whole() {
      return extreme ? chance.nextLong() : chance.nextInt(different) - different / 2;
    }

    private double fraction() {
      double[] odd = {0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE};
      return extreme ? odd[chance.nextInt(odd.length)] : chance.nextInt(different) / 100.0;
    }

    private String text() {
      String[] filling = {
        "", "x", "a long filling of this text ", "\u00e4\u20ac\ud83d\ude00", "\0"
      };
      String tail = filling[extreme ? chance.nextInt(filling.length) : size % 3];
      return chance.nextInt(different) + tail.repeat(chance.nextInt(2) * (size / 4));
    }

    void set(Column.Longs column, int row) {
      if (!isNull()) {
        column.set(row, whole() % 10_000_000_000_000_000L);
      }
    }

    void set(Column.Bytes column, int row) {
      if (!isNull()) {
        byte[] bytes = text().getBytes(UTF_8);
        if (extreme && bytes.length > 2 && chance.nextInt(10) == 0) {
          bytes[chance.nextInt(bytes.length)] = (byte) 0xFE;
        }
        column.set(row, bytes, 0, bytes.length);
      }
    }

    void setJson(Column.Bytes column, int row) {
      if (!isNull()) {
        byte[] bytes = (extreme ? text() : "[%d]".formatted(whole())).getBytes(UTF_8);
        column.set(row, bytes, 0, bytes.length);
      }
    }

    void set(RowChunk chunk, DataSchema.Field field) {
      int row = chunk.rows();
      switch (field.kind()) {
        case LONG -> {
          if (!isNull()) {
            ((Column.Longs) chunk.column(field)).set(row, whole());
          }
        }
        case DOUBLE -> {
          if (!isNull()) {
            chunk.doubles(field).set(row, fraction());
          }
        }
        case BOOLEAN -> {
          if (!isNull()) {
            ((Column.Booleans) chunk.column(field)).set(row, whole() % 2 == 0);
          }
        }
        case TEXT -> set((Column.Bytes) chunk.column(field), row);
        case JSON -> setJson((Column.Bytes) chunk.column(field), row);
        case OBJECT -> throw new IllegalArgumentException("an object has no column");
      }
    }
  }
}
