package dev.leat.bench.flink;

import java.io.IOException;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Lets the first order of each source and id through, and tells of others; for 24 hours. */
final class Dedup extends KeyedProcessFunction<String, Order, Order> {
  private static final long serialVersionUID = 1;
  static final OutputTag<String> DUPLICATES = new OutputTag<>("duplicates") {};

  private transient @Nullable ValueState<Boolean> seen;

  @Override
  public void open(OpenContext context) {
    ValueStateDescriptor<Boolean> state = new ValueStateDescriptor<>("seen", Types.BOOLEAN);
    state.enableTimeToLive(
        StateTtlConfig.newBuilder(Duration.ofHours(24))
            .setUpdateType(StateTtlConfig.UpdateType.OnCreateAndWrite)
            .setStateVisibility(StateTtlConfig.StateVisibility.NeverReturnExpired)
            .build());
    seen = getRuntimeContext().getState(state);
  }

  @Override
  public void processElement(Order order, Context context, Collector<Order> out)
      throws IOException {
    if (seen == null) {
      throw new IllegalStateException("not open");
    }
    if (seen.value() != null) {
      context.output(DUPLICATES, "d");
      return;
    }
    seen.update(true);
    out.collect(order);
  }
}
