package dev.leat.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What becomes of a comparison: text or JSON on the screen, and the files of a directory. */
final class Publication {
  private static final String README = "README.md";
  private static final String BEGIN = "<!-- figures: begin (written by `leat bench report`) -->";
  private static final String END = "<!-- figures: end -->";

  private Publication() {}

  static void publish(Comparison comparison, RunOptions options, PrintWriter screen)
      throws IOException {
    switch (options.format) {
      case TEXT -> screen.println(MarkdownReport.of(comparison));
      case JSON -> screen.print(ComparisonFile.text(comparison));
    }
    screen.flush();
    if (options.out != null) {
      ComparisonFile.write(comparison, options.out.resolve(comparison.workload() + ".json"));
      report(options.out);
    }
  }

  /** Draws the charts and writes the tables of all comparisons in a directory. */
  static void report(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    List<String> sections = new ArrayList<>();
    for (Path file : files) {
      Comparison comparison = ComparisonFile.read(file);
      Files.writeString(directory.resolve(comparison.workload() + ".svg"), BarChart.of(comparison));
      sections.add(
          MarkdownReport.of(comparison)
              + "\n![%s](%s.svg)\n".formatted(comparison.workload(), comparison.workload()));
    }
    Path readme = directory.resolve(README);
    String before = Files.exists(readme) ? Files.readString(readme) : BEGIN + "\n" + END + "\n";
    Files.writeString(readme, between(before, String.join("\n", sections)));
  }

  /** The text with what stands between the markers replaced. */
  static String between(String text, String figures) throws IOException {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("no place for figures: expected %s ... %s".formatted(BEGIN, END));
    }
    return text.substring(0, begin) + BEGIN + "\n" + figures + text.substring(end);
  }
}
