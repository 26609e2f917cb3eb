package dev.leat.store;

import dev.leat.event.RowChunk;
import java.util.List;

/**
 * The table at a moment: files, and chunks whose rows are in no file yet. A row is in exactly one
 * of both, because a commit replaces chunks by files in one step. Immutable, though chunks at its
 * end may still grow.
 */
record Snapshot(long version, List<DataFile> files, List<RowChunk> chunks) {
  Snapshot {
    files = List.copyOf(files);
    chunks = List.copyOf(chunks);
  }

  List<RowChunk.View> views() {
    return chunks.stream().map(RowChunk::view).filter(view -> view.rows() > 0).toList();
  }
}
