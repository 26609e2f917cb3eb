package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;

/** Kafka's log alone: events are kept, and nothing is done with them. */
final class KafkaLogSubject extends KafkaSubject implements OnlyAcknowledging {
  private static final int PARTITIONS = 4;

  KafkaLogSubject(Path home, boolean fsync) {
    super(home, fsync);
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    startBroker(directory, PARTITIONS);
    open(false);
  }
}
