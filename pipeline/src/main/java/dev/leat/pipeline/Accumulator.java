package dev.leat.pipeline;

import dev.leat.event.Metrics.Bound;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the cells of a metric keep: a count, a sum, a sketch. What it keeps of a cell
 * stands in the words and objects that the cell has for it, which are zero and null as long as
 * nothing was added; it has nothing of its own but memory for {@link #add}, which is for one
 * thread. All else is for any thread that the cells are for.
 */
abstract class Accumulator {
  private int firstWord;
  private int firstObject;

  /** How many words it has in a cell. */
  abstract int words();

  /** How many objects it has in a cell. */
  int objects() {
    return 0;
  }

  /** Says where its words and objects are. */
  final void place(int word, int object) {
    this.firstWord = word;
    this.firstObject = object;
  }

  final long word(Cells cells, int slot, int index) {
    return cells.word(slot, firstWord + index);
  }

  final void setWord(Cells cells, int slot, int index, long value) {
    cells.setWord(slot, firstWord + index, value);
  }

  final @Nullable Object object(Cells cells, int slot, int index) {
    return cells.object(slot, firstObject + index);
  }

  final void setObject(Cells cells, int slot, int index, @Nullable Object value) {
    cells.setObject(slot, firstObject + index, value);
  }

  final void addWord(Cells cells, int slot, int index, long more) {
    cells.addWord(slot, firstWord + index, more);
  }

  /** Adds a value; there may be none. */
  abstract void add(Cells cells, int slot, Sample sample);

  /**
   * Adds the values of several events, one after the other, as {@link #add} would.
   *
   * @param values null for the events themselves
   * @param sample for the accumulator to use
   */
  void addAll(Cells cells, RunPart part, @Nullable RunColumn values, Sample sample) {
    for (int i = 0; i < part.size(); i++) {
      part.read(i, values, sample);
      add(cells, part.slot(i), sample);
    }
  }

  /** Adds what another cell has, which stays as it is and shares nothing that changes. */
  abstract void merge(Cells into, int slot, Cells from, int fromSlot);

  abstract void encode(Cells cells, int slot, ByteWriter out);

  /**
   * Reads what {@link #encode} wrote into a cell that is empty.
   *
   * @throws IllegalStateException if that is nothing it can have written
   */
  abstract void decode(Cells cells, int slot, ByteReader in);

  /** The value of a measure that it is for; null if there is none. */
  abstract @Nullable Object value(Cells cells, int slot, Asked asked);

  /** Whether the value is exact. */
  boolean isExact(Cells cells, int slot, MetricSpec.Measure measure) {
    return true;
  }

  /** How far its values may be off; null if they never are. */
  @Nullable Bound bound() {
    return null;
  }

  /** What somebody wants to know of a cell. */
  record Asked(MetricSpec.Measure measure, long windowMicros, @Nullable String value) {
    double windowSeconds() {
      return windowMicros / 1e6;
    }
  }

  /** One of its objects, sharing nothing that changes. */
  Object copy(int index, Object object) {
    throw new IllegalStateException("an accumulator without objects has one");
  }

  /** Heap bytes of one of its objects, roughly. */
  long bytes(int index, Object object) {
    return 0;
  }

  /**
   * That which does the same and keeps all it needs to be exact, in as many words and objects; this
   * if it is exact itself.
   */
  Accumulator exact() {
    return this;
  }

  /** Puts what a cell of the {@link #exact} accumulator has into an empty cell of this one. */
  void settle(Cells into, int slot, Cells exact, int exactSlot) {
    merge(into, slot, exact, exactSlot);
  }

  static IllegalStateException damaged(String what) {
    return new IllegalStateException("a cell is damaged: " + what);
  }
}
