package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.pipeline.DataType.Member;
import dev.leat.pipeline.DataType.ObjectOf;
import dev.leat.pipeline.DataType.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a lookup by their keys, in memory: what a step enriches events from. Values lie in
 * arrays of their types, column by column, and rows are found through an open hash of row numbers,
 * so that ten million rows are a few dozen objects. Immutable; any thread may read it.
 */
public final class LookupTable {
  public static final int MAX_ROWS = 10_000_000;
  public static final long MAX_BYTES = 256L << 20;

  /** What {@link #find} says if there is no such key. */
  public static final int NONE = -1;

  /** A column; its type is BOOLEAN, INTEGER, NUMBER or TEXT. */
  public record Column(String name, Scalar type) {
    public Column {
      if (type == Scalar.ANY) {
        throw new IllegalArgumentException("column '%s' is of no type".formatted(name));
      }
    }
  }

  private final List<Column> columns;
  private final int keyColumn;
  private final LookupColumn[] values;
  private final LookupKeys keys;

  private LookupTable(List<Column> columns, int keyColumn, LookupColumn[] values, LookupKeys keys) {
    this.columns = columns;
    this.keyColumn = keyColumn;
    this.values = values;
    this.keys = keys;
  }

  /** Begins a table whose rows are found by the values of the column called {@code key}. */
  public static Builder builder(List<Column> columns, String key) {
    return new Builder(columns, key);
  }

  public List<Column> columns() {
    return columns;
  }

  public int rows() {
    return keys.rows();
  }

  /** Bytes of memory it takes, nearly. */
  public long bytes() {
    return size(values, keys);
  }

  /**
   * The row with this key, or {@link #NONE}. The key is UTF-8; of a whole number, its digits; of a
   * truth value, its name.
   */
  public int find(byte[] bytes, int at, int length) {
    return keys.find(bytes, at, length);
  }

  public boolean isNull(int row, int column) {
    return values[column].isNull(row);
  }

  /** The value of a BOOLEAN column; false for a null. */
  public boolean booleanAt(int row, int column) {
    return ((LookupColumn.Longs) values[column]).at(row) != 0;
  }

  /** The value of an INTEGER column; 0 for a null. */
  public long longAt(int row, int column) {
    return ((LookupColumn.Longs) values[column]).at(row);
  }

  /** The value of a NUMBER column; 0 for a null. */
  public double doubleAt(int row, int column) {
    return ((LookupColumn.Doubles) values[column]).at(row);
  }

  /** The array in which the texts of a TEXT column lie, as UTF-8; it must not be changed. */
  public byte[] textBytes(int column) {
    return ((LookupColumn.Texts) values[column]).bytes();
  }

  /** Where in that array the text of a row begins. */
  public int textFrom(int row, int column) {
    return ((LookupColumn.Texts) values[column]).from(row);
  }

  /** How many bytes it has; 0 for a null. */
  public int textLength(int row, int column) {
    return ((LookupColumn.Texts) values[column]).length(row);
  }

  /** The value as Boolean, Long, Double or String; null for a null. */
  public @Nullable Object value(int row, int column) {
    if (isNull(row, column)) {
      return null;
    }
    return switch (columns.get(column).type()) {
      case BOOLEAN -> booleanAt(row, column);
      case INTEGER -> longAt(row, column);
      case NUMBER -> doubleAt(row, column);
      case TEXT ->
          new String(textBytes(column), textFrom(row, column), textLength(row, column), UTF_8);
      case ANY -> throw new IllegalStateException("a column is of no type");
    };
  }

  /** What a row is as an object: every column is a member; all but the key may be null. */
  public ObjectOf type() {
    LinkedHashMap<String, Member> members = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      members.put(column.name(), new Member(column.type(), true, i != keyColumn));
    }
    return new ObjectOf(members, false);
  }

  private static long size(LookupColumn[] values, LookupKeys keys) {
    long size = keys.size();
    for (LookupColumn column : values) {
      size += column == keys.texts() ? 0 : column.size();
    }
    return size;
  }

  /**
   * Takes rows one after the other. Of rows with the same key the first counts; a row without a key
   * is left out. For one thread.
   */
  public static final class Builder {
    private static final int MAX_NAMED = 10;

    private final List<Column> columns;
    private final int keyColumn;
    private final LookupColumn[] values;
    private final LookupKeys keys;
    private final LookupWarnings warnings = new LookupWarnings(MAX_NAMED);

    private Builder(List<Column> columns, String key) {
      this.columns = List.copyOf(columns);
      List<String> names = this.columns.stream().map(Column::name).toList();
      if (names.stream().distinct().count() != names.size()) {
        throw new IllegalArgumentException("two columns have the same name: " + names);
      }
      keyColumn = names.indexOf(key);
      if (keyColumn < 0) {
        throw new IllegalArgumentException(Spelling.unknown("column", key, names));
      }
      if (this.columns.get(keyColumn).type() == Scalar.NUMBER) {
        throw new IllegalArgumentException(
            "column '%s' holds numbers with fractions, which are no keys".formatted(key));
      }
      values = this.columns.stream().map(LookupColumn::of).toArray(LookupColumn[]::new);
      keys = new LookupKeys();
      if (values[keyColumn] instanceof LookupColumn.Texts) {
        values[keyColumn] = keys.texts(); // they are the same texts, kept once
      }
    }

    /** Adds a row of values by their columns' names; what is not there is null. */
    public Builder add(Map<String, ?> row) {
      @Nullable Object[] ordered = new @Nullable Object[columns.size()];
      for (int i = 0; i < ordered.length; i++) {
        ordered[i] = row.get(columns.get(i).name());
      }
      return add(ordered);
    }

    /**
     * Adds a row of values in the order of the columns: Boolean, Long, any Number or String, as
     * their types want; or null.
     *
     * @throws IllegalArgumentException if a value is not of its column's type, or the table would
     *     have more rows or bytes than a table may have
     */
    public Builder add(@Nullable Object... row) {
      if (row.length != values.length) {
        throw new IllegalArgumentException(
            "a row of %d values for %d columns".formatted(row.length, values.length));
      }
      Object key = row[keyColumn];
      if (key == null) {
        warnings.noKey();
        return this;
      }
      requireTypes(row);
      if (!keys.add(key.toString().getBytes(UTF_8))) {
        warnings.twice(key.toString());
        return this;
      }
      for (int i = 0; i < values.length; i++) {
        if (values[i] != keys.texts()) {
          values[i].add(row[i]);
        }
      }
      requireRoom();
      return this;
    }

    /** What is wrong with rows that were left out, for who made them. */
    public List<String> warnings() {
      return warnings.list();
    }

    /** The table; nothing may be added after. */
    public LookupTable build() {
      for (LookupColumn column : values) {
        column.trim();
      }
      keys.trim();
      return new LookupTable(columns, keyColumn, values, keys);
    }

    private void requireTypes(@Nullable Object[] row) {
      for (int i = 0; i < values.length; i++) {
        Object value = row[i];
        if (value != null && !values[i].takes(value)) {
          throw new IllegalArgumentException(
              "column '%s' holds %s, not '%s'"
                  .formatted(columns.get(i).name(), columns.get(i).type(), value));
        }
      }
    }

    private void requireRoom() {
      if (keys.rows() > MAX_ROWS) {
        throw new IllegalArgumentException("more than %d rows".formatted(MAX_ROWS));
      }
      if (size(values, keys) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "more than %s in memory, after %d rows"
                .formatted(Quantities.size(MAX_BYTES), keys.rows()));
      }
    }
  }
}
