package dev.leat.bench.flink;

import java.io.IOException;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.HllUnion;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.CopyableValue;

/** How many different customers, by HyperLogLog with an error of about 1.6 %. */
final class Distinct implements AggregateFunction<Tuple2<String, Long>, Distinct.Sketch, String> {
  private static final long serialVersionUID = 1;
  private static final int LG_K = 12;

  /** The sketch, as Flink keeps it: an object on the heap, bytes in checkpoints. */
  public static final class Sketch implements CopyableValue<Sketch> {
    private static final long serialVersionUID = 1;
    private transient HllSketch hll = new HllSketch(LG_K, TgtHllType.HLL_8);

    @Override
    public void write(DataOutputView out) throws IOException {
      byte[] bytes = hll.toUpdatableByteArray();
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    @Override
    public void read(DataInputView in) throws IOException {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      hll = HllSketch.heapify(bytes);
    }

    @Override
    public int getBinaryLength() {
      return -1;
    }

    @Override
    public void copyTo(Sketch target) {
      target.hll = hll.copy();
    }

    @Override
    public Sketch copy() {
      Sketch copy = new Sketch();
      copyTo(copy);
      return copy;
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
      int length = source.readInt();
      target.writeInt(length);
      target.write(source, length);
    }
  }

  @Override
  public Sketch createAccumulator() {
    return new Sketch();
  }

  @Override
  public Sketch add(Tuple2<String, Long> order, Sketch sketch) {
    sketch.hll.update(order.f1);
    return sketch;
  }

  @Override
  public String getResult(Sketch sketch) {
    return Long.toString(Math.round(sketch.hll.getEstimate()));
  }

  @Override
  public Sketch merge(Sketch one, Sketch other) {
    HllUnion union = new HllUnion(LG_K);
    union.update(one.hll);
    union.update(other.hll);
    Sketch merged = new Sketch();
    merged.hll = union.getResult(TgtHllType.HLL_8);
    return merged;
  }
}
