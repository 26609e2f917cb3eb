package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The smallest or the largest number. Integers and fractions are compared as they are, not as
 * doubles.
 *
 * <pre>
 *   word 0  0 for none, 1 for a long, 2 for a double
 *   word 1  its bits
 * </pre>
 */
final class ExtremeAccumulator extends Accumulator {
  private static final int KIND = 0;
  private static final int BITS = 1;
  private static final int NONE = 0;
  private static final int LONG = 1;
  private static final int DOUBLE = 2;

  private final boolean largest;

  ExtremeAccumulator(boolean largest) {
    this.largest = largest;
  }

  @Override
  int words() {
    return BITS + 1;
  }

  @Override
  void add(Cells cells, int slot, Sample sample) {
    switch (sample.kind()) {
      case LONG -> offer(cells, slot, LONG, sample.number());
      case DOUBLE -> offer(cells, slot, DOUBLE, Double.doubleToLongBits(sample.fraction()));
      case NONE, BOOLEAN, TEXT -> {}
    }
  }

  @Override
  void addAll(Cells cells, RunPart part, @Nullable RunColumn values, Sample sample) {
    for (int i = 0; i < part.size(); i++) {
      if (values != null && values.isLong(part.index(i))) {
        offer(cells, part.slot(i), LONG, values.number(part.index(i)));
      } else {
        part.read(i, values, sample);
        add(cells, part.slot(i), sample);
      }
    }
  }

  private void offer(Cells cells, int slot, long kind, long bits) {
    long present = word(cells, slot, KIND);
    if (present != NONE) {
      int order = compare(kind, bits, present, word(cells, slot, BITS));
      if (largest ? order <= 0 : order >= 0) {
        return;
      }
    }
    setWord(cells, slot, KIND, kind);
    setWord(cells, slot, BITS, bits);
  }

  private static int compare(long kind, long bits, long otherKind, long otherBits) {
    if (kind == LONG) {
      return otherKind == LONG
          ? Long.compare(bits, otherBits)
          : compare(bits, Double.longBitsToDouble(otherBits));
    }
    double number = Double.longBitsToDouble(bits);
    return otherKind == LONG
        ? -compare(otherBits, number)
        : Double.compare(number, Double.longBitsToDouble(otherBits));
  }

  /** Compares an integer to a double without rounding it. */
  static int compare(long whole, double number) {
    if (number >= 0x1p63) {
      return -1;
    }
    if (number < -0x1p63) {
      return 1;
    }
    double floor = Math.floor(number);
    int order = Long.compare(whole, (long) floor);
    return order == 0 && number > floor ? -1 : order;
  }

  @Override
  void merge(Cells into, int slot, Cells from, int fromSlot) {
    long kind = word(from, fromSlot, KIND);
    if (kind != NONE) {
      offer(into, slot, kind, word(from, fromSlot, BITS));
    }
  }

  @Override
  void encode(Cells cells, int slot, ByteWriter out) {
    int kind = (int) word(cells, slot, KIND);
    out.putByte(kind);
    if (kind != NONE) {
      out.putLong(word(cells, slot, BITS));
    }
  }

  @Override
  void decode(Cells cells, int slot, ByteReader in) {
    int kind = in.getByte();
    if (kind < NONE || kind > DOUBLE) {
      throw damaged("an extreme of kind %d".formatted(kind));
    }
    if (kind != NONE) {
      setWord(cells, slot, KIND, kind);
      setWord(cells, slot, BITS, in.getLong());
    }
  }

  @Override
  @Nullable Object value(Cells cells, int slot, Asked asked) {
    long bits = word(cells, slot, BITS);
    return switch ((int) word(cells, slot, KIND)) {
      case LONG -> (Object) bits;
      case DOUBLE -> (Object) Double.longBitsToDouble(bits);
      default -> null;
    };
  }
}
