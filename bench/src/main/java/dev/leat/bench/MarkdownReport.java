package dev.leat.bench;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A comparison as a section of Markdown. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append("## %s%n%n%s%n%n".formatted(comparison.workload(), comparison.about()));
    text.append(
        "| system | events/s | server cs/M | generator cs/M | ack p50 / p99 ms | visible p50 / p99 ms |"
            + " memory MB | bytes/event | results |\n|---|---|---|---|---|---|---|---|---|\n");
    for (Comparison.Row row : comparison.systems()) {
      text.append("| ").append(row.title());
      cell(text, comparison, row, "eventsPerSecond", "%,.0f");
      cell(text, comparison, row, "serverCoreSecondsPerMillion", "%.1f");
      cell(text, comparison, row, "generatorCoreSecondsPerMillion", "%.1f");
      pair(text, comparison, row, "ack");
      pair(text, comparison, row, "fresh");
      cell(text, comparison, row, "memoryMb", "%,.0f");
      cell(text, comparison, row, "bytesAtRestPerEvent", "%.0f");
      text.append(" | ").append(comparison.checked(row.name())).append(" |\n");
    }
    text.append('\n');
    for (Comparison.Row row : comparison.systems()) {
      if (!row.lacks().isEmpty()) {
        text.append("- **%s**: %s%n".formatted(row.title(), row.lacks()));
      }
    }
    comparison.systems().stream()
        .filter(row -> row.name().equals("leat"))
        .forEach(row -> shares(text, comparison, row));
    text.append("\nMedian (lowest-highest) of runs in turns");
    comparison.systems().stream()
        .map(row -> comparison.figure(row.name(), "pacedPerSecond"))
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            rate ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "; acknowledgements and visibility at %,.0f events/s on a schedule",
                        rate.median())));
    text.append(". ");
    for (Map.Entry<String, String> fact : comparison.machine().entrySet()) {
      text.append(fact.getKey()).append(": ").append(fact.getValue()).append("; ");
    }
    text.setLength(text.length() - 2);
    return text.append(".\n").toString();
  }

  /** Where the core-seconds go, the greatest share first. */
  private static void shares(StringBuilder text, Comparison comparison, Comparison.Row row) {
    Map<String, Double> medians = new TreeMap<>();
    for (Measurement run : comparison.runs()) {
      for (String name : run.figures().keySet()) {
        if (name.startsWith(Measurement.THREAD)) {
          comparison
              .figure(row.name(), name)
              .ifPresent(
                  all -> medians.put(name.substring(Measurement.THREAD.length()), all.median()));
        }
      }
    }
    if (!medians.isEmpty()) {
      text.append("%nCore-seconds per million of %s by its threads: ".formatted(row.title()))
          .append(
              medians.entrySet().stream()
                  .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                  .map(one -> "`%s` %.2f".formatted(one.getKey(), one.getValue()))
                  .collect(Collectors.joining(", ")))
          .append(".\n");
    }
  }

  private static void cell(
      StringBuilder text, Comparison comparison, Comparison.Row row, String figure, String format) {
    text.append(" | ")
        .append(comparison.figure(row.name(), figure).map(all -> text(all, format)).orElse("-"));
  }

  private static String text(Statistics all, String format) {
    if (all.runs() == 1) {
      return String.format(Locale.ROOT, format, all.median());
    }
    return String.format(
        Locale.ROOT,
        format + " (" + format + "-" + format + ")",
        all.median(),
        all.min(),
        all.max());
  }

  private static void pair(
      StringBuilder text, Comparison comparison, Comparison.Row row, String name) {
    Optional<Statistics> middle = comparison.figure(row.name(), name + "P50Millis");
    Optional<Statistics> high = comparison.figure(row.name(), name + "P99Millis");
    text.append(" | ");
    if (middle.isEmpty() || high.isEmpty()) {
      text.append('-');
      return;
    }
    text.append(
        String.format(Locale.ROOT, "%.1f / %.1f", middle.get().median(), high.get().median()));
  }
}
