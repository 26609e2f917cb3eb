package dev.leat.trials;

import static dev.leat.trials.SimShop.MINUTE;
import static dev.leat.trials.SimShop.SESSION_GAP;

import dev.leat.event.Metrics;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of {@link SimShop} in the plainest way: from the rows that count, with a list of rows
 * for each window. Results are lines of text, so that they compare.
 */
final class MetricOracle {
  private final List<SimRow> orders;
  private final List<SimRow> meters;

  /** By metric, labels and window. */
  private final TreeMap<String, String> lines = new TreeMap<>();

  private MetricOracle(List<SimRow> rows) {
    orders = counting(rows, "orders");
    meters = counting(rows, "meters");
  }

  private static List<SimRow> counting(List<SimRow> rows, String table) {
    Set<Long> gone = SimStatement.superseded(rows, table);
    return rows.stream()
        .filter(row -> row.table().equals(table) && !gone.contains(row.offset()))
        .sorted(Comparator.comparingLong(SimRow::offset))
        .toList();
  }

  /** What metrics should say when nothing is pending. */
  static Map<String, String> expected(List<SimRow> rows) {
    MetricOracle oracle = new MetricOracle(rows);
    oracle.takings();
    oracle.running();
    oracle.visits();
    oracle.readings();
    return oracle.lines;
  }

  /** What they say. */
  static Map<String, String> served(Metrics metrics, long from, long to)
      throws InterruptedException {
    Map<String, String> lines = new TreeMap<>();
    for (Metrics.MetricInfo info : metrics.metrics()) {
      Metrics.Query query =
          new Metrics.Query(info.name(), from, to, null, null, Map.of(), null, 1_000_000);
      if (!(metrics.query(query) instanceof Metrics.Answer.Results results)) {
        throw new AssertionError("%s has no results".formatted(info.name()));
      }
      for (Metrics.Series series : results.series()) {
        for (Metrics.Point point : series.points()) {
          StringBuilder values = new StringBuilder();
          for (Object value : point.values()) {
            values.append(' ').append(text(value));
          }
          lines.put(
              key(info.name(), series.labels(), point.start(), point.end()), values.toString());
        }
      }
    }
    return lines;
  }

  private static String text(@Nullable Object value) {
    return value == null
        ? "null"
        : new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }

  private static String key(String metric, List<@Nullable String> labels, long start, long end) {
    return "%s %s %d..%d".formatted(metric, labels, start, end);
  }

  private static long time(SimRow row) {
    return row.number("time");
  }

  private static BigDecimal amount(SimRow row) {
    return new BigDecimal(String.valueOf(row.values().get("data.amount")));
  }

  private static BigDecimal total(List<SimRow> rows) {
    return rows.stream().map(MetricOracle::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal least(List<SimRow> rows) {
    return rows.stream().map(MetricOracle::amount).min(Comparator.naturalOrder()).orElseThrow();
  }

  private static BigDecimal most(List<SimRow> rows) {
    return rows.stream().map(MetricOracle::amount).max(Comparator.naturalOrder()).orElseThrow();
  }

  private void line(
      String metric, List<@Nullable String> labels, long start, long end, Object... values) {
    StringBuilder line = new StringBuilder();
    for (Object value : values) {
      line.append(' ').append(text(value));
    }
    lines.put(key(metric, labels, start, end), line.toString());
  }

  private static Map<Long, List<SimRow>> grouped(List<SimRow> rows, ToLongFunction<SimRow> by) {
    Map<Long, List<SimRow>> groups = new TreeMap<>();
    rows.forEach(
        row -> groups.computeIfAbsent(by.applyAsLong(row), _ -> new ArrayList<>()).add(row));
    return groups;
  }

  private static long minute(SimRow row) {
    return Math.floorDiv(time(row), MINUTE) * MINUTE;
  }

  private static Map<String, List<SimRow>> byText(List<SimRow> rows, String column) {
    Map<String, List<SimRow>> groups = new TreeMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.text(column), _ -> new ArrayList<>()).add(row));
    return groups;
  }

  private void takings() {
    byText(orders, "data.shop")
        .forEach(
            (shop, all) ->
                grouped(all, MetricOracle::minute)
                    .forEach(
                        (start, rows) ->
                            line(
                                "takings",
                                List.of(shop),
                                start,
                                start + MINUTE,
                                rows.size(),
                                total(rows),
                                least(rows),
                                most(rows),
                                byText(rows, "data.who").size())));
  }

  private void running() {
    Set<Long> starts = new HashSet<>();
    for (SimRow row : orders) {
      for (int i = 0; i < 3; i++) {
        starts.add(minute(row) - i * MINUTE);
      }
    }
    for (long start : starts) {
      List<SimRow> rows =
          orders.stream()
              .filter(row -> time(row) >= start && time(row) < start + 3 * MINUTE)
              .toList();
      line("running", List.of(), start, start + 3 * MINUTE, rows.size(), total(rows));
    }
  }

  private void visits() {
    byText(orders, "data.who")
        .forEach(
            (who, all) -> {
              List<SimRow> sorted =
                  all.stream().sorted(Comparator.comparingLong(MetricOracle::time)).toList();
              List<SimRow> session = new ArrayList<>();
              for (SimRow row : sorted) {
                if (!session.isEmpty() && time(row) - time(session.getLast()) > SESSION_GAP) {
                  visit(who, session);
                  session = new ArrayList<>();
                }
                session.add(row);
              }
              visit(who, session);
            });
  }

  private void visit(String who, List<SimRow> session) {
    line(
        "visits",
        List.of(who),
        time(session.getFirst()),
        time(session.getLast()) + SESSION_GAP,
        session.size(),
        total(session),
        most(session));
  }

  private void readings() {
    grouped(meters, MetricOracle::minute)
        .forEach(
            (start, rows) -> {
              SimRow last =
                  rows.stream()
                      .max(
                          Comparator.comparingLong(MetricOracle::time)
                              .thenComparingLong(SimRow::offset))
                      .orElseThrow();
              line(
                  "readings",
                  List.of(),
                  start,
                  start + MINUTE,
                  rows.size(),
                  last.number("data.version"));
            });
  }

  /** The first few lines in which they differ; empty if they don't. */
  static String difference(Map<String, String> expected, Map<String, String> served) {
    Set<String> keys = new HashSet<>(expected.keySet());
    keys.addAll(served.keySet());
    List<String> different =
        keys.stream()
            .sorted()
            .filter(key -> !String.valueOf(expected.get(key)).equals(served.get(key)))
            .map(key -> "%s:%s, should be%s".formatted(key, served.get(key), expected.get(key)))
            .toList();
    return different.isEmpty()
        ? ""
        : "%d results differ: %s"
            .formatted(different.size(), different.subList(0, Math.min(5, different.size())));
  }
}
