package dev.leat.pipeline;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sums numbers exactly, so that no order and no merging changes a bit: those that are whole in
 * millionths in 192 bits, the others in a {@link Superaccumulator}, which is only made for such. A
 * double counts as the decimal that it is the nearest to, if that has no more than six decimals and
 * is below two thousand million. Values that are no numbers do not count. For {@code sum}, {@code
 * avg} and {@code rate}.
 *
 * <pre>
 *   word 0     how many numbers, weights counted
 *   word 1..3  the sum in millionths, lowest word first
 *   object 0   the superaccumulator
 * </pre>
 */
final class SumAccumulator extends Accumulator {
  private static final int COUNT = 0;
  private static final int LOW = 1;
  private static final int MIDDLE = 2;
  private static final int HIGH = 3;

  /**
   * Below so many millionths a double is nearest to one of them at most, and a product with a
   * million that was rounded is still nearest to that one.
   */
  private static final double MAX_MILLIONTHS = 0x1p51;

  private static final int NO_BINARY = 0;
  private static final int BINARY = 1;

  @Override
  int words() {
    return HIGH + 1;
  }

  @Override
  int objects() {
    return 1;
  }

  @Override
  void add(Cells cells, int slot, Sample sample) {
    if (!sample.isNumber()) {
      return;
    }
    long weight = sample.weight();
    setWord(cells, slot, COUNT, word(cells, slot, COUNT) + weight);
    if (sample.kind() == Sample.Kind.LONG) {
      long value = sample.number();
      long low = value * ExactSum.MILLION;
      addProduct(cells, slot, Math.multiplyHigh(value, ExactSum.MILLION), low, weight);
      return;
    }
    double value = sample.fraction();
    double millionths = Math.rint(value * ExactSum.MILLION);
    if (Math.abs(millionths) < MAX_MILLIONTHS && millionths / ExactSum.MILLION == value) {
      long low = (long) millionths;
      addProduct(cells, slot, low >> 63, low, weight);
    } else {
      binary(cells, slot).add(value, weight);
    }
  }

  /** Adds 128 bits so many times; weights have at most 31 bits, so that the product fits 128. */
  private void addProduct(Cells cells, int slot, long high, long low, long weight) {
    if (weight == 1) {
      add(cells, slot, high >> 63, high, low);
    } else {
      long middle = high * weight + Math.unsignedMultiplyHigh(low, weight);
      add(cells, slot, middle >> 63, middle, low * weight);
    }
  }

  private void add(Cells cells, int slot, long high, long middle, long low) {
    long lowSum = word(cells, slot, LOW) + low;
    long carry = Long.compareUnsigned(lowSum, low) < 0 ? 1 : 0;
    long before = word(cells, slot, MIDDLE);
    long middleSum = before + middle;
    long nextCarry = Long.compareUnsigned(middleSum, middle) < 0 ? 1 : 0;
    middleSum += carry;
    nextCarry += carry == 1 && middleSum == 0 ? 1 : 0;
    setWord(cells, slot, LOW, lowSum);
    setWord(cells, slot, MIDDLE, middleSum);
    setWord(cells, slot, HIGH, word(cells, slot, HIGH) + high + nextCarry);
  }

  private Superaccumulator binary(Cells cells, int slot) {
    Superaccumulator known = binaryIfAny(cells, slot);
    if (known == null) {
      known = new Superaccumulator();
      setObject(cells, slot, 0, known);
    }
    return known;
  }

  private @Nullable Superaccumulator binaryIfAny(Cells cells, int slot) {
    return (Superaccumulator) object(cells, slot, 0);
  }

  @Override
  void merge(Cells into, int slot, Cells from, int fromSlot) {
    setWord(into, slot, COUNT, word(into, slot, COUNT) + word(from, fromSlot, COUNT));
    add(
        into,
        slot,
        word(from, fromSlot, HIGH),
        word(from, fromSlot, MIDDLE),
        word(from, fromSlot, LOW));
    Superaccumulator other = binaryIfAny(from, fromSlot);
    if (other != null) {
      binary(into, slot).merge(other);
    }
  }

  @Override
  void encode(Cells cells, int slot, ByteWriter out) {
    out.putVarint(word(cells, slot, COUNT));
    if (word(cells, slot, COUNT) == 0) {
      return;
    }
    byte[] sum = millionths(cells, slot).toByteArray();
    out.putByte(sum.length);
    out.putBytes(sum);
    Superaccumulator binary = binaryIfAny(cells, slot);
    out.putByte(binary == null ? NO_BINARY : BINARY);
    if (binary != null) {
      binary.write(out);
    }
  }

  @Override
  void decode(Cells cells, int slot, ByteReader in) {
    long count = in.getVarint();
    setWord(cells, slot, COUNT, count);
    if (count == 0) {
      return;
    }
    int length = in.getByte();
    if (count < 0 || length < 1 || length > 3 * Long.BYTES) {
      throw damaged("a sum of %d numbers in %d bytes".formatted(count, length));
    }
    BigInteger sum = new BigInteger(in.getBytes(length));
    setWord(cells, slot, LOW, sum.longValue());
    setWord(cells, slot, MIDDLE, sum.shiftRight(Long.SIZE).longValue());
    setWord(cells, slot, HIGH, sum.shiftRight(2 * Long.SIZE).longValue());
    int kind = in.getByte();
    if (kind != NO_BINARY && kind != BINARY) {
      throw damaged("a sum of kind %d".formatted(kind));
    }
    if (kind == BINARY) {
      setObject(cells, slot, 0, Superaccumulator.read(in));
    }
  }

  private BigInteger millionths(Cells cells, int slot) {
    long low = word(cells, slot, LOW);
    long middle = word(cells, slot, MIDDLE);
    long high = word(cells, slot, HIGH);
    if (middle == low >> 63 && high == middle) {
      return BigInteger.valueOf(low);
    }
    ByteWriter bytes = new ByteWriter();
    bytes.putLong(high);
    bytes.putLong(middle);
    bytes.putLong(low);
    return new BigInteger(bytes.toByteArray());
  }

  @Override
  @Nullable Object value(Cells cells, int slot, Asked asked) {
    long count = word(cells, slot, COUNT);
    Superaccumulator binary = binaryIfAny(cells, slot);
    ExactSum sum = new ExactSum(millionths(cells, slot), binary == null ? null : binary.total());
    return switch (asked.measure().function()) {
      case SUM -> count == 0 ? null : sum.value();
      case AVG -> count == 0 ? null : (Double) sum.quotient(BigInteger.valueOf(count));
      case RATE -> (Double) sum.perSecond(asked.windowMicros());
      case COUNT, MIN, MAX, DISTINCT, QUANTILE, TOPK, FREQUENCY, FIRST, LAST ->
          throw new IllegalStateException("a sum is asked for " + asked.measure());
    };
  }

  @Override
  Object copy(int index, Object object) {
    return ((Superaccumulator) object).copy();
  }

  @Override
  long bytes(int index, Object object) {
    return ((Superaccumulator) object).bytes();
  }
}
