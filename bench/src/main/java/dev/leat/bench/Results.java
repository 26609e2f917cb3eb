package dev.leat.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of the events of the shop, as far as a system does it; null for what it does not do.
 *
 * @param rows stored
 * @param centsByCountry sum of the amounts of stored rows
 * @param duplicates events that were found to repeat another
 * @param refused events that break the schema or a rule
 * @param sales cells of window 1, tumbling 10 s by country
 * @param categories cells of window 2, sliding 5 min every 10 s by category
 * @param visits cells of window 3, sessions with a gap of 30 s by customer
 */
record Results(
    @Nullable Long rows,
    @Nullable Map<String, Long> centsByCountry,
    @Nullable Long duplicates,
    @Nullable Long refused,
    @Nullable Map<Window, Sums> sales,
    @Nullable Map<Window, Sums> categories,
    @Nullable Map<Window, Sums> visits) {
  /** Of a system that keeps events and does nothing with them. */
  static final Results NONE = new Results(null, null, null, null, null, null, null);

  /** Which cell; times in milliseconds, the end exclusive. */
  record Window(long start, long end, String label) {}

  /** What is in it. */
  record Sums(long count, long cents) {
    static final Sums NONE = new Sums(0, 0);

    Sums plus(long otherCount, long otherCents) {
      return new Sums(count + otherCount, cents + otherCents);
    }
  }

  /**
   * The same without sessions that lie within one of these: whoever takes nothing back has told of
   * the parts of a session that a late event has joined, and not yet of the whole.
   */
  Results withoutPartsOf(Set<Window> openVisits) {
    if (visits == null) {
      return this;
    }
    Map<String, List<Window>> open =
        openVisits.stream().collect(Collectors.groupingBy(Window::label));
    Map<Window, Sums> whole = new HashMap<>(visits);
    whole
        .keySet()
        .removeIf(
            part ->
                open.getOrDefault(part.label(), List.of()).stream()
                    .anyMatch(all -> part.start() >= all.start() && part.end() <= all.end()));
    return new Results(
        rows, centsByCountry, duplicates, refused, sales, categories, Map.copyOf(whole));
  }

  /** Those cells only that had closed by then. */
  static Map<Window, Sums> closed(Map<Window, Sums> cells, long byMillis) {
    Map<Window, Sums> closed = new HashMap<>();
    cells.forEach(
        (window, sums) -> {
          if (window.end() <= byMillis) {
            closed.put(window, sums);
          }
        });
    return closed;
  }
}
