package dev.leat.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A producer of Kafka that all lanes share: one record for each event, acknowledged by all replicas
 * (the one there is), idempotent, lz4, batches up to 256 KiB that wait 5 ms for company.
 */
final class KafkaFeed implements AutoCloseable {
  /**
   * Requests of a lane that may wait for their acknowledgement; what is buffered is limited too.
   */
  private static final int UNDER_WAY = 64;

  private static final int ID_LENGTH = 36;

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final boolean keyed;

  /**
   * @param keyed whether events go to partitions by their id, so that copies meet
   */
  KafkaFeed(String address, String topic, boolean keyed) {
    this.topic = topic;
    this.keyed = keyed;
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4",
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 << 10,
                ProducerConfig.LINGER_MS_CONFIG,
                5,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                64L << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  Sink sink() {
    return new Lane();
  }

  private final class Lane implements Sink {
    private final Semaphore underWay = new Semaphore(UNDER_WAY);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    @Override
    public void send(Chunk chunk, Ack ack) throws IOException, InterruptedException {
      underWay.acquire();
      AtomicInteger missing = new AtomicInteger(chunk.events());
      Callback callback =
          (_, failed) -> {
            if (failed != null) {
              failure.compareAndSet(null, failed);
            }
            if (missing.decrementAndGet() == 0) {
              ack.kept();
              underWay.release();
            }
          };
      for (int i = 0; i < chunk.events(); i++) {
        // Without the line end: a record is an event.
        byte[] value = Arrays.copyOfRange(chunk.bytes, chunk.starts[i], chunk.starts[i + 1] - 1);
        // What becomes of it is told to the callback.
        Future<?> _ =
            producer.send(
                new ProducerRecord<>(topic, keyed ? key(chunk, i) : null, value), callback);
      }
      check();
    }

    private static byte[] key(Chunk chunk, int event) {
      int at = chunk.ids[event];
      return Arrays.copyOfRange(chunk.bytes, at, at + ID_LENGTH);
    }

    private void check() throws IOException {
      Exception failed = failure.get();
      if (failed != null) {
        throw new IOException("Kafka refused an event", failed);
      }
    }

    @Override
    public void close() throws IOException {
      producer.flush();
      underWay.acquireUninterruptibly(UNDER_WAY);
      check();
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
