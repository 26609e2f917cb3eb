package dev.leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {
  private static final Comparison COMPARISON =
      new Comparison(
          "shop",
          "All of it.",
          Map.of("cores", "2"),
          List.of(
              new Comparison.Row("leat", "Leat", ""),
              new Comparison.Row("other", "Other <& more>", "No schema.")),
          List.of(
              run("leat", 1, 200_000, List.of()),
              run("other", 1, 40_000, List.of()),
              run("leat", 2, 220_000, List.of()),
              run("other", 2, 50_000, List.of("rows: expected 1, found 2"))));

  private static Measurement run(String system, int number, double rate, List<String> differences) {
    return new Measurement(
        system,
        number,
        Map.of(
            "eventsPerSecond",
            rate,
            "serverCoreSecondsPerMillion",
            8.5,
            "ackP50Millis",
            1.2,
            "ackP99Millis",
            3.5,
            "pacedPerSecond",
            20_000.0,
            "coreSecondsPerMillion:leat-worker",
            4.5,
            "coreSecondsPerMillion:GC Thread",
            0.25),
        List.of("rows", "window 1 (40)"),
        differences);
  }

  @Test
  void aFileReadsAsItWasWritten() throws IOException {
    assertEquals(COMPARISON, ComparisonFile.parse(ComparisonFile.text(COMPARISON)));
  }

  @Test
  void theTableHasMediansAndSpread() {
    String text = MarkdownReport.of(COMPARISON);
    assertTrue(
        text.contains(
            "| Leat | 210,000 (200,000-220,000) | 8.5 (8.5-8.5) | - | 1.2 / 3.5 | - | - | - |"
                + " equal: rows, window 1 |"),
        text);
    assertTrue(text.contains("DIFFERENT in 1 runs"), text);
    assertTrue(text.contains("- **Other <& more>**: No schema."), text);
    assertTrue(
        text.contains("of Leat by its threads: `leat-worker` 4.50, `GC Thread` 0.25."), text);
    assertTrue(text.contains("at 20,000 events/s on a schedule"), text);
  }

  @Test
  void theChartIsXmlWithABarForEachSystem() throws Exception {
    Document chart =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(BarChart.of(COMPARISON).getBytes(UTF_8)));
    assertEquals("svg", chart.getDocumentElement().getTagName());
    assertEquals(3, chart.getElementsByTagName("rect").getLength(), "a background and two bars");
    assertEquals("Other <& more>", chart.getElementsByTagName("text").item(3).getTextContent());
  }

  @Test
  void onlyWhatStandsBetweenTheMarkersIsWrittenAnew(@TempDir Path directory) throws IOException {
    ComparisonFile.write(COMPARISON, directory.resolve("shop.json"));
    Publication.report(directory);
    Path readme = directory.resolve("README.md");
    String first = Files.readString(readme);
    Files.writeString(readme, "# Before\n" + first + "After\n");
    Publication.report(directory);
    assertEquals("# Before\n" + first + "After\n", Files.readString(readme));
    assertTrue(first.contains("![shop](shop.svg)"), first);
    assertTrue(Files.exists(directory.resolve("shop.svg")));
    assertThrows(IOException.class, () -> Publication.between("no markers", ""));
  }
}
