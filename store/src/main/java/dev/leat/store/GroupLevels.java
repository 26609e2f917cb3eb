package dev.leat.store;

import dev.leat.event.Column;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a file's groups are there in which row of a row group: those with a value somewhere
 * inside. From that follow the definition levels of the columns. For one thread.
 */
final class GroupLevels {
  private final List<ParquetSchema.Group> groups;
  private final long[][] present; // by group and row
  private final boolean[] full;
  private final int rows;

  /** Of the rows from one index of the order to another. */
  GroupLevels(ParquetSchema schema, RowSource source, int[] order, int from, int to) {
    groups = schema.groups();
    rows = to - from;
    present = new long[groups.size()][(rows + 63) >>> 6];
    full = new boolean[groups.size()];
    for (ParquetSchema.Leaf leaf : schema.leaves()) {
      int group = leaf.group();
      if (group >= 0 && !full[group]) {
        @Nullable Column[] columns = Cells.columns(leaf, source);
        for (int row = 0; row < rows; row++) {
          int reference = order[from + row];
          Column column = columns[RowSource.viewOf(reference)];
          if (column != null && column.isPresent(RowSource.rowOf(reference))) {
            present[group][row >>> 6] |= 1L << row;
          }
        }
        full[group] = isFull(group);
      }
    }
    for (int group = groups.size() - 1; group >= 0; group--) {
      int parent = groups.get(group).parent();
      if (parent >= 0 && !full[parent]) {
        for (int i = 0; i < present[group].length; i++) {
          present[parent][i] |= present[group][i];
        }
        full[parent] = isFull(parent);
      }
    }
  }

  private boolean isFull(int group) {
    return Arrays.stream(present[group]).mapToInt(Long::bitCount).sum() == rows;
  }

  /** Fills in the definition levels of the column that is in the cells. */
  void fill(ParquetSchema.Leaf leaf, Cells cells, int[] levels) {
    if (cells.count() == rows) {
      Arrays.fill(levels, 0, rows, leaf.level());
      return;
    }
    for (int row = 0; row < rows; row++) {
      levels[row] = cells.isPresent(row) ? leaf.level() : around(leaf.group(), row);
    }
  }

  /** How many groups around a column are there in a row. */
  private int around(int innermost, int row) {
    int group = innermost;
    while (group >= 0 && !full[group] && (present[group][row >>> 6] & 1L << row) == 0) {
      group = groups.get(group).parent();
    }
    return group < 0 ? 0 : groups.get(group).depth() + 1;
  }
}
