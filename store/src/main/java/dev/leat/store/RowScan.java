package dev.leat.store;

import dev.leat.event.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions.FunctionException;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a {@link RowSource}, for the columns a statement needs, in its order. Several
 * threads of DuckDB may pull at once; each claims some rows under the lock and writes them without
 * it.
 */
final class RowScan {
  /**
   * What one pull may copy: values are as large as events may be, and DuckDB's limit doesn't see
   * them yet.
   */
  private static final long MAX_PULL_BYTES = 8 << 20;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final RowSource source;
  private final List<FlatColumn> columns;
  private final List<@Nullable Column[]> resolved = new ArrayList<>();
  private final List<@Nullable Column[]> measured = new ArrayList<>();

  private int view; // guarded by this, as is the next
  private int row;

  RowScan(RowSource source, List<FlatColumn> columns) {
    this.source = source;
    this.columns = columns;
    for (FlatColumn column : columns) {
      @Nullable Column[] values = source.resolve(column);
      resolved.add(values);
      if (Arrays.stream(values).anyMatch(Column.Bytes.class::isInstance)) {
        measured.add(values);
      }
    }
  }

  /** Writes the next rows and returns how many; 0 at the end. */
  long pull(DuckDBDataChunkWriter into) {
    int[] references = new int[(int) into.capacity()];
    int rows = claim(references);
    if (rows > 0) {
      for (int i = 0; i < columns.size(); i++) {
        write(columns.get(i), resolved.get(i), references, rows, into.vector(i));
      }
    }
    return rows;
  }

  private synchronized int claim(int[] references) {
    int claimed = 0;
    long bytes = 0;
    while (claimed < references.length && bytes < MAX_PULL_BYTES) {
      int reference = next();
      if (reference < 0) {
        break;
      }
      references[claimed++] = reference;
      bytes += bytesAt(reference);
    }
    return claimed;
  }

  private int next() {
    int[] order = source.order();
    if (order != null) {
      return row < order.length ? order[row++] : -1;
    }
    while (view < source.views().size() && row == source.views().get(view).rows()) {
      view++;
      row = 0;
    }
    return view < source.views().size() ? RowSource.reference(view, row++) : -1;
  }

  private long bytesAt(int reference) {
    long bytes = 0;
    int at = RowSource.rowOf(reference);
    for (@Nullable Column[] values : measured) {
      if (values[RowSource.viewOf(reference)] instanceof Column.Bytes column
          && column.isPresent(at)) {
        bytes += column.length(at);
      }
    }
    return bytes;
  }

  private void write(
      FlatColumn column,
      @Nullable Column[] values,
      int[] references,
      int rows,
      DuckDBWritableVector into) {
    switch (column.source()) {
      case FlatColumn.Source.Shard _ -> writeShard(references, rows, into);
      case FlatColumn.Source.RawText _ -> writeRaw(values, references, rows, into, true);
      case FlatColumn.Source.RawHex _ -> writeRaw(values, references, rows, into, false);
      case FlatColumn.Source.Envelope _, FlatColumn.Source.Field _ -> {
        switch (column.type()) {
          case BIGINT -> writeLongs(values, references, rows, into);
          case DOUBLE -> writeDoubles(values, references, rows, into);
          case BOOLEAN -> writeBooleans(values, references, rows, into);
          case VARCHAR -> writeTexts(values, references, rows, into);
          default -> throw new IllegalStateException("no column is a " + column.type());
        }
      }
    }
  }

  private void writeShard(int[] references, int rows, DuckDBWritableVector into) {
    for (int i = 0; i < rows; i++) {
      into.setLong(i, source.views().get(RowSource.viewOf(references[i])).chunk().shard());
    }
  }

  private static void writeLongs(
      @Nullable Column[] values, int[] references, int rows, DuckDBWritableVector into) {
    for (int i = 0; i < rows; i++) {
      Column.Longs column = (Column.Longs) values[RowSource.viewOf(references[i])];
      int at = RowSource.rowOf(references[i]);
      if (column != null && column.isPresent(at)) {
        into.setLong(i, column.get(at));
      } else {
        into.setNull(i);
      }
    }
  }

  /** Chunks written before the field met its first fraction still hold integers. */
  private static void writeDoubles(
      @Nullable Column[] values, int[] references, int rows, DuckDBWritableVector into) {
    for (int i = 0; i < rows; i++) {
      Column column = values[RowSource.viewOf(references[i])];
      int at = RowSource.rowOf(references[i]);
      if (column == null || !column.isPresent(at)) {
        into.setNull(i);
      } else if (column instanceof Column.Longs longs) {
        into.setDouble(i, (double) longs.get(at));
      } else {
        into.setDouble(i, ((Column.Doubles) column).get(at));
      }
    }
  }

  private static void writeBooleans(
      @Nullable Column[] values, int[] references, int rows, DuckDBWritableVector into) {
    for (int i = 0; i < rows; i++) {
      Column.Booleans column = (Column.Booleans) values[RowSource.viewOf(references[i])];
      int at = RowSource.rowOf(references[i]);
      if (column != null && column.isPresent(at)) {
        into.setBoolean(i, column.get(at));
      } else {
        into.setNull(i);
      }
    }
  }

  private static void writeTexts(
      @Nullable Column[] values, int[] references, int rows, DuckDBWritableVector into) {
    byte[] @Nullable [] texts = new byte[rows][];
    for (int i = 0; i < rows; i++) {
      texts[i] = bytes(values, references[i]);
    }
    assign(texts, into);
  }

  private static void writeRaw(
      @Nullable Column[] values,
      int[] references,
      int rows,
      DuckDBWritableVector into,
      boolean asText) {
    byte[] @Nullable [] texts = new byte[rows][];
    for (int i = 0; i < rows; i++) {
      Column.Bytes column = (Column.Bytes) values[RowSource.viewOf(references[i])];
      int at = RowSource.rowOf(references[i]);
      if (column != null
          && column.isPresent(at)
          && Utf8.isValid(column.values(), column.from(at), column.length(at)) == asText) {
        texts[i] = asText ? column.get(at) : hex(column.get(at));
      }
    }
    assign(texts, into);
  }

  private static byte @Nullable [] bytes(@Nullable Column[] values, int reference) {
    Column.Bytes column = (Column.Bytes) values[RowSource.viewOf(reference)];
    int at = RowSource.rowOf(reference);
    return column != null && column.isPresent(at) ? column.get(at) : null;
  }

  /**
   * DuckDB refuses a whole batch for one byte that is not UTF-8; then it gets what can be shown of
   * each.
   */
  private static void assign(byte[] @Nullable [] texts, DuckDBWritableVector into) {
    try {
      into.setStringUtf8Batch(0, texts);
    } catch (FunctionException refused) {
      for (int i = 0; i < texts.length; i++) {
        byte[] text = texts[i];
        texts[i] = text == null ? null : Utf8.repair(text);
      }
      into.setStringUtf8Batch(0, texts);
    }
  }

  private static byte[] hex(byte[] raw) {
    byte[] digits = new byte[raw.length * 2];
    for (int i = 0; i < raw.length; i++) {
      digits[2 * i] = (byte) HEX[raw[i] >> 4 & 15];
      digits[2 * i + 1] = (byte) HEX[raw[i] & 15];
    }
    return digits;
  }
}
