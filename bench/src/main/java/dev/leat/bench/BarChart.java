package dev.leat.bench;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A comparison as a picture: a bar for each system's rate, with a line from lowest to highest. */
final class BarChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 210;
  private static final int RIGHT = 210;
  private static final int TOP = 46;
  private static final int ROW = 30;
  private static final int BAR = 18;

  private BarChart() {}

  static String of(Comparison comparison) {
    List<Comparison.Row> rows =
        comparison.systems().stream()
            .filter(row -> comparison.figure(row.name(), "eventsPerSecond").isPresent())
            .toList();
    double most = rows.stream().mapToDouble(row -> rate(comparison, row).max()).max().orElse(1);
    int height = TOP + rows.size() * ROW + 10;
    Formatter svg = new Formatter(Locale.ROOT);
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">%n",
        WIDTH, height);
    svg.format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, height);
    svg.format(
        "<text x=\"10\" y=\"24\" font-weight=\"bold\">%s: events a second, and core-seconds per"
            + " million</text>%n",
        escape(comparison.workload()));
    for (int i = 0; i < rows.size(); i++) {
      bar(svg, comparison, rows.get(i), TOP + i * ROW, most);
    }
    return svg.format("</svg>%n").toString();
  }

  private static void bar(
      Formatter svg, Comparison comparison, Comparison.Row row, int y, double most) {
    Statistics rate = rate(comparison, row);
    double scale = (WIDTH - LEFT - RIGHT) / most;
    int middle = y + BAR / 2;
    svg.format(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
        LEFT - 8, middle + 5, escape(row.title()));
    svg.format(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
        LEFT, y, rate.median() * scale, BAR, row.name().equals("leat") ? "#0b6e99" : "#9aa5ad");
    svg.format(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#222222\"/>%n",
        LEFT + rate.min() * scale, middle, LEFT + rate.max() * scale, middle);
    Optional<Statistics> cost = comparison.figure(row.name(), "serverCoreSecondsPerMillion");
    svg.format(
        "<text x=\"%.1f\" y=\"%d\">%,.0f%s</text>%n",
        LEFT + rate.max() * scale + 8,
        middle + 5,
        rate.median(),
        cost.map(all -> String.format(Locale.ROOT, " at %.1f cs/M", all.median())).orElse(""));
  }

  private static Statistics rate(Comparison comparison, Comparison.Row row) {
    return comparison.figure(row.name(), "eventsPerSecond").orElseThrow();
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
