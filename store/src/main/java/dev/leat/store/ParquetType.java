package dev.leat.store;

import dev.leat.event.DataSchema.Kind;

/** How files hold the values of a column, and what SQL calls that. */
enum ParquetType {
  BOOLEAN("BOOLEAN", Physical.BOOLEAN),
  INTEGER("INTEGER", Physical.INT32),
  LONG("BIGINT", Physical.INT64),
  TIME("TIMESTAMPTZ", Physical.INT64),
  DOUBLE("DOUBLE", Physical.DOUBLE),
  TEXT("VARCHAR", Physical.BYTE_ARRAY),
  JSON("JSON", Physical.BYTE_ARRAY),
  BYTES("BLOB", Physical.BYTE_ARRAY);

  /** What stands in the pages; the numbers are Parquet's. */
  enum Physical {
    BOOLEAN(0),
    INT32(1),
    INT64(2),
    DOUBLE(5),
    BYTE_ARRAY(6);

    private final int number;

    Physical(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** The one with a number. */
    static Physical of(int number) {
      for (Physical type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new IndexOutOfBoundsException("no column here is of type " + number);
    }

    boolean isText() {
      return this == BYTE_ARRAY;
    }
  }

  private final String sql;
  private final Physical physical;

  ParquetType(String sql, Physical physical) {
    this.sql = sql;
    this.physical = physical;
  }

  String sql() {
    return sql;
  }

  Physical physical() {
    return physical;
  }

  /** That of a field, which is no object. */
  static ParquetType of(Kind kind) {
    return switch (kind) {
      case BOOLEAN -> BOOLEAN;
      case LONG -> LONG;
      case DOUBLE -> DOUBLE;
      case TEXT -> TEXT;
      case JSON -> JSON;
      case OBJECT -> throw new IllegalArgumentException("an object has no values of its own");
    };
  }
}
