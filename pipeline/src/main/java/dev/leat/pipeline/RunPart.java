package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Some events of an {@link EventRun}, in their order, that go into cells of one bucket, and the
 * slot of each. For one thread.
 */
final class RunPart {
  private final EventRun run;
  private final int[] indexes = new int[EventRun.CAPACITY];
  private final int[] slots = new int[EventRun.CAPACITY];
  private int size;

  RunPart(EventRun run) {
    this.run = run;
  }

  void clear() {
    size = 0;
  }

  /** Adds an event that goes into a slot. */
  void add(int event, int slot) {
    indexes[size] = event;
    slots[size++] = slot;
  }

  EventRun run() {
    return run;
  }

  int size() {
    return size;
  }

  /** Where an event of the part stands in the run. */
  int index(int i) {
    return indexes[i];
  }

  /** The slot that an event of the part goes into. */
  int slot(int i) {
    return slots[i];
  }

  /** Puts an event and its value, if it is asked for one, into a sample. */
  void read(int i, @Nullable RunColumn values, Sample into) {
    int index = indexes[i];
    into.begin(run.time(index), run.offset(index), run.weight(index));
    if (values != null) {
      values.get(index, into);
    }
  }
}
