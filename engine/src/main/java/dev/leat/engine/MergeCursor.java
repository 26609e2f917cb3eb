package dev.leat.engine;

import java.io.IOException;
import java.util.List;

/**
 * Several sorted cursors as one. Where they share a fingerprint, the entry with the highest
 * position is the one that holds: for an entity it is the newest version, and ids do not come
 * twice.
 */
final class MergeCursor extends EntryCursor {
  /** A binary heap, the first entry on top. */
  private final EntryCursor[] heap;

  private int size;

  MergeCursor(List<? extends EntryCursor> inputs) throws IOException {
    heap = new EntryCursor[inputs.size()];
    for (EntryCursor input : inputs) {
      if (input.next()) {
        heap[size++] = input;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  @Override
  boolean next() throws IOException {
    if (size == 0) {
      return false;
    }
    copy(heap[0]);
    advanceTop();
    while (size > 0 && isSameAs(heap[0])) {
      if (heap[0].position > position) {
        copy(heap[0]);
      }
      advanceTop();
    }
    return true;
  }

  private void advanceTop() throws IOException {
    if (!heap[0].next()) {
      heap[0] = heap[--size];
    }
    if (size > 1) {
      sink(0);
    }
  }

  private void sink(int from) {
    EntryCursor sinking = heap[from];
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
        child++;
      }
      if (!heap[child].isBefore(sinking)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = sinking;
  }
}
