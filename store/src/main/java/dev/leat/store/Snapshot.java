package dev.leat.store;

import dev.leat.event.RowChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All tables at a moment: files, and chunks whose rows are in no file yet. A row is in exactly one
 * of both, because a commit replaces chunks by files in one step. Immutable, though chunks at its
 * end may still grow.
 */
record Snapshot(long version, Map<String, Rows> tables) {

  /**
   * One table's rows.
   *
   * @param expiredRows those that retention has removed
   */
  record Rows(List<DataFile> files, List<RowChunk> chunks, long expiredRows) {
    static final Rows NONE = new Rows(List.of(), List.of(), 0);

    Rows {
      files = List.copyOf(files);
      chunks = List.copyOf(chunks);
    }

    Rows plus(RowChunk chunk) {
      List<RowChunk> more = new ArrayList<>(chunks);
      more.add(chunk);
      return new Rows(files, more, expiredRows);
    }

    /** What is published now. */
    List<RowChunk.View> views() {
      return chunks.stream().map(RowChunk::view).filter(view -> view.rows() > 0).toList();
    }
  }

  Snapshot {
    tables = Map.copyOf(tables);
  }

  /** The rows of a table; none if it never had any. */
  Rows of(String table) {
    return tables.getOrDefault(table, Rows.NONE);
  }

  /** The same with other rows of one table. */
  Snapshot with(String table, UnaryOperator<Rows> change) {
    Map<String, Rows> next = new TreeMap<>(tables);
    next.put(table, change.apply(of(table)));
    return new Snapshot(version, next);
  }
}
