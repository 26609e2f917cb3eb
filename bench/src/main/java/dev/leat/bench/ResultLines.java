package dev.leat.bench;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Results that a stream processor has written one after the other, as lines {@code
 * metric,start,end,key,(count,cents)}, or {@code d} for a duplicate and {@code r,...} for what was
 * refused. A later line for a window takes the place of an earlier one; a session takes the place
 * of those that it has grown together from. For one thread.
 */
final class ResultLines {
  private static final String SESSIONS = "w3";

  private final Map<String, Map<Window, Sums>> metrics = new HashMap<>();
  private final Map<String, List<Window>> sessions = new HashMap<>();
  private long duplicates;
  private long refused;

  void take(String line) {
    if (line.equals("d")) {
      duplicates++;
    } else if (line.startsWith("r,")) {
      refused++;
    } else {
      String[] cells = line.replace("(", "").replace(")", "").split(",", -1);
      if (cells.length == 6) {
        put(
            cells[0],
            new Window(Long.parseLong(cells[1]), Long.parseLong(cells[2]), cells[3]),
            new Sums(Long.parseLong(cells[4]), Long.parseLong(cells[5])));
      }
    }
  }

  private void put(String metric, Window window, Sums sums) {
    Map<Window, Sums> cells = metrics.computeIfAbsent(metric, _ -> new HashMap<>());
    if (metric.equals(SESSIONS)) {
      List<Window> known = sessions.computeIfAbsent(window.label(), _ -> new ArrayList<>());
      known.removeIf(
          other -> {
            boolean within = other.start() >= window.start() && other.end() <= window.end();
            if (within) {
              cells.remove(other);
            }
            return within;
          });
      known.add(window);
    }
    cells.put(window, sums);
  }

  Map<Window, Sums> cells(String metric) {
    return metrics.getOrDefault(metric, Map.of());
  }

  long duplicates() {
    return duplicates;
  }

  long refused() {
    return refused;
  }
}
