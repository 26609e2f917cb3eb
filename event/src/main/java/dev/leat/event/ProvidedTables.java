package dev.leat.event;

import java.util.List;

/**
 * Tables whose rows are not the store's: somebody makes them anew for each statement that names
 * one. Any thread may call it.
 */
public interface ProvidedTables {
  /** No tables. */
  ProvidedTables NONE =
      new ProvidedTables() {
        @Override
        public List<Table> tables() {
          return List.of();
        }

        @Override
        public List<RowChunk.View> rows(String table) {
          throw new IllegalArgumentException("there is no table " + table);
        }
      };

  /** The tables there are now. */
  List<Table> tables();

  /**
   * All rows of a table, as of now: the data column with the id {@code i} holds the table's column
   * {@code i}; of the envelope nothing is set.
   *
   * @throws IllegalArgumentException if there is no such table
   */
  List<RowChunk.View> rows(String table) throws InterruptedException;

  /** A table and its columns. */
  record Table(String name, List<Column> columns) {
    public Table {
      columns = List.copyOf(columns);
    }
  }

  /** A column. */
  record Column(String name, Type type) {}

  /** What a column holds, and in which kind of {@link dev.leat.event.Column}. */
  enum Type {
    BOOLEAN(DataSchema.Kind.BOOLEAN),
    BIGINT(DataSchema.Kind.LONG),
    DOUBLE(DataSchema.Kind.DOUBLE),
    VARCHAR(DataSchema.Kind.TEXT),
    JSON(DataSchema.Kind.JSON),
    /** Microseconds since 1970, as the columns of time that every table has. */
    TIMESTAMP(DataSchema.Kind.LONG);

    private final DataSchema.Kind kind;

    Type(DataSchema.Kind kind) {
      this.kind = kind;
    }

    public DataSchema.Kind kind() {
      return kind;
    }
  }
}
