package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/** Counts events, or those that have a value. */
final class CountAccumulator extends Accumulator {
  private final boolean all;

  /**
   * @param all whether events without a value count too
   */
  CountAccumulator(boolean all) {
    this.all = all;
  }

  @Override
  int words() {
    return 1;
  }

  @Override
  void add(Cells cells, int slot, Sample sample) {
    if (all || sample.kind() != Sample.Kind.NONE) {
      setWord(cells, slot, 0, word(cells, slot, 0) + sample.weight());
    }
  }

  @Override
  void addAll(Cells cells, RunPart part, @Nullable RunColumn values, Sample sample) {
    EventRun run = part.run();
    for (int i = 0; i < part.size(); i++) {
      int index = part.index(i);
      if (values == null || values.isPresent(index)) {
        addWord(cells, part.slot(i), 0, run.weight(index));
      }
    }
  }

  @Override
  void merge(Cells into, int slot, Cells from, int fromSlot) {
    setWord(into, slot, 0, word(into, slot, 0) + word(from, fromSlot, 0));
  }

  @Override
  void encode(Cells cells, int slot, ByteWriter out) {
    out.putVarint(word(cells, slot, 0));
  }

  @Override
  void decode(Cells cells, int slot, ByteReader in) {
    setWord(cells, slot, 0, in.getVarint());
  }

  @Override
  @Nullable Object value(Cells cells, int slot, Asked asked) {
    long count = word(cells, slot, 0);
    return asked.measure().function() == MetricSpec.Function.RATE
        ? (Object) (count / asked.windowSeconds())
        : (Object) count;
  }
}
