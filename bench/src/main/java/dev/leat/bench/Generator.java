package dev.leat.bench;

import java.io.IOException;
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

/**
 * Sends requests of a stream in their order, over several lanes with a thread each. Whatever number
 * was drawn is sent, so what was sent is always the beginning of the stream.
 *
 * <p>On a schedule it is open-loop: requests are due at times that do not depend on the answers,
 * and latency counts from then, whatever the request had to wait for (no coordinated omission). As
 * fast as it goes, it only waits while too much that is acknowledged has not been decided on.
 */
final class Generator {
  private static final long MAX_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(2);
  private static final long BACKLOG_WAIT_NANOS = 10_000_000;

  private final EventStream stream;
  private final Subject subject;
  private final int lanes;
  private final AtomicLong tickets = new AtomicLong();
  private final AtomicLong acked = new AtomicLong();
  private volatile long allowed = Long.MAX_VALUE;
  private volatile boolean ended;

  Generator(EventStream stream, Subject subject, int lanes) {
    this.stream = stream;
    this.subject = subject;
    this.lanes = lanes;
  }

  /** Events acknowledged so far. */
  long acked() {
    return acked.get();
  }

  /** Whether the stream has no more requests. */
  boolean ended() {
    return ended;
  }

  /** No more than so many events are sent until this is raised. */
  void allow(long events) {
    allowed = events;
  }

  /** As fast as it goes. */
  Load full() throws IOException {
    return new Load(0);
  }

  /** So many events a second. */
  Load paced(double eventsPerSecond) throws IOException {
    return new Load(1e9 * stream.batch() / eventsPerSecond);
  }

  /** Load that runs until it is stopped. */
  final class Load {
    final Histogram latencyMicros = new ConcurrentHistogram(MAX_LATENCY_MICROS, 3);
    final Timeline acknowledged = new Timeline();

    private final double intervalNanos;
    private final long firstRequest = tickets.get();
    private final long begin = System.nanoTime();
    private final ExecutorService threads = Executors.newFixedThreadPool(lanes);
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    Load(double intervalNanos) throws IOException {
      this.intervalNanos = intervalNanos;
      acknowledged.add(begin, acked.get());
      for (int lane = 0; lane < lanes; lane++) {
        Sink sink = subject.sink(intervalNanos > 0);
        running.add(
            threads.submit(
                () -> {
                  try (sink) {
                    run(sink);
                  }
                  return null;
                }));
      }
    }

    /** Throws what a lane has thrown. */
    void check() throws IOException {
      for (Future<?> lane : running) {
        if (lane.state() == Future.State.FAILED) {
          throw new IOException("the load broke off", lane.exceptionNow());
        }
      }
    }

    /** Sends what is begun, waits for all acknowledgements, and says how many there are. */
    long stop() throws IOException, InterruptedException {
      stopped = true;
      try {
        for (Future<?> lane : running) {
          lane.get();
        }
      } catch (ExecutionException failed) {
        throw new IOException("the load broke off", failed.getCause());
      } finally {
        threads.shutdownNow();
      }
      return acked.get();
    }

    private void run(Sink sink) throws IOException, InterruptedException {
      Chunk chunk = stream.chunk();
      while (!stopped && !ended) {
        if (intervalNanos == 0 && tickets.get() * stream.batch() >= allowed) {
          LockSupport.parkNanos(BACKLOG_WAIT_NANOS);
          continue;
        }
        long request = tickets.getAndIncrement();
        long due = System.nanoTime();
        if (intervalNanos > 0) {
          due = begin + (long) ((request - firstRequest) * intervalNanos);
          for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
          }
        }
        if (!stream.write(request, chunk)) {
          ended = true;
          return;
        }
        long since = due;
        int events = chunk.events();
        sink.send(chunk, () -> kept(since, events));
      }
    }

    private void kept(long since, int events) {
      long now = System.nanoTime();
      long all = acked.addAndGet(events);
      latencyMicros.recordValue(Math.min((now - since) / 1_000, MAX_LATENCY_MICROS));
      acknowledged.add(now, all);
    }
  }
}
