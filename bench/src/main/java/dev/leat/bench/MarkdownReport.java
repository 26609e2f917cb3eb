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
    comparison.systems().forEach(row -> queries(text, comparison, row));
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

  /** How it went on a schedule where questions were asked, and how the answers went. */
  private static void queries(StringBuilder text, Comparison comparison, Comparison.Row row) {
    if (comparison.figure(row.name(), "queries").isEmpty()) {
      return;
    }
    text.append(
        "- **%s**: %s answers, p50 / p99 ms of the newest windows %s, of the rows of a minute %s. Decided per second on the schedule: %s.%n"
            .formatted(
                row.title(),
                value(comparison, row, "queries", "%,.0f"),
                middleAndHigh(comparison, row, "queryWindows"),
                middleAndHigh(comparison, row, "queryRows"),
                comparison.systems().stream()
                    .map(
                        each ->
                            each.title()
                                + " "
                                + value(comparison, each, "pacedDecidedPerSecond", "%,.0f"))
                    .collect(Collectors.joining(", "))));
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
    text.append(" | ").append(value(comparison, row, figure, format));
  }

  private static String value(
      Comparison comparison, Comparison.Row row, String figure, String format) {
    return comparison.figure(row.name(), figure).map(all -> text(all, format)).orElse("-");
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
    text.append(" | ").append(middleAndHigh(comparison, row, name));
  }

  private static String middleAndHigh(Comparison comparison, Comparison.Row row, String name) {
    Optional<Statistics> middle = comparison.figure(row.name(), name + "P50Millis");
    Optional<Statistics> high = comparison.figure(row.name(), name + "P99Millis");
    if (middle.isEmpty() || high.isEmpty()) {
      return "-";
    }
    return String.format(Locale.ROOT, "%.1f / %.1f", middle.get().median(), high.get().median());
  }
}
