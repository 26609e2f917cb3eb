package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system that Kafka keeps the events for: a broker, a producer that all lanes share, and the
 * processes that the system adds.
 */
abstract class KafkaSubject implements Subject {
  static final String ORDERS = "orders";

  private final Path home;
  private final boolean fsync;
  private final List<Daemon> daemons = new ArrayList<>();
  private @Nullable KafkaBroker broker;
  private @Nullable KafkaFeed feed;

  /**
   * @param home the directory with the launcher in it
   * @param fsync whether each append is flushed before it is acknowledged
   */
  KafkaSubject(Path home, boolean fsync) {
    this.home = home;
    this.fsync = fsync;
  }

  final Path home() {
    return home;
  }

  /** Starts the broker, with the topic that orders go to. */
  final KafkaBroker startBroker(Path directory, int partitions)
      throws IOException, InterruptedException {
    KafkaBroker started = KafkaBroker.start(home, directory, fsync);
    broker = started;
    daemons.add(started.daemon());
    started.create(ORDERS, partitions);
    return started;
  }

  /** A process beside the broker; it ends before it. */
  final Daemon add(Daemon daemon) {
    daemons.add(daemon);
    return daemon;
  }

  /**
   * From now on it takes events.
   *
   * @param keyed whether events go to partitions by their id
   */
  final void open(boolean keyed) throws IOException {
    feed = new KafkaFeed(broker().address(), ORDERS, keyed);
  }

  final KafkaBroker broker() throws IOException {
    if (broker == null) {
      throw new IOException("not started");
    }
    return broker;
  }

  /** What was told in a topic. */
  final ResultLines lines(String topic) throws IOException, InterruptedException {
    ResultLines lines = new ResultLines();
    broker().read(topic, lines::take);
    return lines;
  }

  @Override
  public final Sink sink(boolean paced) throws IOException {
    if (feed == null) {
      throw new IOException("not started");
    }
    return feed.sink();
  }

  @Override
  public final List<Daemon> daemons() {
    return daemons;
  }

  @Override
  public void close() {
    if (feed != null) {
      feed.close();
    }
    daemons.reversed().forEach(Daemon::close);
    if (broker != null) {
      broker.close();
    }
  }
}
