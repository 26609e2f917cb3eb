package dev.leat.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.leat.collector.Submission.Coding;
import dev.leat.collector.Submission.Form;
import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.KeyRule;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What many requests that wait for the log at once hold, and what they do not. */
final class WaitingTest {
  private static final int SENDERS = 48;
  private static final int REQUESTS = 40;

  /** More wait than buffers are kept, and each has a batch of its own until the log has let go. */
  @Test
  void nobodyWritesIntoABatchThatWaits() throws Exception {
    Gate log = new Gate();
    Collector collector =
        new Collector(
            log,
            CollectorOptions.defaults(),
            InstantSource.fixed(Door.NOW),
            () -> KeyRule.NONE,
            42);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> senders = new ArrayList<>();
      for (int sender = 0; sender < SENDERS; sender++) {
        int seed = sender;
        senders.add(threads.submit(() -> send(collector, new SplittableRandom(seed))));
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
    assertEquals(0, collector.counts().inFlightBytes());
  }

  private static void send(Collector collector, SplittableRandom random) {
    for (int request = 0; request < REQUESTS; request++) {
      int events = 1 + random.nextInt(4) * random.nextInt(40);
      assertInstanceOf(Outcome.Refused.class, submit(collector, lines(random, events) + "{}\n"));
      assertEquals(new Outcome.Kept(events, events - 1L), submit(collector, lines(random, events)));
    }
  }

  private static Outcome submit(Collector collector, String lines) {
    return collector.collect(
        new Submission(
            Form.LINES,
            Coding.IDENTITY,
            false,
            new ByteArrayInputStream(lines.getBytes(UTF_8)),
            List.of()));
  }

  private static String lines(SplittableRandom random, int events) {
    StringBuilder lines = new StringBuilder();
    for (int event = 0; event < events; event++) {
      lines.append(
          "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"/s\",\"type\":\"t\",\"data\":\"%s\"}\n"
              .formatted(random.nextLong(), "x".repeat(random.nextInt(200))));
    }
    return lines.toString();
  }

  /** Lets nobody out before all are in, and sees whether a batch changed while it waited. */
  private static final class Gate implements EventLog {
    private final CyclicBarrier allIn = new CyclicBarrier(SENDERS);

    @Override
    public Append append(EventBatch batch) throws InterruptedException {
      byte[] before = bytes(batch);
      try {
        allIn.await(1, TimeUnit.MINUTES);
      } catch (BrokenBarrierException | TimeoutException broken) {
        throw new AssertionError("another sender failed", broken);
      }
      assertArrayEquals(before, bytes(batch));
      return new Append.Kept(0, batch.count() - 1L);
    }

    private static byte[] bytes(EventBatch batch) {
      return Arrays.copyOfRange(batch.bytes(), batch.from(), batch.from() + batch.length());
    }

    @Override
    public Cursor read(long offset) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long firstOffset() {
      return 0;
    }

    @Override
    public long nextOffset() {
      return 0;
    }

    @Override
    public void release(long offset) {}

    @Override
    public Status status() {
      return new Status(true, "", 0, 0);
    }

    @Override
    public void close() {}
  }
}
