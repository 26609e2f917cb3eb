package dev.leat.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.Histogram;
import dev.leat.pipeline.Definition;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;

/** What meters cost, in processor time of the thread that pays for it. For one thread. */
final class MeterBench {
  private static final int CALLS = 2_000_000;
  private static final int SCRAPES = 300;
  private static final int ROUNDS = 5;
  private static final double MICROS = 1e3;

  /** Additions for a batch beside those of {@link MeasuredLog}: the request's, and the engine's. */
  private static final int STOPWATCHES = 3;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /**
   * Medians of some rounds.
   *
   * @param batchNanos for a batch that comes in a request of its own
   * @param scrapeMicros for a scrape, without HTTP
   * @param series that it has
   */
  record Cost(double batchNanos, double scrapeMicros, long series, int bytes) {}

  private MeterBench() {}

  /**
   * Measures.
   *
   * @param directory an empty one, for a house
   */
  static Cost run(Path directory) throws InterruptedException {
    double[] batch = new double[ROUNDS];
    double[] scrape = new double[ROUNDS];
    Definition definition =
        Definition.DEFAULTS
            .withServer(new Definition.Server("127.0.0.1", 0))
            .withData(directory.toString());
    try (House house = House.open(definition)) {
      for (int round = 0; round < ROUNDS; round++) {
        batch[round] = batchNanos();
        scrape[round] = scrapeMicros(house);
      }
      byte[] text = house.meters().scrape(null).text();
      long series = new String(text, UTF_8).lines().filter(line -> !line.startsWith("#")).count();
      return new Cost(median(batch), median(scrape), series, text.length);
    }
  }

  private static double batchNanos() throws InterruptedException {
    NoLog bare = new NoLog();
    MeasuredLog measured = new MeasuredLog(bare);
    Histogram histogram = Histogram.ofDurations();
    EventBatch empty = new EventBatch.Writer(1 << 10).batch();
    long begin = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < CALLS; i++) {
      measured.append(empty);
      for (int j = 0; j < STOPWATCHES; j++) {
        long from = System.nanoTime();
        histogram.record(System.nanoTime() - from + i);
      }
    }
    long nanos = THREADS.getCurrentThreadCpuTime() - begin;
    if (measured.batches() != CALLS) {
      throw new IllegalStateException("counted " + measured.batches());
    }
    return (double) nanos / CALLS;
  }

  private static double scrapeMicros(House house) {
    long begin = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < SCRAPES; i++) {
      house.meters().scrape(null);
    }
    return (THREADS.getCurrentThreadCpuTime() - begin) / MICROS / SCRAPES;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Keeps nothing, at once. */
  private static final class NoLog implements EventLog {
    private static final Append KEPT = new Append.Kept(0, 0);

    @Override
    public Append append(EventBatch batch) {
      return KEPT;
    }

    @Override
    public Cursor read(long offset) {
      throw new IllegalStateException("there is nothing to read");
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
