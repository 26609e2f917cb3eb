package dev.leat.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who looks at the shop while it fills, and never pauses: reads the newest windows, then
 * sums the rows of the minute before them, and begins again as soon as he has the answer. A thread
 * of its own from {@link #begin} to {@link #end}; those two are for one thread.
 */
final class Asker implements AutoCloseable {
  private static final String NEWEST =
      "SELECT epoch_ms(max(\"start\")) FROM sales WHERE \"end\" <= now()";
  private static final int MICROS_PER_MILLI = 1_000;

  private final URI sql;
  private final Http http = new Http();
  private final Histogram windowMicros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
  private final Histogram rowMicros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
  private final Thread thread = Thread.ofPlatform().name("asker").unstarted(this::run);
  private volatile boolean ended;
  private volatile @Nullable IOException failure;

  Asker(URI server) {
    this.sql = server.resolve("/v1/sql");
  }

  void begin() {
    thread.start();
  }

  /** Waits for the last answer and says what the answers took; or why there was none. */
  Map<String, Double> end() throws IOException, InterruptedException {
    ended = true;
    thread.join();
    IOException failed = failure;
    if (failed != null) {
      throw failed;
    }
    Map<String, Double> figures = new TreeMap<>();
    figures.put("queries", (double) (windowMicros.getTotalCount() + rowMicros.getTotalCount()));
    Measurement.percentiles(figures, "queryWindows", windowMicros);
    Measurement.percentiles(figures, "queryRows", rowMicros);
    return figures;
  }

  private void run() {
    try {
      while (!ended) {
        long newest = Long.parseLong(ask(NEWEST).getFirst()[0]) * MICROS_PER_MILLI;
        time(windows(newest), windowMicros);
        time(rows(newest), rowMicros);
      }
    } catch (IOException failed) {
      failure = failed;
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  private void time(String statement, Histogram micros) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    if (ask(statement).isEmpty()) {
      throw new IOException("no rows: " + statement);
    }
    micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
  }

  private static String windows(long untilMicros) {
    return "SELECT country, sum(orders), sum(amount) FROM sales"
        + " WHERE \"start\" >= make_timestamptz(%d) - INTERVAL 5 MINUTE GROUP BY 1 ORDER BY 3 DESC"
            .formatted(untilMicros);
  }

  private static String rows(long untilMicros) {
    return """
        SELECT data.country, count(*), sum(data.amount) FROM orders
        WHERE time >= make_timestamptz(%1$d) - INTERVAL 1 MINUTE AND time < make_timestamptz(%1$d)
        GROUP BY 1"""
        .formatted(untilMicros);
  }

  private List<String[]> ask(String statement) throws IOException, InterruptedException {
    return Http.rows(http.post(sql, statement, "Content-Type", "text/plain", "Accept", "text/csv"));
  }

  @Override
  public void close() {
    ended = true;
    http.close();
  }
}
