package dev.leat.store;

import dev.leat.event.Column;
import dev.leat.event.DataSchema;
import dev.leat.event.RowChunk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory for one statement to read: views taken at one moment, and the columns they are
 * read as. A row is named by a reference, its chunk's index and its own in one int. Immutable.
 */
final class RowSource {
  private static final int ROW_BITS = 13;
  private static final int ROW_MASK = (1 << ROW_BITS) - 1;

  static {
    if (RowChunk.CAPACITY != 1 << ROW_BITS) {
      throw new IllegalStateException(
          "chunks hold %d rows, references count %d".formatted(RowChunk.CAPACITY, 1 << ROW_BITS));
    }
  }

  private final List<RowChunk.View> views;
  private final List<FlatColumn> columns;
  private final int @Nullable [] order;
  private final long rows;

  private RowSource(
      List<RowChunk.View> views, List<FlatColumn> columns, int @Nullable [] order, long rows) {
    this.views = List.copyOf(views);
    this.columns = List.copyOf(columns);
    this.order = order;
    this.rows = rows;
  }

  /**
   * All rows of the views. The fields have to be read after the views were taken, so that they
   * cover them.
   */
  static RowSource of(List<RowChunk.View> views, List<DataSchema.Entry> fields) {
    return all(views, FlatColumn.of(fields));
  }

  /** All rows of the views, in these columns. */
  static RowSource all(List<RowChunk.View> views, List<FlatColumn> columns) {
    long rows = 0;
    for (RowChunk.View view : views) {
      rows += view.rows();
    }
    return new RowSource(views, columns, null, rows);
  }

  /** Some of the rows, in this order. */
  RowSource ordered(int[] references) {
    return new RowSource(views, columns, references, references.length);
  }

  List<RowChunk.View> views() {
    return views;
  }

  List<FlatColumn> columns() {
    return columns;
  }

  /** References in the order to read them in, or null for that of the views. */
  int @Nullable [] order() {
    return order;
  }

  long rows() {
    return rows;
  }

  static int reference(int view, int row) {
    return view << ROW_BITS | row;
  }

  static int viewOf(int reference) {
    return reference >>> ROW_BITS;
  }

  static int rowOf(int reference) {
    return reference & ROW_MASK;
  }

  /** Where the column's values are in each view; null where a view has none. */
  @Nullable Column[] resolve(FlatColumn column) {
    @Nullable Column[] resolved = new Column[views.size()];
    for (int i = 0; i < resolved.length; i++) {
      RowChunk.View view = views.get(i);
      resolved[i] =
          switch (column.source()) {
            case FlatColumn.Source.Envelope envelope -> envelope.finder().in(view.chunk());
            case FlatColumn.Source.Shard _ -> null;
            case FlatColumn.Source.RawText _, FlatColumn.Source.RawHex _ -> view.chunk().raw;
            case FlatColumn.Source.Field field -> view.data(field.id());
          };
    }
    return resolved;
  }
}
