package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The value of the first or the last event that has one, by the time of events and, where that is
 * the same, by their position in the log. Of text the first {@link SeriesWriter#MAX_LABEL_BYTES}.
 *
 * <pre>
 *   word 0    time
 *   word 1    position
 *   object 0  the value as {@link ItemBytes}; null for none
 * </pre>
 */
final class EdgeAccumulator extends Accumulator {
  private static final int TIME = 0;
  private static final int OFFSET = 1;

  private final boolean last;
  private final ItemBytes item = new ItemBytes();

  EdgeAccumulator(boolean last) {
    this.last = last;
  }

  @Override
  int words() {
    return OFFSET + 1;
  }

  @Override
  int objects() {
    return 1;
  }

  @Override
  void add(Cells cells, int slot, Sample sample) {
    if (sample.kind() != Sample.Kind.NONE && wins(cells, slot, sample.time(), sample.offset())) {
      item.set(sample, SeriesWriter.MAX_LABEL_BYTES);
      set(cells, slot, sample.time(), sample.offset(), item.toByteArray());
    }
  }

  private boolean wins(Cells cells, int slot, long time, long offset) {
    if (object(cells, slot, 0) == null) {
      return true;
    }
    int order = Long.compare(time, word(cells, slot, TIME));
    if (order == 0) {
      order = Long.compare(offset, word(cells, slot, OFFSET));
    }
    return last ? order > 0 : order < 0;
  }

  private void set(Cells cells, int slot, long time, long offset, Object value) {
    setWord(cells, slot, TIME, time);
    setWord(cells, slot, OFFSET, offset);
    setObject(cells, slot, 0, value);
  }

  @Override
  void merge(Cells into, int slot, Cells from, int fromSlot) {
    Object value = object(from, fromSlot, 0);
    long time = word(from, fromSlot, TIME);
    long offset = word(from, fromSlot, OFFSET);
    if (value != null && wins(into, slot, time, offset)) {
      set(into, slot, time, offset, value);
    }
  }

  @Override
  void encode(Cells cells, int slot, ByteWriter out) {
    byte[] value = (byte[]) object(cells, slot, 0);
    out.putVarint(value == null ? 0 : value.length);
    if (value != null) {
      out.putBytes(value);
      out.putLong(word(cells, slot, TIME));
      out.putVarint(word(cells, slot, OFFSET));
    }
  }

  @Override
  void decode(Cells cells, int slot, ByteReader in) {
    int length = in.getCount(1);
    if (length > 0) {
      byte[] value = in.getBytes(length);
      ItemBytes.value(value); // Which it must be.
      set(cells, slot, in.getLong(), in.getVarint(), value);
    }
  }

  @Override
  @Nullable Object value(Cells cells, int slot, Asked asked) {
    byte[] value = (byte[]) object(cells, slot, 0);
    return value == null ? null : ItemBytes.value(value);
  }

  @Override
  Object copy(int index, Object object) {
    return object; // Never changed.
  }

  @Override
  long bytes(int index, Object object) {
    return 16L + ((byte[]) object).length;
  }
}
