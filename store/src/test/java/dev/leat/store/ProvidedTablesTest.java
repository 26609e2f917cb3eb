package dev.leat.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore.Answer;
import dev.leat.event.EventStore.ColumnInfo;
import dev.leat.event.EventStore.Question;
import dev.leat.event.EventStore.Reason;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import dev.leat.event.TableSpec;
import dev.leat.event.ViewSpec;
import dev.leat.testkit.TestAnswer;
import dev.leat.testkit.TestRows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose rows somebody makes for each statement. */
class ProvidedTablesTest {
  private static final List<ProvidedTables.Column> COLUMNS =
      List.of(
          new ProvidedTables.Column("start", ProvidedTables.Type.TIMESTAMP),
          new ProvidedTables.Column("n", ProvidedTables.Type.BIGINT),
          new ProvidedTables.Column("share", ProvidedTables.Type.DOUBLE),
          new ProvidedTables.Column("name", ProvidedTables.Type.VARCHAR),
          new ProvidedTables.Column("labels", ProvidedTables.Type.JSON),
          new ProvidedTables.Column("final", ProvidedTables.Type.BOOLEAN));

  @TempDir private Path directory;
  private DuckStore store;
  private final Provider provider = new Provider();

  /** Rows with a number each, in several chunks; every fifth has nothing but its number. */
  private static final class Provider implements ProvidedTables {
    private volatile int rows;
    private volatile int asked;
    private volatile int changes;

    @Override
    public List<Table> tables() {
      return List.of(
          new Table("counts", COLUMNS),
          new Table("events", COLUMNS),
          new Table("broken", COLUMNS),
          new Table("stuck", COLUMNS),
          new Table("changing", COLUMNS.subList(0, 1 + changes % 2)));
    }

    @Override
    public synchronized List<RowChunk.View> rows(String table) throws InterruptedException {
      asked++;
      if (table.equals("broken")) {
        throw new IllegalArgumentException("it is broken");
      }
      if (table.equals("changing")) {
        changes++;
      }
      if (table.equals("stuck")) {
        Thread.sleep(60_000);
      }
      List<DataSchema.Field> fields = fields();
      List<RowChunk.View> views = new ArrayList<>();
      int size = rows < 100 ? 3 : 3_000;
      for (int from = 0; from < rows; from += size) {
        RowChunk chunk = new RowChunk(0);
        for (int i = from; i < Math.min(rows, from + size); i++) {
          fill(chunk, fields, i);
        }
        chunk.publish();
        views.add(chunk.view());
      }
      return views;
    }

    private static List<DataSchema.Field> fields() {
      DataSchema schema = new DataSchema();
      List<DataSchema.Field> fields = new ArrayList<>();
      for (ProvidedTables.Column column : COLUMNS) {
        fields.add(schema.declare(schema.root(), column.name(), column.type().kind()));
      }
      return fields;
    }

    private static void fill(RowChunk chunk, List<DataSchema.Field> fields, int i) {
      int row = chunk.rows();
      ((dev.leat.event.Column.Longs) chunk.column(fields.get(1))).set(row, i);
      if (i % 5 != 0) {
        ((dev.leat.event.Column.Longs) chunk.column(fields.get(0))).set(row, i * 1_000_000L);
        ((dev.leat.event.Column.Doubles) chunk.column(fields.get(2))).set(row, i / 4.0);
        TestRows.text(
            (dev.leat.event.Column.Bytes) chunk.column(fields.get(3)), row, "name-" + i % 2);
        TestRows.text(
            (dev.leat.event.Column.Bytes) chunk.column(fields.get(4)), row, "{\"i\":" + i + "}");
        ((dev.leat.event.Column.Booleans) chunk.column(fields.get(5))).set(row, i % 2 == 0);
      }
      chunk.endRow(0);
    }
  }

  @BeforeEach
  void open() throws Exception {
    store = DuckStore.open(directory, StoreOptions.defaults(1), InstantSource.system());
    store.define(TableSpec.open("events"));
    new TestRows(store, "events", 0)
        .add(0, Instant.EPOCH, Map.of("k", "name-0", "counts", 3L))
        .add(1, Instant.EPOCH, Map.of("k", "name-1"))
        .publish(2);
    store.provide(provider);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void rowsHaveTheirTypes() throws Exception {
    provider.rows = 7;
    TestAnswer answer = TestAnswer.of(store, "SELECT * FROM Counts ORDER BY n");
    assertEquals(
        List.of(
            new ColumnInfo("start", "TIMESTAMP WITH TIME ZONE"),
            new ColumnInfo("n", "BIGINT"),
            new ColumnInfo("share", "DOUBLE"),
            new ColumnInfo("name", "VARCHAR"),
            new ColumnInfo("labels", "JSON"),
            new ColumnInfo("final", "BOOLEAN")),
        answer.columns());
    assertEquals(7, answer.count());
    assertEquals(Arrays.asList(null, 0L, null, null, null, null), answer.rows().get(0));
    assertEquals(
        Arrays.asList(Instant.ofEpochSecond(6), 6L, 1.5, "name-0", "{\"i\":6}", true),
        answer.rows().get(6));
    assertEquals(
        answer.columns().getFirst().type(),
        TestAnswer.of(store, "SELECT time FROM events").columns().getFirst().type());
  }

  @Test
  void anyStatementMayNameThem() throws Exception {
    provider.rows = 10_000;
    assertEquals(
        List.of(List.of("name-0", 4_000L), List.of("name-1", 4_000L)),
        TestAnswer.of(
                store, "SELECT name, count(*) FROM counts WHERE share >= 0 GROUP BY 1 ORDER BY 1")
            .rows());
    assertEquals(
        8_000L,
        TestAnswer.of(store, "SELECT count(*) FROM counts c JOIN events e ON c.name = e.data.k")
            .value());
    assertEquals(3L, TestAnswer.of(store, "SELECT max(data.counts) FROM events, counts").value());
    assertEquals(
        16L,
        TestAnswer.of(store, "SELECT (labels->>'i')::BIGINT FROM counts WHERE n = 16").value());
    assertEquals(6, TestAnswer.of(store, "DESCRIBE counts").count());
    assertTrue(TestAnswer.of(store, "EXPLAIN SELECT n FROM counts").count() > 0);
    provider.rows = 0;
    assertEquals(0, TestAnswer.of(store, "FROM counts").count());
    assertEquals(
        0L,
        TestAnswer.of(store, "SELECT count(*) FROM events SEMI JOIN counts ON data.k = name")
            .value());
  }

  @Test
  void areListedWithoutBeingMade() throws Exception {
    List<List<Object>> names = new ArrayList<>();
    for (var row : TestAnswer.of(store, "SHOW TABLES").rows()) {
      names.add(List.of(String.valueOf(row.getFirst())));
    }
    assertTrue(names.contains(List.of("counts")), names::toString);
    assertEquals(0, provider.asked);
  }

  @Test
  void tablesOfTheStoreGoFirstAndEnvelopesAreTheirs() throws Exception {
    assertEquals(
        2L, TestAnswer.of(store, "SELECT count(*) FROM events WHERE id IS NOT NULL").value());
    assertEquals(
        Reason.INVALID, TestAnswer.of(store, "SELECT log_offset FROM counts").refused().reason());
    assertEquals(Reason.FORBIDDEN, TestAnswer.of(store, "FROM counts_history").refused().reason());
    assertEquals(0, provider.asked - 1);
  }

  @Test
  void whatTheProviderCannotDoEndsTheStatement() throws Exception {
    assertEquals(
        new Answer.Refused(Reason.INVALID, "broken has no rows: it is broken"),
        TestAnswer.of(store, "FROM broken").refused());
    assertEquals(
        new Answer.Refused(Reason.BUSY, "changing was changed meanwhile; try again"),
        TestAnswer.of(store, "FROM changing").refused());
    Question slow = new Question("FROM stuck", List.of(), Duration.ofMillis(200), 10);
    assertEquals(Reason.TIMEOUT, TestAnswer.of(store, slow).refused().reason());
    assertTrue(store.awaitIdle(Duration.ofSeconds(10)), "the provider was not interrupted");
    provider.rows = 1;
    assertEquals(1, TestAnswer.of(store, "FROM counts").count());
  }

  @Test
  void viewsMayReadThem() throws Exception {
    ViewSpec view =
        new ViewSpec(
            "by_name", "SELECT name, sum(n) AS n FROM counts GROUP BY name", Duration.ofHours(1));
    assertEquals("", store.refusal(view, List.of()));
    assertEquals(0, provider.asked);
    String refusal = store.refusal(new ViewSpec("v", "SELECT * FROM counts", null), List.of());
    assertTrue(refusal.contains("metrics"), refusal);
    assertTrue(
        store
            .refusal(new ViewSpec("counts", "SELECT 1", null), List.of())
            .contains("table called counts"));
    store.materialise(List.of(view));
    for (int rows : new int[] {3, 11}) {
      provider.rows = rows;
      store.refreshViews();
      assertEquals(
          TestAnswer.of(store, view.select() + " ORDER BY 1").rows(),
          TestAnswer.of(store, "FROM by_name ORDER BY 1").rows());
    }
  }
}
