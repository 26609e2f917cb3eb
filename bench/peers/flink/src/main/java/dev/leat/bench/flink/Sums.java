package dev.leat.bench.flink;

import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.java.tuple.Tuple2;

/** How many, and their cents. */
final class Sums<K>
    implements AggregateFunction<Tuple2<K, Long>, Tuple2<Long, Long>, Tuple2<Long, Long>> {
  private static final long serialVersionUID = 1;

  @Override
  public Tuple2<Long, Long> createAccumulator() {
    return Tuple2.of(0L, 0L);
  }

  @Override
  public Tuple2<Long, Long> add(Tuple2<K, Long> order, Tuple2<Long, Long> sums) {
    sums.f0 += 1;
    sums.f1 += order.f1;
    return sums;
  }

  @Override
  public Tuple2<Long, Long> getResult(Tuple2<Long, Long> sums) {
    return sums;
  }

  @Override
  public Tuple2<Long, Long> merge(Tuple2<Long, Long> one, Tuple2<Long, Long> other) {
    return Tuple2.of(one.f0 + other.f0, one.f1 + other.f1);
  }
}
