package dev.leat.pipeline;

import dev.leat.event.Metrics.Bound;
import dev.leat.pipeline.MetricSpec.Measure;

/** How many different values there were: a batch keeps each of them. */
final class DistinctAccumulator extends SketchAccumulator<DistinctSketch, KeyTable, Long> {
  private final long secret;
  private final ItemBytes item = new ItemBytes();

  /**
   * @param secret as of a {@link KeyTable}
   */
  DistinctAccumulator(boolean isBatch, long secret) {
    super(isBatch);
    this.secret = secret;
  }

  @Override
  DistinctSketch newSketch() {
    return new DistinctSketch();
  }

  @Override
  boolean takes(Sample sample) {
    return sample.kind() != Sample.Kind.NONE;
  }

  @Override
  void addTo(DistinctSketch sketch, Sample sample) {
    sketch.add(sample.hash());
  }

  @Override
  void mergeInto(DistinctSketch sketch, DistinctSketch other) {
    sketch.merge(other);
  }

  @Override
  DistinctSketch copyOf(DistinctSketch sketch) {
    return sketch.copy();
  }

  @Override
  boolean isExact(DistinctSketch sketch) {
    return sketch.isExact();
  }

  @Override
  long bytesOf(DistinctSketch sketch) {
    return sketch.bytes();
  }

  @Override
  void write(DistinctSketch sketch, ByteWriter out) {
    sketch.write(out);
  }

  @Override
  DistinctSketch readSketch(ByteReader in) {
    return DistinctSketch.read(in);
  }

  @Override
  KeyTable newKept() {
    return new KeyTable(secret);
  }

  @Override
  void keep(KeyTable kept, Sample sample) {
    item.set(sample, Integer.MAX_VALUE);
    kept.slot(item.bytes(), 0, item.length());
  }

  @Override
  void keepAll(KeyTable kept, KeyTable other) {
    for (int slot = 0; slot < other.slots(); slot++) {
      kept.slot(other.bytes(), other.from(slot), other.length(slot));
    }
  }

  @Override
  KeyTable copyOfKept(KeyTable kept) {
    return kept.copy();
  }

  @Override
  long bytesOfKept(KeyTable kept) {
    return kept.heapBytes();
  }

  @Override
  Long find(KeyTable kept) {
    return (long) kept.size();
  }

  @Override
  void writeFound(Long found, ByteWriter out) {
    out.putVarint(found);
  }

  @Override
  Long readFound(ByteReader in) {
    return in.getVarint();
  }

  @Override
  Object none() {
    return 0L;
  }

  @Override
  Object value(DistinctSketch sketch, Measure measure) {
    return Math.round(sketch.estimate());
  }

  @Override
  Object valueFound(Long found, Measure measure) {
    return found;
  }

  @Override
  Bound bound() {
    return new Bound("relative", DistinctSketch.error(), 0.95);
  }

  @Override
  Accumulator exact() {
    return new DistinctAccumulator(true, secret);
  }
}
