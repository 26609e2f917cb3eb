package dev.leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.legacy.SourceFunction;
import org.apache.flink.streaming.api.functions.windowing.ProcessAllWindowFunction;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.WindowAssigner;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The queries on Flink as its handbook would have them: one process (MiniCluster), one slot, state
 * on the heap, a checkpoint to disk every second, objects reused, incremental aggregation, tuples
 * instead of Kryo. The source hands over what is decoded already and sets watermarks itself.
 */
@SuppressWarnings("SameNameButDifferent") // Each window function has a Context of its own.
final class FlinkWindows {
  private static final int WATERMARK_EVERY = 1_000;
  private static final int LOCK_FOR = 200;

  /** The one place where the job, which is serialised, finds what lies in memory. */
  private static volatile Bids bids = new Bids(new long[0], new long[0], new long[0], new long[0]);

  private static volatile Digest digest = new Digest();

  /** Begins with the first event: what it takes to start a job is not counted. */
  private static volatile Stopwatch watch = new Stopwatch();

  private static final AtomicLong CHECKPOINTS = new AtomicLong();

  private FlinkWindows() {}

  static Outcome run(Query query, Bids events, Path directory, Duration checkpoint)
      throws Exception {
    bids = events;
    digest = new Digest();
    CHECKPOINTS.set(0);
    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.toUri() + query.label() + System.nanoTime());
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.enableCheckpointing(checkpoint.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    env.getConfig().enableObjectReuse();
    @SuppressWarnings("deprecation") // The newer kind of source costs more per event.
    DataStream<Tuple3<Long, Long, Long>> source = env.addSource(new BidSource());
    results(query, source).map(new Digesting()).sinkTo(new DiscardingSink<>());
    env.execute(query.label());
    return new Outcome(
        "flink",
        query,
        events.count(),
        watch.seconds(),
        watch.cpuSeconds(),
        0,
        CHECKPOINTS.get(),
        digest.text());
  }

  /** Start, end, key and value of every window. */
  private static DataStream<Tuple4<Long, Long, Long, Long>> results(
      Query query, DataStream<Tuple3<Long, Long, Long>> source) {
    WindowAssigner<Object, TimeWindow> tumbling = TumblingEventTimeWindows.of(Query.SIZE);
    return switch (query) {
      case Q7 -> source.windowAll(tumbling).aggregate(new Highest(), new Whole());
      case Q5 ->
          source
              .keyBy(bid -> bid.f0)
              .window(SlidingEventTimeWindows.of(Query.SIZE, Query.EVERY))
              .aggregate(new Count(), new Keyed());
      case Q11 ->
          source
              .keyBy(bid -> bid.f1)
              .window(EventTimeSessionWindows.withGap(Query.SIZE))
              .aggregate(new Count(), new Keyed());
      case Q12 -> source.keyBy(bid -> bid.f1).window(tumbling).aggregate(new Count(), new Keyed());
      case TUMBLING_1S, SLIDING_1H_1S ->
          throw new IllegalArgumentException(query + " is for Leat alone");
    };
  }

  /** Auction, bidder and price of each bid; the time is Flink's timestamp. */
  @SuppressWarnings("deprecation")
  private static final class BidSource
      implements SourceFunction<Tuple3<Long, Long, Long>>, CheckpointListener {
    private static final long serialVersionUID = 1;

    private volatile boolean cancelled;

    @Override
    public void run(SourceContext<Tuple3<Long, Long, Long>> context) {
      Bids from = bids;
      watch = new Stopwatch();
      int count = from.count();
      long latest = Long.MIN_VALUE;
      for (int i = 0; i < count && !cancelled; ) {
        synchronized (context.getCheckpointLock()) {
          for (int end = Math.min(i + LOCK_FOR, count); i < end; i++) {
            latest = Math.max(latest, from.timeMillis()[i]);
            context.collectWithTimestamp(
                Tuple3.of(from.auction()[i], from.bidder()[i], from.price()[i]),
                from.timeMillis()[i]);
            if (i % WATERMARK_EVERY == 0) {
              context.emitWatermark(new Watermark(latest - Query.DISORDER.toMillis()));
            }
          }
        }
      }
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CHECKPOINTS.incrementAndGet();
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private static final class Count
      implements AggregateFunction<Tuple3<Long, Long, Long>, Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Tuple3<Long, Long, Long> bid, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long one, Long other) {
      return one + other;
    }
  }

  private static final class Highest
      implements AggregateFunction<Tuple3<Long, Long, Long>, Long, Long> {
    private static final long serialVersionUID = 1;

    @Override
    public Long createAccumulator() {
      return Long.MIN_VALUE;
    }

    @Override
    public Long add(Tuple3<Long, Long, Long> bid, Long highest) {
      return Math.max(bid.f2, highest);
    }

    @Override
    public Long getResult(Long highest) {
      return highest;
    }

    @Override
    public Long merge(Long one, Long other) {
      return Math.max(one, other);
    }
  }

  private static final class Keyed
      extends ProcessWindowFunction<Long, Tuple4<Long, Long, Long, Long>, Long, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        Long key,
        Context context,
        Iterable<Long> values,
        Collector<Tuple4<Long, Long, Long, Long>> out) {
      out.collect(
          Tuple4.of(
              context.window().getStart(),
              context.window().getEnd(),
              key,
              values.iterator().next()));
    }
  }

  private static final class Whole
      extends ProcessAllWindowFunction<Long, Tuple4<Long, Long, Long, Long>, TimeWindow> {
    private static final long serialVersionUID = 1;

    @Override
    public void process(
        Context context, Iterable<Long> values, Collector<Tuple4<Long, Long, Long, Long>> out) {
      out.collect(
          Tuple4.of(
              context.window().getStart(),
              context.window().getEnd(),
              0L,
              values.iterator().next()));
    }
  }

  private static final class Digesting
      implements MapFunction<Tuple4<Long, Long, Long, Long>, Tuple4<Long, Long, Long, Long>> {
    private static final long serialVersionUID = 1;

    @Override
    public Tuple4<Long, Long, Long, Long> map(Tuple4<Long, Long, Long, Long> result) {
      digest.add(result.f0, result.f1, result.f2, result.f3);
      return result;
    }
  }
}
