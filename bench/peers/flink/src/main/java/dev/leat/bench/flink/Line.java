package dev.leat.bench.flink;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** A window's result as a line of text: metric, start, end, key, values. */
final class Line<I, K> extends ProcessWindowFunction<I, String, K, TimeWindow> {
  private static final long serialVersionUID = 1;

  private final String metric;

  Line(String metric) {
    this.metric = metric;
  }

  @Override
  public void process(K key, Context context, Iterable<I> values, Collector<String> out) {
    for (I value : values) {
      out.collect(
          metric
              + ','
              + context.window().getStart()
              + ','
              + context.window().getEnd()
              + ','
              + key
              + ','
              + value);
    }
  }
}
