package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** One broker of Kafka that is its own controller (KRaft), in a process of its own. */
final class KafkaBroker implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SETTLE_STEPS = 600;

  private final Daemon daemon;
  private final String address;
  private final Admin admin;

  private KafkaBroker(Daemon daemon, String address) {
    this.daemon = daemon;
    this.address = address;
    admin = Admin.create(Map.of("bootstrap.servers", address));
  }

  /**
   * @param fsync whether each append is flushed before it is acknowledged, for all topics; if not,
   *     that is left to the operating system, which is Kafka's default
   */
  static KafkaBroker start(Path home, Path directory, boolean fsync)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int port = Daemon.freePort();
    int controller = Daemon.freePort();
    Path properties =
        Files.writeString(
            directory.resolve("server.properties"),
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs=%3$s
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=4
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            group.initial.rebalance.delay.ms=0
            auto.create.topics.enable=false
            log.retention.bytes=8589934592
            message.max.bytes=4194304
            %4$s
            """
                .formatted(
                    port,
                    controller,
                    directory.resolve("log"),
                    fsync ? "log.flush.interval.messages=1" : ""));
    Path logging =
        Files.writeString(
            directory.resolve("log4j2.properties"),
            """
            rootLogger.level=WARN
            rootLogger.appenderRef.out.ref=out
            appender.out.type=Console
            appender.out.name=out
            appender.out.layout.type=PatternLayout
            appender.out.layout.pattern=%d %p %c %m%n
            """);
    String jars = Jars.of(home, "kafka");
    format(jars, directory, properties);
    Daemon daemon =
        Daemon.start(
            "kafka",
            directory,
            Daemon.java(
                List.of("-Xms1g", "-Xmx1g", "-Dlog4j2.configurationFile=" + logging),
                jars,
                "kafka.Kafka",
                List.of(properties.toString())));
    daemon.awaitPort(port);
    return new KafkaBroker(daemon, "127.0.0.1:" + port);
  }

  private static void format(String jars, Path directory, Path properties)
      throws IOException, InterruptedException {
    Path output = directory.resolve("format.out");
    Process process =
        new ProcessBuilder(
                Daemon.java(
                    List.of(),
                    jars,
                    "kafka.tools.StorageTool",
                    List.of(
                        "format",
                        "--standalone",
                        "-t",
                        UUID.randomUUID().toString(),
                        "-c",
                        properties.toString())))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("Kafka can't format: " + Files.readString(output));
    }
  }

  Daemon daemon() {
    return daemon;
  }

  String address() {
    return address;
  }

  void create(String topic, int partitions) throws IOException, InterruptedException {
    try {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    } catch (ExecutionException failed) {
      throw new IOException("no topic " + topic, failed.getCause());
    }
  }

  /** Sum of the offsets a group has committed. */
  long committed(String group) throws IOException, InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(at -> at == null ? 0 : at.offset())
          .sum();
    } catch (ExecutionException failed) {
      throw new IOException("no offsets of " + group, failed.getCause());
    }
  }

  /**
   * Hands over every record of a topic as text, once no transaction is open any more: those of the
   * last checkpoint are committed a moment after its offsets.
   */
  void read(String topic, Consumer<String> into) throws IOException, InterruptedException {
    for (int step = 0; hasOpenTransactions(topic); step++) {
      if (step == SETTLE_STEPS) {
        throw new IOException("transactions stay open in " + topic);
      }
      Trial.pause();
    }
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(one -> new TopicPartition(topic, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
        for (ConsumerRecord<String, String> one : consumer.poll(POLL)) {
          into.accept(one.value());
        }
      }
    }
  }

  private boolean hasOpenTransactions(String topic) throws IOException, InterruptedException {
    return !ends(topic, IsolationLevel.READ_COMMITTED)
        .equals(ends(topic, IsolationLevel.READ_UNCOMMITTED));
  }

  private Map<TopicPartition, Long> ends(String topic, IsolationLevel isolation)
      throws IOException, InterruptedException {
    try {
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      for (TopicDescription one :
          admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
        one.partitions()
            .forEach(
                part ->
                    asked.put(new TopicPartition(topic, part.partition()), OffsetSpec.latest()));
      }
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked, new ListOffsetsOptions(isolation))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException failed) {
      throw new IOException("no offsets of " + topic, failed.getCause());
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    daemon.close();
  }
}
