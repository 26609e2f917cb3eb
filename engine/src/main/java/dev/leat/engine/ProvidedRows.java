package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.ProvidedTables;
import dev.leat.event.RowChunk;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills chunks with the rows of a table that is made for a statement. For one thread. */
final class ProvidedRows {
  /** So many rows of one table are made for a statement; some 150 bytes each. */
  private static final long MAX_ROWS = 1_000_000;

  private final ProvidedTables.Table table;
  private final List<DataSchema.Field> fields = new ArrayList<>();
  private final List<RowChunk.View> full = new ArrayList<>();
  private RowChunk chunk = new RowChunk(0);
  private long rows;

  ProvidedRows(ProvidedTables.Table table) {
    this.table = table;
    DataSchema schema = new DataSchema();
    for (ProvidedTables.Column column : table.columns()) {
      // Ids are what counts; names only have to differ.
      String name = "c" + fields.size();
      DataSchema.Field field = schema.declare(schema.root(), name, column.type().kind());
      if (field == null) {
        throw new IllegalStateException(
            "the table %s has too many columns".formatted(table.name()));
      }
      fields.add(field);
    }
  }

  /**
   * Adds a row.
   *
   * @param values one for each column: null, a number, a truth value or text, JSON as its text
   * @throws IllegalArgumentException if there are too many
   */
  void add(@Nullable Object[] values) {
    if (++rows > MAX_ROWS) {
      throw new IllegalArgumentException(
          "the table %s has more than %,d windows, and a statement has them all in memory: ask GET /v1/metrics for a stretch of time"
              .formatted(table.name(), MAX_ROWS));
    }
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value != null) {
        set(i, value);
      }
    }
    chunk.endRow(0);
    if (chunk.isFull()) {
      finishChunk();
      chunk = new RowChunk(0, chunk.sizes());
    }
  }

  /** Whether a column holds JSON. */
  boolean isJson(int column) {
    return table.columns().get(column).type() == ProvidedTables.Type.JSON;
  }

  /** All rows. */
  List<RowChunk.View> finish() {
    finishChunk();
    return full;
  }

  private void finishChunk() {
    if (chunk.rows() > 0) {
      chunk.publish();
      full.add(chunk.view());
    }
  }

  private void set(int index, Object value) {
    int row = chunk.rows();
    switch (chunk.column(fields.get(index))) {
      case Column.Booleans booleans -> booleans.set(row, (Boolean) value);
      case Column.Longs longs -> longs.set(row, exact(index, (Number) value));
      case Column.Doubles doubles -> doubles.set(row, ((Number) value).doubleValue());
      case Column.Bytes text -> {
        byte[] bytes = value.toString().getBytes(UTF_8);
        text.set(row, bytes, 0, bytes.length);
      }
    }
  }

  /** A number that does not fit its column must not become another one. */
  private long exact(int index, Number value) {
    try {
      return switch (value) {
        case Long number -> number;
        case BigInteger number -> number.longValueExact();
        case BigDecimal number -> number.longValueExact();
        default -> new BigDecimal(value.toString()).longValueExact();
      };
    } catch (ArithmeticException | NumberFormatException misfit) {
      throw new IllegalStateException(
          "%s in column %s of table %s is no 64-bit integer; ask /v1/metrics for it"
              .formatted(value, table.columns().get(index).name(), table.name()),
          misfit);
    }
  }
}
