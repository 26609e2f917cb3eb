package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kafka keeps, and a Kafka Streams application with two threads does part of the work. */
final class StreamsSubject extends KafkaSubject {
  private static final int PARTITIONS = 2;
  private static final String RESULTS = "results";
  private static final String APPLICATION = "shop-streams";

  StreamsSubject(Path home) {
    super(home, false);
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    KafkaBroker kafka = startBroker(directory.resolve("kafka"), PARTITIONS);
    kafka.create(RESULTS, PARTITIONS);
    Daemon application =
        add(
            Daemon.start(
                "streams",
                directory,
                Daemon.java(
                    List.of(
                        "-Xmx1536m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"),
                    Jars.of(home(), "streams"),
                    "dev.leat.bench.streams.Shop",
                    List.of(kafka.address(), directory.resolve("state").toString(), APPLICATION))));
    application.awaitLine("Running");
    open(true);
  }

  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    return broker().committed(APPLICATION);
  }

  /** Each partition has told its own sums; the last of each counts, and they add up. */
  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    ResultLines lines = lines(RESULTS);
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
}
