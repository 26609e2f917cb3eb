package dev.leat.bench.flink;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.apache.datasketches.common.ArrayOfStringsSerDe;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.FrequentItemsSketch;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;

/** Median and 99th percentile of the latency, and the products that come most often. */
final class Latency
    implements AggregateFunction<Tuple3<String, Long, String>, Latency.Sketches, String> {
  private static final long serialVersionUID = 1;
  private static final int COUNTERS = 128;
  private static final int TOP = 10;

  /** The sketches, as Flink keeps them: objects on the heap, bytes in checkpoints. */
  public static final class Sketches implements CopyableValue<Sketches> {
    private static final long serialVersionUID = 1;
    private static final ArrayOfStringsSerDe TEXTS = new ArrayOfStringsSerDe();
    private transient KllDoublesSketch latency = KllDoublesSketch.newHeapInstance();
    private transient FrequentItemsSketch<String> skus = new FrequentItemsSketch<>(COUNTERS);

    @Override
    public void write(DataOutputView out) throws IOException {
      write(latency.toByteArray(), out);
      write(skus.toByteArray(TEXTS), out);
    }

    private static void write(byte[] bytes, DataOutputView out) throws IOException {
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    @Override
    public void read(DataInputView in) throws IOException {
      latency = KllDoublesSketch.heapify(bytes(in));
      skus = FrequentItemsSketch.getInstance(bytes(in), TEXTS);
    }

    private static MemorySegment bytes(DataInputView in) throws IOException {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return MemorySegment.ofArray(bytes);
    }

    @Override
    public int getBinaryLength() {
      return -1;
    }

    @Override
    public void copyTo(Sketches target) {
      target.latency = KllDoublesSketch.heapify(MemorySegment.ofArray(latency.toByteArray()));
      target.skus =
          FrequentItemsSketch.getInstance(MemorySegment.ofArray(skus.toByteArray(TEXTS)), TEXTS);
    }

    @Override
    public Sketches copy() {
      Sketches copy = new Sketches();
      copyTo(copy);
      return copy;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      for (int sketch = 0; sketch < 2; sketch++) {
        int length = source.readInt();
        target.writeInt(length);
        target.write(source, length);
      }
    }
  }

  @Override
  public Sketches createAccumulator() {
    return new Sketches();
  }

  @Override
  public Sketches add(Tuple3<String, Long, String> order, Sketches sketches) {
    sketches.latency.update(order.f1);
    sketches.skus.update(order.f2);
    return sketches;
  }

  @Override
  public String getResult(Sketches sketches) {
    StringBuilder text = new StringBuilder();
    for (double rank : new double[] {0.5, 0.99}) {
      double value = sketches.latency.getQuantile(rank, QuantileSearchCriteria.INCLUSIVE);
      text.append(String.format(Locale.ROOT, "%.0f;", value));
    }
    FrequentItemsSketch.Row<String>[] rows =
        sketches.skus.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES);
    for (int i = 0; i < Math.min(TOP, rows.length); i++) {
      text.append(rows[i].getItem()).append('=').append(rows[i].getEstimate()).append(' ');
    }
    return text.toString();
  }

  @Override
  public Sketches merge(Sketches one, Sketches other) {
    Sketches merged = one.copy();
    merged.latency.merge(other.latency);
    FrequentItemsSketch<String> both = merged.skus.merge(other.skus);
    merged.skus = both;
    return merged;
  }
}
