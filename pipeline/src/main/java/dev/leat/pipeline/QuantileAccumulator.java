package dev.leat.pipeline;

import dev.leat.event.Metrics.Bound;
import dev.leat.pipeline.MetricSpec.Measure;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All quantiles of the numbers of a path, as doubles: a batch keeps every number. */
final class QuantileAccumulator extends SketchAccumulator<QuantileSketch, KeptNumbers, double[]> {
  private final double[] quantiles;

  /**
   * @param ascending which quantiles are asked for
   */
  QuantileAccumulator(double[] ascending, boolean isBatch) {
    super(isBatch);
    this.quantiles = ascending;
  }

  @Override
  QuantileSketch newSketch() {
    return new QuantileSketch();
  }

  @Override
  boolean takes(Sample sample) {
    return sample.isNumber();
  }

  @Override
  void addTo(QuantileSketch sketch, Sample sample) {
    sketch.add(sample.approximate(), sample.weight());
  }

  @Override
  void mergeInto(QuantileSketch sketch, QuantileSketch other) {
    sketch.merge(other);
  }

  @Override
  QuantileSketch copyOf(QuantileSketch sketch) {
    return sketch.copy();
  }

  @Override
  boolean isExact(QuantileSketch sketch) {
    return sketch.isExact();
  }

  @Override
  long bytesOf(QuantileSketch sketch) {
    return sketch.bytes();
  }

  @Override
  void write(QuantileSketch sketch, ByteWriter out) {
    sketch.write(out);
  }

  @Override
  QuantileSketch readSketch(ByteReader in) {
    return QuantileSketch.read(in);
  }

  @Override
  KeptNumbers newKept() {
    return new KeptNumbers();
  }

  @Override
  void keep(KeptNumbers kept, Sample sample) {
    kept.add(sample.approximate(), sample.weight());
  }

  @Override
  void keepAll(KeptNumbers kept, KeptNumbers other) {
    kept.addAll(other);
  }

  @Override
  KeptNumbers copyOfKept(KeptNumbers kept) {
    return kept.copy();
  }

  @Override
  long bytesOfKept(KeptNumbers kept) {
    return kept.bytes();
  }

  @Override
  double[] find(KeptNumbers kept) {
    return kept.quantiles(quantiles);
  }

  @Override
  void writeFound(double[] found, ByteWriter out) {
    for (double each : found) {
      out.putDouble(each);
    }
  }

  @Override
  double[] readFound(ByteReader in) {
    double[] found = new double[quantiles.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = in.getDouble();
    }
    return found;
  }

  @Override
  @Nullable Object none() {
    return null;
  }

  @Override
  Object value(QuantileSketch sketch, Measure measure) {
    return sketch.quantile(argument(measure));
  }

  @Override
  Object valueFound(double[] found, Measure measure) {
    return found[Arrays.binarySearch(quantiles, argument(measure))];
  }

  static double argument(Measure measure) {
    Double argument = measure.argument();
    if (argument == null) {
      throw new IllegalStateException("no argument: " + measure);
    }
    return argument;
  }

  /** See {@link KeptNumbers#shares}; null if there are no numbers, or this is no batch. */
  double @Nullable [] rank(Cells cells, int slot, double number) {
    KeptNumbers kept = kept(cells, slot);
    return kept == null ? null : kept.shares(number);
  }

  @Override
  Bound bound() {
    return new Bound("rank", QuantileSketch.error(), QuantileSketch.confidence());
  }

  @Override
  Accumulator exact() {
    return new QuantileAccumulator(quantiles, true);
  }
}
