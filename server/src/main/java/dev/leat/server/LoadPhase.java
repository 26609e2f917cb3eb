package dev.leat.server;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Some seconds of load over several connections, each with a thread and batches of its own. */
final class LoadPhase {
  private static final long MAX_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(2);

  private final URI server;
  private final List<ShopBatches> batches;
  private final AtomicLong acked = new AtomicLong();
  private final AtomicLong pushedBack = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong tickets = new AtomicLong();
  private final Histogram latencyMicros = new ConcurrentHistogram(MAX_LATENCY_MICROS, 3);

  LoadPhase(URI server, List<ShopBatches> batches) {
    this.server = server;
    this.batches = batches;
  }

  /** Each connection sends its next batch as soon as the last is answered. */
  void asFastAsItGoes(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    run(
        (connection, own) -> {
          while (System.nanoTime() < end) {
            send(connection, own, System.nanoTime());
          }
        });
  }

  /**
   * Batches leave at times that do not depend on the answers. What has to wait for a free
   * connection waits as part of its latency, as a user would.
   */
  void atRate(double eventsPerSecond, Duration duration) throws InterruptedException {
    double intervalNanos = 1e9 * batches.getFirst().events() / eventsPerSecond;
    long begin = System.nanoTime();
    long count = (long) (duration.toNanos() / intervalNanos);
    run(
        (connection, own) -> {
          for (long ticket = tickets.getAndIncrement();
              ticket < count;
              ticket = tickets.getAndIncrement()) {
            long due = begin + (long) (ticket * intervalNanos);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
              LockSupport.parkNanos(wait);
            }
            send(connection, own, due);
          }
        });
  }

  /** Events that were answered with 202. */
  long acked() {
    return acked.get();
  }

  /** Batches that were answered with 429 or 503. */
  long pushedBack() {
    return pushedBack.get();
  }

  /** Batches that were refused for good. */
  long refused() {
    return refused.get();
  }

  Histogram latencyMicros() {
    return latencyMicros;
  }

  private interface Work {
    void on(WireConnection connection, ShopBatches own) throws IOException, InterruptedException;
  }

  private void run(Work work) throws InterruptedException {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(batches.size())) {
      for (ShopBatches own : batches) {
        running.add(
            threads.submit(
                () -> {
                  try (WireConnection connection = new WireConnection(server)) {
                    work.on(connection, own);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException failed) {
      throw new CommandFailure("the load broke off: " + failed.getCause(), failed);
    }
  }

  private void send(WireConnection connection, ShopBatches own, long sinceNanos)
      throws IOException, InterruptedException {
    own.next(System.currentTimeMillis());
    int status = connection.post(own.bytes(), own.length());
    switch (status) {
      case 200, 202 -> {
        acked.addAndGet(own.events());
        long micros = (System.nanoTime() - sinceNanos) / 1_000;
        latencyMicros.recordValue(Math.min(micros, MAX_LATENCY_MICROS));
      }
      case 429, 503, 507 -> {
        pushedBack.incrementAndGet();
        Thread.sleep(Duration.ofMillis(Math.max(20, connection.retryAfterSeconds() * 1_000L)));
      }
      default -> {
        refused.incrementAndGet();
        throw new IOException("status %d: %s".formatted(status, connection.body()));
      }
    }
  }
}
