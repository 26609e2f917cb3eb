package dev.leat.pipeline;

/**
 * Sums of cells that are made for an answer and forgotten with it. An answer has many, of which few
 * are needed at a time, so their cells are used again. For one thread.
 */
final class CellSums {
  private final CellLayout layout;
  private final Cells sums;
  private final byte[] key = new byte[Integer.BYTES];
  private int used;

  CellSums(CellLayout layout) {
    this.layout = layout;
    this.sums = new Cells(layout, Integer.MAX_VALUE);
  }

  /** Where a cell is. */
  record Place(Cells cells, int slot) {}

  /** Forgets all sums: what they hold goes to others. */
  void clear() {
    used = 0;
  }

  /** A sum that holds what the cell does. */
  Place copy(Cells cells, int slot) {
    Place sum = new Place(sums, next());
    add(sum, cells, slot);
    return sum;
  }

  private int next() {
    int slot = used++;
    if (slot < sums.slots()) {
      sums.clear(slot);
      return slot;
    }
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (slot >>> (Byte.SIZE * i));
    }
    return sums.slot(key, 0, key.length);
  }

  /** Adds a cell to a sum. */
  void add(Place sum, Cells cells, int slot) {
    layout.merge(sum.cells(), sum.slot(), cells, slot);
  }
}
