package dev.leat.bench.flink;

import java.io.IOException;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.ValueTypeInfo;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * Kafka, schema and rules, a lookup, dedup, rows to Parquet, five windows, results to Kafka exactly
 * once. Arguments: the broker, the file of products, the directory for rows.
 */
public final class ShopJob {
  private static final Duration DISORDER = Duration.ofMillis(2_500);
  private static final Duration LATENESS = Duration.ofMinutes(2);
  private static final Duration PANE = Duration.ofMillis(Sliding.PANE_MILLIS);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration GAP = Duration.ofSeconds(30);

  private static final TypeInformation<Tuple2<String, Long>> BY_TEXT =
      Types.TUPLE(Types.STRING, Types.LONG);
  private static final TypeInformation<Tuple2<Long, Long>> SUMS =
      Types.TUPLE(Types.LONG, Types.LONG);

  private ShopJob() {}

  /** The job; submitted to a cluster. */
  public static void main(String[] args) throws Exception {
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
    DataStream<byte[]> events =
        flink.fromSource(source(args[0]), WatermarkStrategy.noWatermarks(), "orders");
    SingleOutputStreamOperator<Order> checked =
        events.process(new Check(args[1]), new ValueTypeInfo<>(Order.class)).name("check");
    SingleOutputStreamOperator<Order> fresh =
        checked
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Order>forBoundedOutOfOrderness(DISORDER)
                    .withTimestampAssigner((order, _) -> order.millis))
            .keyBy(order -> order.text(Order.SOURCE) + order.text(Order.ID), Types.STRING)
            .process(new Dedup(), new ValueTypeInfo<>(Order.class))
            .name("dedup");
    DataStream<Order> rows =
        fresh.process(new Rows(args[2]), new ValueTypeInfo<>(Order.class)).name("rows");
    checked
        .getSideOutput(Check.REFUSED)
        .union(
            fresh.getSideOutput(Dedup.DUPLICATES),
            sales(rows),
            categories(rows),
            visits(rows),
            customers(rows),
            latency(rows))
        .sinkTo(sink(args[0]))
        .name("results");
    flink.execute("shop");
  }

  private static DataStream<String> sales(DataStream<Order> rows) {
    return rows.map(order -> Tuple2.of(order.text(Order.COUNTRY), order.cents()))
        .returns(BY_TEXT)
        .keyBy(order -> order.f0)
        .window(TumblingEventTimeWindows.of(PANE))
        .allowedLateness(LATENESS)
        .aggregate(new Sums<>(), new Line<>("w1"), SUMS, SUMS, Types.STRING);
  }

  private static DataStream<String> categories(DataStream<Order> rows) {
    return rows.map(order -> Tuple2.of(order.text(Order.CATEGORY), order.cents()))
        .returns(BY_TEXT)
        .keyBy(order -> order.f0)
        .window(TumblingEventTimeWindows.of(PANE))
        .allowedLateness(LATENESS)
        .aggregate(
            new Sums<>(), new Pane(), SUMS, SUMS, Types.TUPLE(Types.STRING, Types.LONG, SUMS))
        .keyBy(pane -> pane.f0)
        .process(new Sliding(LATENESS.toMillis()));
  }

  private static DataStream<String> visits(DataStream<Order> rows) {
    return rows.map(order -> Tuple2.of(order.customerId, order.cents()))
        .returns(SUMS)
        .keyBy(order -> order.f0)
        .window(EventTimeSessionWindows.withGap(GAP))
        .allowedLateness(LATENESS)
        .aggregate(new Sums<>(), new Line<>("w3"), SUMS, SUMS, Types.STRING);
  }

  private static DataStream<String> customers(DataStream<Order> rows) {
    return rows.map(order -> Tuple2.of(order.text(Order.COUNTRY), order.customerId))
        .returns(BY_TEXT)
        .keyBy(order -> order.f0)
        .window(TumblingEventTimeWindows.of(MINUTE))
        .allowedLateness(LATENESS)
        .aggregate(
            new Distinct(),
            new Line<>("w4"),
            new ValueTypeInfo<>(Distinct.Sketch.class),
            Types.STRING,
            Types.STRING);
  }

  private static DataStream<String> latency(DataStream<Order> rows) {
    return rows.map(
            order -> Tuple3.of(order.text(Order.CHANNEL), order.latencyMs, order.text(Order.SKU)))
        .returns(Types.TUPLE(Types.STRING, Types.LONG, Types.STRING))
        .keyBy(order -> order.f0)
        .window(TumblingEventTimeWindows.of(MINUTE))
        .allowedLateness(LATENESS)
        .aggregate(
            new Latency(),
            new Line<>("w5"),
            new ValueTypeInfo<>(Latency.Sketches.class),
            Types.STRING,
            Types.STRING);
  }

  private static KafkaSource<byte[]> source(String broker) {
    return KafkaSource.<byte[]>builder()
        .setBootstrapServers(broker)
        .setTopics("orders")
        .setGroupId("shop")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setProperty("fetch.max.bytes", Integer.toString(8 << 20))
        .setValueOnlyDeserializer(new Bytes())
        .build();
  }

  private static KafkaSink<String> sink(String broker) {
    Properties producer = new Properties();
    producer.setProperty("transaction.timeout.ms", "600000");
    producer.setProperty("compression.type", "lz4");
    producer.setProperty("linger.ms", "20");
    return KafkaSink.<String>builder()
        .setBootstrapServers(broker)
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("shop")
        .setKafkaProducerConfig(producer)
        .setRecordSerializer(
            KafkaRecordSerializationSchema.<String>builder()
                .setTopic("results")
                .setValueSerializationSchema(new SimpleStringSchema())
                .build())
        .build();
  }

  /** Events as they are. */
  private static final class Bytes extends AbstractDeserializationSchema<byte[]> {
    private static final long serialVersionUID = 1;

    @Override
    public byte[] deserialize(byte[] message) throws IOException {
      return message;
    }
  }
}
