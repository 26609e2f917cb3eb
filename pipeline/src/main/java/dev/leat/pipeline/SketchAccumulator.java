package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * Something that a sketch estimates and a batch computes. A cell has two objects: the sketch, which
 * is fed in a batch too so that later events can be added to what it found; and in a batch all that
 * has to be kept to be exact, elsewhere what a batch found: the exact result, until something else
 * is added to the cell.
 *
 * @param <S> the sketch
 * @param <K> what a batch keeps
 * @param <R> what a batch finds
 */
abstract class SketchAccumulator<S, K, R> extends Accumulator {
  private static final int SKETCH = 0;
  private static final int BESIDE = 1;

  private static final int NONE = 0;
  private static final int ESTIMATED = 1;
  private static final int FOUND = 2;

  /** What a batch found is small; roughly. */
  private static final long FOUND_BYTES = 64;

  private final boolean isBatch;

  SketchAccumulator(boolean isBatch) {
    this.isBatch = isBatch;
  }

  abstract S newSketch();

  abstract boolean takes(Sample sample);

  abstract void addTo(S sketch, Sample sample);

  abstract void mergeInto(S sketch, S other);

  abstract S copyOf(S sketch);

  /** Whether the sketch alone gives the exact result. */
  abstract boolean isExact(S sketch);

  abstract long bytesOf(S sketch);

  abstract void write(S sketch, ByteWriter out);

  abstract S readSketch(ByteReader in);

  abstract K newKept();

  abstract void keep(K kept, Sample sample);

  abstract void keepAll(K kept, K other);

  abstract K copyOfKept(K kept);

  abstract long bytesOfKept(K kept);

  /** The exact result, which never changes. */
  abstract R find(K kept);

  abstract void writeFound(R found, ByteWriter out);

  abstract R readFound(ByteReader in);

  /** The value of a measure of a cell that has no values. */
  abstract @Nullable Object none();

  abstract Object value(S sketch, MetricSpec.Measure measure);

  abstract Object valueFound(R found, MetricSpec.Measure measure);

  @Override
  final int words() {
    return 0;
  }

  @Override
  final int objects() {
    return 2;
  }

  @SuppressWarnings("unchecked") // Nobody else puts anything there.
  private @Nullable S sketch(Cells cells, int slot) {
    return (S) object(cells, slot, SKETCH);
  }

  /** What a batch keeps of a cell; null if there is nothing, or this is no batch. */
  @SuppressWarnings("unchecked") // In a batch nothing else is there.
  final @Nullable K kept(Cells cells, int slot) {
    return isBatch ? (K) object(cells, slot, BESIDE) : null;
  }

  @SuppressWarnings("unchecked") // Outside of a batch nothing else is there.
  private @Nullable R found(Cells cells, int slot) {
    return isBatch ? null : (R) object(cells, slot, BESIDE);
  }

  @Override
  final void add(Cells cells, int slot, Sample sample) {
    if (!takes(sample)) {
      return;
    }
    S sketch = sketch(cells, slot);
    if (sketch == null) {
      sketch = newSketch();
      setObject(cells, slot, SKETCH, sketch);
    }
    addTo(sketch, sample);
    if (isBatch) {
      keep(keptOrNew(cells, slot), sample);
    } else {
      setObject(cells, slot, BESIDE, null);
    }
  }

  private K keptOrNew(Cells cells, int slot) {
    K kept = kept(cells, slot);
    if (kept == null) {
      kept = newKept();
      setObject(cells, slot, BESIDE, kept);
    }
    return kept;
  }

  @Override
  final void merge(Cells into, int slot, Cells from, int fromSlot) {
    S other = sketch(from, fromSlot);
    if (other == null) {
      return;
    }
    S own = sketch(into, slot);
    if (own == null) {
      setObject(into, slot, SKETCH, copyOf(other));
    } else {
      mergeInto(own, other);
    }
    K keptByOther = kept(from, fromSlot);
    if (keptByOther != null) {
      keepAll(keptOrNew(into, slot), keptByOther);
    } else {
      setObject(into, slot, BESIDE, own == null ? found(from, fromSlot) : null);
    }
  }

  @Override
  final void settle(Cells into, int slot, Cells exact, int exactSlot) {
    S sketch = sketch(exact, exactSlot);
    @SuppressWarnings("unchecked") // It is the place of a batch.
    K kept = (K) object(exact, exactSlot, BESIDE);
    if (sketch != null && kept != null) {
      setObject(into, slot, SKETCH, copyOf(sketch));
      setObject(into, slot, BESIDE, isExact(sketch) ? null : find(kept));
    }
  }

  @Override
  final void encode(Cells cells, int slot, ByteWriter out) {
    S sketch = sketch(cells, slot);
    R found = found(cells, slot);
    out.putByte(sketch == null ? NONE : found == null ? ESTIMATED : FOUND);
    if (sketch != null) {
      write(sketch, out);
    }
    if (found != null) {
      writeFound(found, out);
    }
  }

  @Override
  final void decode(Cells cells, int slot, ByteReader in) {
    int kind = in.getByte();
    if (kind < NONE || kind > FOUND) {
      throw damaged("a sketch of kind %d".formatted(kind));
    }
    if (kind != NONE) {
      setObject(cells, slot, SKETCH, readSketch(in));
    }
    if (kind == FOUND) {
      setObject(cells, slot, BESIDE, readFound(in));
    }
  }

  @Override
  final @Nullable Object value(Cells cells, int slot, Asked asked) {
    S sketch = sketch(cells, slot);
    if (sketch == null) {
      return none();
    }
    K kept = kept(cells, slot);
    R found = kept == null ? found(cells, slot) : find(kept);
    return found == null ? value(sketch, asked.measure()) : valueFound(found, asked.measure());
  }

  @Override
  final boolean isExact(Cells cells, int slot, MetricSpec.Measure measure) {
    S sketch = sketch(cells, slot);
    return sketch == null || isExact(sketch) || object(cells, slot, BESIDE) != null;
  }

  @Override
  @SuppressWarnings("unchecked") // Each index has one class.
  final Object copy(int index, Object object) {
    if (index == SKETCH) {
      return copyOf((S) object);
    }
    return isBatch ? copyOfKept((K) object) : object;
  }

  @Override
  @SuppressWarnings("unchecked") // Each index has one class.
  final long bytes(int index, Object object) {
    if (index == SKETCH) {
      return bytesOf((S) object);
    }
    return isBatch ? bytesOfKept((K) object) : FOUND_BYTES;
  }
}
