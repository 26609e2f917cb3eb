package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kafka's log alone: events are kept, and nothing is done with them. */
final class KafkaLogSubject implements Subject {
  private static final int PARTITIONS = 4;
  private static final String TOPIC = "orders";

  private final Path home;
  private final boolean fsync;
  private @Nullable KafkaBroker broker;
  private @Nullable KafkaFeed feed;

  KafkaLogSubject(Path home, boolean fsync) {
    this.home = home;
    this.fsync = fsync;
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    broker = KafkaBroker.start(home, directory, fsync);
    broker.create(TOPIC, PARTITIONS);
    feed = new KafkaFeed(broker.address(), TOPIC, false);
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    if (feed == null) {
      throw new IOException("not started");
    }
    return feed.sink();
  }

  @Override
  public long decided(long acked) {
    return acked;
  }

  @Override
  public Results results(long closedBy) {
    return Results.NONE;
  }

  @Override
  public long bytesAtRest() {
    return 0;
  }

  @Override
  public List<Daemon> daemons() {
    return broker == null ? List.of() : List.of(broker.daemon());
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
    if (broker != null) {
      broker.close();
    }
  }
}
