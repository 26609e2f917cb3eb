package dev.leat.pipeline;

/** Sums of cells that are made for an answer and forgotten with it. For one thread. */
final class CellSums {
  private final CellLayout layout;
  private final Cells sums;
  private final byte[] key = new byte[Integer.BYTES];

  CellSums(CellLayout layout) {
    this.layout = layout;
    this.sums = new Cells(layout, Integer.MAX_VALUE);
  }

  /** Where a cell is. */
  record Place(Cells cells, int slot) {}

  /** A sum that holds what the cell does. */
  Place copy(Cells cells, int slot) {
    int number = sums.size();
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (number >>> (Byte.SIZE * i));
    }
    Place sum = new Place(sums, sums.slot(key, 0, key.length));
    add(sum, cells, slot);
    return sum;
  }

  /** Adds a cell to a sum. */
  void add(Place sum, Cells cells, int slot) {
    layout.merge(sum.cells(), sum.slot(), cells, slot);
  }
}
