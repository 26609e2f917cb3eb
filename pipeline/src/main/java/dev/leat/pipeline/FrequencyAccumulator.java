package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.Metrics.Bound;
import org.jspecify.annotations.Nullable;

/**
 * How often each value came, by its text: 5 and "5" are the same here. It has one object, the
 * sketch, or null for no values. A batch has nothing better, since it can't know which value will
 * be asked for.
 */
final class FrequencyAccumulator extends Accumulator {
  private static final int NONE = 0;
  private static final int SOME = 1;

  @Override
  int words() {
    return 0;
  }

  @Override
  int objects() {
    return 1;
  }

  private @Nullable FrequencySketch sketch(Cells cells, int slot) {
    return (FrequencySketch) object(cells, slot, 0);
  }

  @Override
  void add(Cells cells, int slot, Sample sample) {
    if (sample.kind() == Sample.Kind.NONE) {
      return;
    }
    FrequencySketch sketch = sketch(cells, slot);
    if (sketch == null) {
      sketch = new FrequencySketch();
      setObject(cells, slot, 0, sketch);
    }
    sketch.add(sample.textHash(), sample.weight());
  }

  @Override
  void merge(Cells into, int slot, Cells from, int fromSlot) {
    FrequencySketch other = sketch(from, fromSlot);
    FrequencySketch own = sketch(into, slot);
    if (other != null && own == null) {
      setObject(into, slot, 0, other.copy());
    } else if (other != null && own != null) {
      own.merge(other);
    }
  }

  @Override
  void encode(Cells cells, int slot, ByteWriter out) {
    FrequencySketch sketch = sketch(cells, slot);
    out.putByte(sketch == null ? NONE : SOME);
    if (sketch != null) {
      sketch.write(out);
    }
  }

  @Override
  void decode(Cells cells, int slot, ByteReader in) {
    int kind = in.getByte();
    if (kind == SOME) {
      setObject(cells, slot, 0, FrequencySketch.read(in));
    } else if (kind != NONE) {
      throw damaged("frequencies of kind %d".formatted(kind));
    }
  }

  @Override
  @Nullable Object value(Cells cells, int slot, Asked asked) {
    String value = asked.value();
    if (value == null) {
      return null;
    }
    FrequencySketch sketch = sketch(cells, slot);
    return sketch == null ? 0L : (Long) sketch.estimate(Hash64.of(value.getBytes(UTF_8)));
  }

  @Override
  boolean isExact(Cells cells, int slot, MetricSpec.Measure measure) {
    FrequencySketch sketch = sketch(cells, slot);
    return sketch == null || sketch.isExact();
  }

  @Override
  Bound bound() {
    return new Bound("count", FrequencySketch.error(), FrequencySketch.confidence());
  }

  @Override
  Object copy(int index, Object object) {
    return ((FrequencySketch) object).copy();
  }

  @Override
  long bytes(int index, Object object) {
    return ((FrequencySketch) object).bytes();
  }
}
