package dev.leat.bench.streams;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * Rules, dedup and sums by country, exactly once. Events come by id, so copies meet in a partition.
 * Arguments: the broker, a directory for state, the name of the application.
 */
final class Shop {
  static final String SEEN = "seen";
  static final String SALES = "sales";

  private Shop() {}

  public static void main(String[] args) throws InterruptedException {
    Properties settings = new Properties();
    settings.putAll(
        Map.of(
            StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
            args[0],
            StreamsConfig.STATE_DIR_CONFIG,
            args[1],
            StreamsConfig.APPLICATION_ID_CONFIG,
            args[2],
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
            StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.NUM_STREAM_THREADS_CONFIG,
            2,
            StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
            64L << 20,
            StreamsConfig.REPLICATION_FACTOR_CONFIG,
            1,
            StreamsConfig.producerPrefix("compression.type"),
            "lz4",
            StreamsConfig.producerPrefix("batch.size"),
            256 << 10,
            StreamsConfig.consumerPrefix("auto.offset.reset"),
            "earliest"));
    // The default of exactly-once is 100 ms; a second costs less, and results are that late.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    Topology topology = new Topology();
    topology
        .addSource(
            "orders",
            Serdes.ByteArray().deserializer(),
            Serdes.ByteArray().deserializer(),
            "orders")
        .addProcessor("shop", Work::new, "orders")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(SEEN), Serdes.ByteArray(), Serdes.ByteArray()),
            "shop")
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(SALES), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled(),
            "shop")
        .addSink(
            "results",
            "results",
            Serdes.String().serializer(),
            Serdes.String().serializer(),
            "shop");
    KafkaStreams streams = new KafkaStreams(topology, settings);
    CountDownLatch stopped = new CountDownLatch(1);
    streams.setStateListener(
        (now, _) -> {
          if (now == KafkaStreams.State.RUNNING) {
            System.out.println("Running");
          }
        });
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  streams.close();
                  stopped.countDown();
                }));
    streams.start();
    stopped.await();
  }
}
