package dev.leat.bench.flink;

import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The part of sliding windows that they share: category, start, sums. */
final class Pane
    extends ProcessWindowFunction<
        Tuple2<Long, Long>, Tuple3<String, Long, Tuple2<Long, Long>>, String, TimeWindow> {
  private static final long serialVersionUID = 1;

  @Override
  public void process(
      String category,
      Context context,
      Iterable<Tuple2<Long, Long>> sums,
      Collector<Tuple3<String, Long, Tuple2<Long, Long>>> out) {
    for (Tuple2<Long, Long> one : sums) {
      out.collect(Tuple3.of(category, context.window().getStart(), Tuple2.of(one.f0, one.f1)));
    }
  }
}
