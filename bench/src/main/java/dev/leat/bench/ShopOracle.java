package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must come of the first events of the shop, computed in the plainest way. For one thread; no
 * part of any measurement.
 */
final class ShopOracle {
  static final long PANE_MILLIS = 10_000;
  static final int PANES = 30;
  static final long GAP_MILLIS = 30_000;

  /** What a system checks, and when. */
  enum Checks {
    /** A copy of a refused event is a duplicate. */
    DEDUP_THEN_CHECK,
    /** A copy of a refused event is refused, too. */
    CHECK_THEN_DEDUP,
    /** Rules are not known, so that more is stored. */
    SCHEMA_ONLY
  }

  private final ShopStream stream;
  private final Checks checks;

  ShopOracle(ShopStream stream, Checks checks) {
    this.stream = stream;
    this.checks = checks;
  }

  /**
   * What must have come out.
   *
   * @param results without windows that end too late to have closed
   * @param openVisits sessions that end too late to have closed; parts of them may have come out
   */
  record Expectation(Results results, Set<Window> openVisits) {}

  /**
   * @param events how many were sent
   * @param closedBy windows that end later need not have closed
   */
  Expectation expect(long events, long closedBy) {
    long rows = 0;
    long duplicates = 0;
    long refused = 0;
    Map<String, Long> byCountry = new TreeMap<>();
    Map<Window, Sums> sales = new HashMap<>();
    Map<Window, Sums> panes = new HashMap<>();
    Map<Long, Visits> visits = new HashMap<>();
    for (long event = 0; event < events; event++) {
      boolean repeats = stream.repeats(event);
      long original = stream.original(event);
      OrderFields order = stream.slots().get(stream.slot(original)).fields();
      boolean refuses = refuses(order);
      if (refuses && !(repeats && checks == Checks.DEDUP_THEN_CHECK)) {
        refused++;
      } else if (repeats) {
        duplicates++;
      } else {
        rows++;
        long millis = stream.millis(original);
        long pane = Math.floorDiv(millis, PANE_MILLIS) * PANE_MILLIS;
        byCountry.merge(order.country(), order.cents(), Long::sum);
        add(sales, new Window(pane, pane + PANE_MILLIS, order.country()), order.cents());
        add(panes, new Window(pane, pane + PANE_MILLIS, order.category()), order.cents());
        visits.computeIfAbsent(order.customer(), _ -> new Visits()).add(millis, order.cents());
      }
    }
    Map<Window, Sums> sessions = sessions(visits);
    Map<Window, Sums> closedSessions = Results.closed(sessions, closedBy);
    Set<Window> open = new HashSet<>(sessions.keySet());
    open.removeAll(closedSessions.keySet());
    return new Expectation(
        new Results(
            rows,
            byCountry,
            duplicates,
            refused,
            Results.closed(sales, closedBy),
            Results.closed(sliding(panes), closedBy),
            closedSessions),
        open);
  }

  /** Whether an order becomes no row. */
  boolean refuses(OrderFields order) {
    return switch (checks) {
      case DEDUP_THEN_CHECK, CHECK_THEN_DEDUP -> order.refused();
      case SCHEMA_ONLY -> order.breaksSchema();
    };
  }

  private static void add(Map<Window, Sums> cells, Window window, long cents) {
    cells.put(window, cells.getOrDefault(window, Sums.NONE).plus(1, cents));
  }

  /** Each pane is part of every window that covers it. */
  private static Map<Window, Sums> sliding(Map<Window, Sums> panes) {
    Map<Window, Sums> windows = new HashMap<>();
    panes.forEach(
        (pane, sums) -> {
          for (int back = 0; back < PANES; back++) {
            long start = pane.start() - back * PANE_MILLIS;
            Window window = new Window(start, start + PANES * PANE_MILLIS, pane.label());
            windows.merge(window, sums, (a, b) -> a.plus(b.count(), b.cents()));
          }
        });
    return windows;
  }

  private static Map<Window, Sums> sessions(Map<Long, Visits> visits) {
    Map<Window, Sums> sessions = new HashMap<>();
    visits.forEach((customer, own) -> own.sessions(Long.toString(customer), sessions));
    return sessions;
  }

  /** Times of a customer's orders, each with its amount. */
  private static final class Visits {
    private static final int CENTS_BITS = 20; // amounts end at 2,000.00

    private long[] orders = new long[4];
    private int count;

    void add(long millis, long cents) {
      if (cents >= 1 << CENTS_BITS) {
        throw new IllegalArgumentException("an amount of %d cents".formatted(cents));
      }
      if (count == orders.length) {
        orders = Arrays.copyOf(orders, count * 2);
      }
      orders[count++] = millis << CENTS_BITS | cents;
    }

    void sessions(String label, Map<Window, Sums> into) {
      Arrays.sort(orders, 0, count);
      int from = 0;
      while (from < count) {
        Sums sums = Sums.NONE;
        int to = from;
        do {
          sums = sums.plus(1, orders[to] & (1 << CENTS_BITS) - 1);
          to++;
        } while (to < count && millis(to) - millis(to - 1) <= GAP_MILLIS);
        into.put(new Window(millis(from), millis(to - 1) + GAP_MILLIS, label), sums);
        from = to;
      }
    }

    private long millis(int at) {
      return orders[at] >> CENTS_BITS;
    }
  }
}
