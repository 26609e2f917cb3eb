package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kafka keeps, and a Kafka Streams application with two threads does part of the work. */
final class StreamsSubject implements Subject {
  private static final int PARTITIONS = 2;
  private static final String ORDERS = "orders";
  private static final String RESULTS = "results";
  private static final String APPLICATION = "shop-streams";

  private final Path home;
  private final List<Daemon> daemons = new ArrayList<>();
  private @Nullable KafkaBroker broker;
  private @Nullable KafkaFeed feed;

  StreamsSubject(Path home) {
    this.home = home;
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    KafkaBroker kafka = KafkaBroker.start(home, directory.resolve("kafka"), false);
    broker = kafka;
    daemons.add(kafka.daemon());
    kafka.create(ORDERS, PARTITIONS);
    kafka.create(RESULTS, PARTITIONS);
    Daemon application =
        Daemon.start(
            "streams",
            directory,
            Daemon.java(
                List.of(
                    "-Xmx1536m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"),
                Jars.of(home, "streams"),
                "dev.leat.bench.streams.Shop",
                List.of(kafka.address(), directory.resolve("state").toString(), APPLICATION)));
    daemons.add(application);
    application.awaitLine("Running");
    feed = new KafkaFeed(kafka.address(), ORDERS, true);
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    if (feed == null) {
      throw new IOException("not started");
    }
    return feed.sink();
  }

  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    return broker == null ? 0 : broker.committed(APPLICATION);
  }

  /** Each partition has told its own sums; the last of each counts, and they add up. */
  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    if (broker == null) {
      throw new IOException("not started");
    }
    ResultLines lines = new ResultLines();
    broker.read(RESULTS, lines::take);
    Map<Window, Sums> sales = new HashMap<>();
    lines
        .cells("w1")
        .forEach(
            (part, sums) ->
                sales.merge(
                    new Window(part.start(), part.end(), part.label().replaceFirst("@.*", "")),
                    sums,
                    (one, other) -> one.plus(other.count(), other.cents())));
    return new Results(
        null,
        null,
        lines.duplicates(),
        lines.refused(),
        Results.closed(sales, closedBy),
        null,
        null);
  }

  @Override
  public long bytesAtRest() {
    return 0;
  }

  @Override
  public List<Daemon> daemons() {
    return daemons;
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
    for (Daemon daemon : daemons.reversed()) {
      daemon.close();
    }
    if (broker != null) {
      broker.close();
    }
  }
}
