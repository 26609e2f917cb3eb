package dev.leat.pipeline;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.DataSchema.Field;
import dev.leat.event.RowChunk;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value at a path from the columns of a row: what SQL shows there, and nothing if SQL
 * shows null. For one thread.
 */
abstract class ValueReader {
  /** Puts the value of a row, which may be the one being written, into the sample. */
  abstract void read(RowChunk chunk, int row, Sample into);

  /** The column that has the values of these rows, if they all are whole numbers; or null. */
  Column.@Nullable Longs longs(RowChunk chunk, int row, int count) {
    return null;
  }

  static ValueReader of(KeyPath path, DataSchema schema) {
    return switch (path.field()) {
      case DATA -> new OfData(new FieldLookup(schema, path.members()));
      case ATTRIBUTES -> new AttributeValueReader(path.members().getFirst());
      case ID, SOURCE, TYPE, SUBJECT, PARTITION_KEY -> new OfEnvelope(path.field());
    };
  }

  private static void text(Column.Bytes column, int row, Sample into) {
    into.setText(column.values(), column.from(row), column.length(row));
  }

  private static final class OfData extends ValueReader {
    private final FieldLookup lookup;

    OfData(FieldLookup lookup) {
      this.lookup = lookup;
    }

    @Override
    void read(RowChunk chunk, int row, Sample into) {
      Field field = lookup.field();
      Column column = field == null ? null : chunk.columnIfAny(field);
      if (column instanceof Column.Longs longs && longs.isPresent(row)) {
        into.setLong(longs.get(row)); // Most often.
        return;
      }
      if (column == null || !column.isPresent(row)) {
        into.setNone();
        return;
      }
      switch (column) {
        case Column.Bytes bytes -> text(bytes, row, into);
        case Column.Longs longs -> into.setLong(longs.get(row));
        case Column.Doubles doubles -> into.setDouble(doubles.get(row));
        case Column.Booleans booleans -> into.setBoolean(booleans.get(row));
      }
    }

    @Override
    Column.@Nullable Longs longs(RowChunk chunk, int row, int count) {
      Field field = lookup.field();
      Column column = field == null ? null : chunk.columnIfAny(field);
      return column instanceof Column.Longs longs && longs.arePresent(row, row + count)
          ? longs
          : null;
    }
  }

  private static final class OfEnvelope extends ValueReader {
    private final KeyPath.Place place;

    OfEnvelope(KeyPath.Place place) {
      this.place = place;
    }

    @Override
    void read(RowChunk chunk, int row, Sample into) {
      Column.Bytes column =
          switch (place) {
            case ID -> chunk.id;
            case SOURCE -> chunk.source;
            case TYPE -> chunk.type;
            case SUBJECT -> chunk.subject;
            case PARTITION_KEY -> chunk.partitionKey;
            case ATTRIBUTES, DATA -> throw new IllegalStateException("no text of the envelope");
          };
      if (column.isPresent(row)) {
        text(column, row, into);
      } else {
        into.setNone();
      }
    }
  }
}
