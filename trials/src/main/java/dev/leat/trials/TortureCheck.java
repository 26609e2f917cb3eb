package dev.leat.trials;

import dev.leat.trials.TortureBatch.Totals;
import dev.leat.trials.TortureClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds what a server has against what its producers were told. For one thread, while nobody sends.
 */
final class TortureCheck {
  private static final Duration SETTLE = Duration.ofMinutes(5);
  private static final int SHOWN = 10;
  private static final String SUMS =
      "SELECT source, count(*), count(DISTINCT id), sum(data.number), sum(data.cents), "
          + TortureBatch.digestSql()
          + " FROM ";

  private final TortureClient client;
  private final List<TortureBook> books;
  private final Findings findings = new Findings();

  /** What was found wrong. */
  static final class Findings {
    long lost;
    long duplicated;
    long wrong;
    final List<String> details = new ArrayList<>();

    boolean isEmpty() {
      return lost == 0 && duplicated == 0 && wrong == 0;
    }

    void wrong(String detail) {
      wrong++;
      details.add(detail);
    }
  }

  private TortureCheck(TortureClient client, List<TortureBook> books) {
    this.client = client;
    this.books = books;
  }

  /** Every event once, and the balance. */
  static Findings rows(TortureClient client, List<TortureBook> books)
      throws IOException, InterruptedException {
    TortureCheck check = new TortureCheck(client, books);
    long end = check.end();
    check.resolve(end);
    check.everyEventOnce(end);
    check.balance(end);
    return check.findings;
  }

  /**
   * That, and also corrections, dead letters and metrics.
   *
   * @param since when the first event was sent
   * @param oracle whether windows can be compared with sums of our own: not where the clock jumped
   */
  static Findings everything(
      TortureClient client, List<TortureBook> books, Instant since, boolean oracle)
      throws IOException, InterruptedException {
    TortureCheck check = new TortureCheck(client, books);
    long end = check.end();
    check.resolve(end);
    check.everyEventOnce(end);
    check.balance(end);
    check.whatCounts(end);
    check.deadLetters(end);
    check.metrics(end, since, oracle);
    return check.findings;
  }

  /** The last position of the log; everything up to it must be in the answers. */
  private long end() throws IOException, InterruptedException {
    return client.get("/health/ready", TortureClient.PATIENCE).number("nextOffset") - 1;
  }

  /** A batch without an answer is there as a whole or not at all. */
  private void resolve(long end) throws IOException, InterruptedException {
    for (TortureBook book : books) {
      TortureBatch unknown = book.unknown();
      if (unknown == null) {
        continue;
      }
      String where =
          " WHERE source = '%s' AND CAST(id AS BIGINT) BETWEEN %d AND %d"
              .formatted(TortureBatch.source(book.producer()), unknown.first(), unknown.end() - 1);
      long rows = number(client.sql("SELECT count(*) FROM orders_history" + where, end).get(1)[0]);
      long expected = unknown.rows().rows();
      long dead =
          unknown.invalid() == 0
              ? 0
              : number(
                  client.sql("SELECT count(DISTINCT id) FROM dead_letters" + where, end).get(1)[0]);
      if (rows + dead != 0 && rows + dead != expected + unknown.invalid()) {
        findings.wrong(
            "of the unanswered batch %s, %d of %d events are there"
                .formatted(unknown, rows + dead, unknown.count()));
      }
      book.resolve(rows + dead > 0);
    }
  }

  private void everyEventOnce(long end) throws IOException, InterruptedException {
    Map<String, String[]> found = bySource(SUMS + "orders_history GROUP BY source", end);
    for (TortureBook book : books) {
      String source = TortureBatch.source(book.producer());
      String[] row = found.remove(source);
      if (!totals(row).equals(book.rows()) || (row != null && number(row[2]) != number(row[1]))) {
        explain(book, source, end, row);
      }
    }
    found.keySet().forEach(source -> findings.wrong("rows of " + source + ", which nobody sent"));
  }

  private void explain(TortureBook book, String source, long end, String @Nullable [] row)
      throws IOException, InterruptedException {
    Map<Long, Long> copies = new HashMap<>();
    String sql =
        "SELECT id, count(*) FROM orders_history WHERE source = '%s' GROUP BY id".formatted(source);
    List<String[]> rows = client.sql(sql, end);
    rows.stream().skip(1).forEach(each -> copies.put(number(each[0]), number(each[1])));
    List<String> missing = new ArrayList<>();
    long lost = 0;
    for (TortureBatch batch : book.kept()) {
      long before = lost;
      for (long number = batch.first(); number < batch.end(); number++) {
        if (!TortureBatch.isInvalid(number)) {
          Long times = copies.remove(number);
          lost += times == null ? 1 : 0;
          findings.duplicated += times == null ? 0 : times - 1;
        }
      }
      if (lost > before && missing.size() < SHOWN) {
        missing.add("%d of %d-%d".formatted(lost - before, batch.first(), batch.end() - 1));
      }
    }
    findings.lost += lost;
    findings.details.add(
        "%s: expected %s, found %s; missing %s; not expected %s"
            .formatted(
                source,
                book.rows(),
                totals(row),
                missing,
                copies.keySet().stream().sorted().limit(SHOWN).toList()));
    if (lost == 0 && findings.duplicated == 0) {
      findings.wrong++;
    }
  }

  private void whatCounts(long end) throws IOException, InterruptedException {
    Map<String, String[]> found = bySource(SUMS + "orders GROUP BY source", end);
    for (TortureBook book : books) {
      Totals counting = totals(found.get(TortureBatch.source(book.producer())));
      if (!counting.equals(book.counting())) {
        findings.wrong(
            "producer %d: rows that count should be %s and are %s"
                .formatted(book.producer(), book.counting(), counting));
      }
    }
  }

  private void deadLetters(long end) throws IOException, InterruptedException {
    Map<String, String[]> found =
        bySource("SELECT source, count(DISTINCT id) FROM dead_letters GROUP BY source", end);
    for (TortureBook book : books) {
      String[] row = found.get(TortureBatch.source(book.producer()));
      long dead = row == null ? 0 : number(row[1]);
      if (dead != book.invalid()) {
        findings.wrong(
            "producer %d: %d events should be dead letters, and %d are"
                .formatted(book.producer(), book.invalid(), dead));
      }
    }
  }

  /** Counted from what is durable, so it may be a commit behind for a moment. */
  private void balance(long end) throws IOException, InterruptedException {
    Reply balance = client.get("/v1/balance", TortureClient.PATIENCE);
    if (!balance.ok().contains("\"balanced\":true")
        || balance.number("lost") != 0
        || balance.number("gap") != 0) {
      findings.wrong("the balance at %d: %s".formatted(end, balance.body()));
    }
  }

  private void metrics(long end, Instant since, boolean oracle)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    Reply list = client.get("/v1/metrics", TortureClient.PATIENCE);
    while (list.status() == 200 && list.sum("pending") > 0 && System.nanoTime() < deadline) {
      Thread.sleep(100);
      list = client.get("/v1/metrics", TortureClient.PATIENCE);
    }
    if (list.sum("pending") > 0) {
      findings.wrong("results are pending after %s: %s".formatted(SETTLE, list.ok()));
      return;
    }
    Instant from = since.minusSeconds(7_200).truncatedTo(ChronoUnit.HOURS);
    Instant to = Instant.now().plusSeconds(3_600);
    if (oracle) {
      compareSales(end, from, to);
    }
    for (String metric : List.of("sales", "trend", "visits")) {
      String stretch = "{\"from\":\"%s\",\"to\":\"%s\"}".formatted(from, to);
      Reply verified = client.post("/v1/metrics/" + metric + "/verify", stretch);
      if (verified.status() != 200 || verified.number("different") != 0) {
        findings.wrong("%s differs from its rows: %s".formatted(metric, verified.body()));
      }
    }
  }

  private void compareSales(long end, Instant from, Instant to)
      throws IOException, InterruptedException {
    Map<String, String> expected = new TreeMap<>();
    String sql =
        "SELECT data.country, epoch_ms(time) // %d AS slot, count(*), sum(data.cents) FROM orders GROUP BY ALL"
            .formatted(TortureDefinition.WINDOW_MILLIS);
    for (String[] row : client.sql(sql, end).stream().skip(1).toList()) {
      Instant start = Instant.ofEpochMilli(number(row[1]) * TortureDefinition.WINDOW_MILLIS);
      expected.put(row[0] + " " + start, row[2] + " " + row[3]);
    }
    Map<String, String> served = new TreeMap<>();
    List<String[]> points = client.points("sales", from.toString(), to.toString(), end);
    for (String[] row : points.stream().skip(1).toList()) {
      served.put(row[0] + " " + Instant.parse(row[1]), row[3] + " " + row[4]);
    }
    served.values().removeIf(value -> value.startsWith("0 "));
    if (!served.equals(expected)) {
      Map<String, String> differences = new TreeMap<>();
      expected.forEach(
          (key, value) -> {
            if (!value.equals(served.get(key))) {
              differences.put(key, value + " but is " + served.get(key));
            }
          });
      served.forEach(
          (key, value) -> {
            if (!expected.containsKey(key)) {
              differences.put(key, "nothing but is " + value);
            }
          });
      findings.wrong(
          "sales: %d windows differ: %s"
              .formatted(
                  differences.size(), differences.entrySet().stream().limit(SHOWN).toList()));
    }
  }

  private Map<String, String[]> bySource(String sql, long end)
      throws IOException, InterruptedException {
    Map<String, String[]> rows = new HashMap<>();
    client.sql(sql, end).stream().skip(1).forEach(row -> rows.put(row[0], row));
    return rows;
  }

  private static Totals totals(String @Nullable [] row) {
    return row == null
        ? Totals.NONE
        : new Totals(number(row[1]), number(row[3]), number(row[4]), number(row[5]));
  }

  private static long number(String cell) {
    return Long.parseLong(cell.replace("\"", ""));
  }
}
