package dev.leat.store;

import dev.leat.event.Column;
import dev.leat.event.JsonException;
import dev.leat.event.JsonScanner;
import dev.leat.event.JsonScanner.Token;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column of a row group, in the order of its rows and without the nulls; text
 * stays where it is in the chunks. Text that is no UTF-8 and JSON that is none are made what they
 * should be here, as they are where rows in memory are read. For one thread; filled again and
 * again.
 */
final class Cells {
  private final JsonScanner scanner = new JsonScanner();
  private long[] present = new long[0];
  private long[] numbers = new long[0];
  private int[] array = new int[0];
  private int[] from = new int[0];
  private int[] length = new int[0];
  private byte[][] arrays = new byte[0][];
  private boolean[] plain = new boolean[0]; // per array: all of it is ASCII
  private int repaired;
  private int rows;
  private int count;

  /** Reads the rows from one index of the order to another. */
  void read(ParquetSchema.Leaf leaf, RowSource source, int[] order, int begin, int end) {
    rows = end - begin;
    count = 0;
    if (present.length < (rows + 63) >>> 6) {
      present = new long[(rows + 63) >>> 6];
    }
    Arrays.fill(present, 0);
    @Nullable Column[] columns = columns(leaf, source);
    switch (leaf.type()) {
      case INTEGER -> readShard(source, order, begin);
      case LONG, TIME -> readLongs(columns, order, begin);
      case DOUBLE -> readDoubles(columns, order, begin);
      case BOOLEAN -> readBooleans(columns, order, begin);
      case TEXT, JSON, BYTES -> readTexts(columns, leaf.type(), order, begin);
    }
  }

  /** The column in each chunk; null where a chunk has none. */
  static @Nullable Column[] columns(ParquetSchema.Leaf leaf, RowSource source) {
    @Nullable Column[] columns = new Column[source.views().size()];
    var finder = leaf.source();
    for (int i = 0; finder != null && i < columns.length; i++) {
      columns[i] = finder.apply(source.views().get(i));
    }
    return columns;
  }

  int rows() {
    return rows;
  }

  /** How many values there are. */
  int count() {
    return count;
  }

  boolean isPresent(int row) {
    return (present[row >>> 6] & 1L << row) != 0;
  }

  /** Whole numbers, the bits of doubles, or 0 and 1. */
  long[] numbers() {
    return numbers;
  }

  /** The array that a text is in. */
  byte[] array(int value) {
    return arrays[array[value]];
  }

  int from(int value) {
    return from[value];
  }

  int length(int value) {
    return length[value];
  }

  /** Compares two texts as Parquet orders them, by their bytes without sign. */
  int compare(int one, int other) {
    return Arrays.compareUnsigned(
        array(one),
        from[one],
        from[one] + length[one],
        array(other),
        from[other],
        from[other] + length[other]);
  }

  private void mark(int row) {
    present[row >>> 6] |= 1L << row;
  }

  private void roomForNumbers() {
    if (numbers.length < rows) {
      numbers = new long[rows];
    }
  }

  private void readShard(RowSource source, int[] order, int begin) {
    roomForNumbers();
    for (int row = 0; row < rows; row++) {
      mark(row);
      numbers[count++] = source.views().get(RowSource.viewOf(order[begin + row])).chunk().shard();
    }
  }

  private void readLongs(@Nullable Column[] columns, int[] order, int begin) {
    roomForNumbers();
    for (int row = 0; row < rows; row++) {
      int reference = order[begin + row];
      Column.Longs column = (Column.Longs) columns[RowSource.viewOf(reference)];
      int at = RowSource.rowOf(reference);
      if (column != null && column.isPresent(at)) {
        mark(row);
        numbers[count++] = column.get(at);
      }
    }
  }

  /** Chunks written before the field met its first fraction still hold integers. */
  private void readDoubles(@Nullable Column[] columns, int[] order, int begin) {
    roomForNumbers();
    for (int row = 0; row < rows; row++) {
      int reference = order[begin + row];
      Column column = columns[RowSource.viewOf(reference)];
      int at = RowSource.rowOf(reference);
      if (column != null && column.isPresent(at)) {
        mark(row);
        double value =
            column instanceof Column.Longs longs
                ? (double) longs.get(at)
                : ((Column.Doubles) column).get(at);
        numbers[count++] = Double.doubleToRawLongBits(value);
      }
    }
  }

  private void readBooleans(@Nullable Column[] columns, int[] order, int begin) {
    roomForNumbers();
    for (int row = 0; row < rows; row++) {
      int reference = order[begin + row];
      Column.Booleans column = (Column.Booleans) columns[RowSource.viewOf(reference)];
      int at = RowSource.rowOf(reference);
      if (column != null && column.isPresent(at)) {
        mark(row);
        numbers[count++] = column.get(at) ? 1 : 0;
      }
    }
  }

  private void readTexts(@Nullable Column[] columns, ParquetType type, int[] order, int begin) {
    roomForTexts(columns);
    for (int row = 0; row < rows; row++) {
      int reference = order[begin + row];
      int view = RowSource.viewOf(reference);
      Column.Bytes column = (Column.Bytes) columns[view];
      int at = RowSource.rowOf(reference);
      if (column != null && column.isPresent(at)) {
        array[count] = view;
        from[count] = column.from(at);
        length[count] = column.length(at);
        if (type == ParquetType.BYTES || isFit(count, type)) {
          mark(row);
          count++;
        }
      }
    }
  }

  private void roomForTexts(@Nullable Column[] columns) {
    if (length.length < rows) {
      array = new int[rows];
      from = new int[rows];
      length = new int[rows];
    }
    arrays = new byte[columns.length][];
    plain = new boolean[columns.length];
    repaired = columns.length;
    for (int i = 0; i < columns.length; i++) {
      Column.Bytes column = (Column.Bytes) columns[i];
      arrays[i] = column == null ? new byte[0] : column.values();
      plain[i] = column == null || Utf8.isAscii(arrays[i], 0, column.used());
    }
  }

  /** Whether a text can stay, perhaps in another form. */
  private boolean isFit(int value, ParquetType type) {
    if (!plain[array[value]] && !Utf8.isValid(arrays[array[value]], from[value], length[value])) {
      repair(value);
    }
    return type == ParquetType.TEXT || isJson(arrays[array[value]], from[value], length[value]);
  }

  private void repair(int value) {
    byte[] text =
        Utf8.repair(
            Arrays.copyOfRange(arrays[array[value]], from[value], from[value] + length[value]));
    if (repaired == arrays.length) {
      arrays = Arrays.copyOf(arrays, repaired * 2 + 1);
    }
    arrays[repaired] = text;
    array[value] = repaired++;
    from[value] = 0;
    length[value] = text.length;
  }

  /** Whether SQL takes a text for JSON: it has to be well-formed, surrogates in pairs included. */
  private boolean isJson(byte[] text, int begin, int size) {
    try {
      scanner.reset(text, begin, size);
      Token token = scanner.next();
      while (token != Token.END) {
        boolean isText = token == Token.STRING || token == Token.NAME;
        if (isText
            && scanner.escaped()
            && !Utf8.arePaired(text, scanner.tokenFrom(), scanner.tokenLength())) {
          return false;
        }
        token = scanner.next();
      }
      return true;
    } catch (JsonException other) {
      return false;
    }
  }
}
