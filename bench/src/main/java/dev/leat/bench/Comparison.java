package dev.leat.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All runs of one workload, as they stand in a file of results.
 *
 * @param workload its name
 * @param about what was done, in a sentence
 * @param machine what it ran on, and when
 * @param systems those that were compared
 */
record Comparison(
    String workload,
    String about,
    Map<String, String> machine,
    List<Row> systems,
    List<Measurement> runs) {
  /** A system without what makes it run. */
  record Row(String name, String title, String lacks) {}

  /** A figure of a system over its runs, if it has it. */
  Optional<Statistics> figure(String system, String name) {
    List<Double> values = new ArrayList<>();
    for (Measurement run : runs) {
      Double value = run.figures().get(name);
      if (run.system().equals(system) && value != null) {
        values.add(value);
      }
    }
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(Statistics.of(values.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** Whether the results of all its runs were as expected, and what was compared. */
  String checked(String system) {
    Map<String, Boolean> seen = new LinkedHashMap<>();
    int unsound = 0;
    for (Measurement run : runs) {
      if (run.system().equals(system)) {
        run.checked().forEach(what -> seen.put(what.replaceFirst(" \\(.*", ""), true));
        unsound += run.sound() ? 0 : 1;
      }
    }
    if (seen.isEmpty() && unsound == 0) {
      return "-";
    }
    return unsound == 0
        ? "equal: " + String.join(", ", seen.keySet())
        : "DIFFERENT in %d runs".formatted(unsound);
  }
}
