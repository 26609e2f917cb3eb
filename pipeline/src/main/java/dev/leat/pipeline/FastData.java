package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.DataSchema.Kind;
import dev.leat.event.EventCursor;
import dev.leat.pipeline.DataType.Scalar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of the data, read from the columns of the row. */
final class FastData {
  private FastData() {}

  /** {@code data.a.b}. */
  static final class Value extends FastNode {
    private final FieldLookup lookup;
    private final boolean takesInteger;
    private final boolean takesReal;
    private final boolean takesText;
    private final boolean takesTruth;
    private final boolean known;

    /**
     * @param type what the definition says of the member, as it says what the library makes of it
     */
    Value(DataSchema schema, List<String> path, Scalar type) {
      lookup = new FieldLookup(schema, path);
      known = type != Scalar.ANY;
      takesInteger = type == Scalar.INTEGER || !known;
      takesReal = type == Scalar.NUMBER || !known;
      takesText = type == Scalar.TEXT || !known;
      takesTruth = type == Scalar.BOOLEAN || !known;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      if (row == null || !row.isRegular()) {
        return UNDECIDED;
      }
      Field field = lookup.field();
      if (field == null) {
        return UNDECIDED;
      }
      Column column = row.chunk().column(field);
      int index = row.index();
      if (!column.isPresent(index)) {
        return UNDECIDED;
      }
      if (column instanceof Column.Doubles doubles) {
        real = doubles.get(index);
        return takesReal ? known ? REAL : EITHER : UNDECIDED;
      }
      if (column instanceof Column.Longs longs) {
        return integer(longs.get(index));
      }
      if (column instanceof Column.Bytes bytes) {
        return takesText && field.kind() == Kind.TEXT
            ? text(bytes.values(), bytes.from(index), bytes.length(index))
            : UNDECIDED;
      }
      return takesTruth ? truth(((Column.Booleans) column).get(index)) : UNDECIDED;
    }

    private int integer(long value) {
      if (takesInteger) {
        integer = value;
        return INTEGER;
      }
      real = value;
      return takesReal ? REAL : UNDECIDED;
    }
  }

  /** {@code has(data.a.b)}. */
  static final class Has extends FastNode {
    private final FieldLookup lookup;
    private final int withoutValue;

    /**
     * @param nullable whether a null may stand there, which the library counts as being there
     */
    Has(DataSchema schema, List<String> path, boolean nullable) {
      lookup = new FieldLookup(schema, path);
      // Further down it may be the object around it that is missing, which is an error.
      withoutValue = nullable || path.size() > 1 ? UNDECIDED : FALSE;
    }

    @Override
    int evaluate(EventCursor event, @Nullable Row row) {
      if (row == null || !row.isRegular()) {
        return UNDECIDED;
      }
      Field field = lookup.field();
      if (field == null) {
        return UNDECIDED;
      }
      return row.chunk().column(field).isPresent(row.index()) ? TRUE : withoutValue;
    }
  }
}
