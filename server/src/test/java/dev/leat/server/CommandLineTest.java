package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void everyCommandHelps() {
    for (String command :
        List.of(
            "serve", "demo", "validate", "send", "sql", "status", "balance", "metrics", "bench")) {
      assertEquals(0, run(command, "--help"), command);
    }
    for (String command : List.of("list", "groups", "show", "replay")) {
      assertEquals(0, run("dead-letters", command, "--help"), command);
    }
    for (String command : List.of("show", "recompute", "verify")) {
      assertEquals(0, run("metrics", command, "--help"), command);
    }
    for (String command : List.of("list", "verify", "rollback")) {
      assertEquals(0, run("state", command, "--help"), command);
    }
    assertEquals(0, run("bench", "ingest", "--help"));
    assertTrue(out.toString().contains("Usage: leat bench ingest"), out.toString());
  }

  @Test
  void whatIsUnknownComesWithASuggestion() {
    assertEquals(2, run("srve"));
    assertTrue(err.toString().contains("serve"), err.toString());
    assertEquals(2, run("serve", "--prt", "1"));
    assertTrue(err.toString().contains("Did you mean --port?"), err.toString());
    assertEquals(2, run());
    assertEquals(2, run("dead-letters"));
    assertTrue(err.toString().contains("list, groups, show, or replay"), err.toString());
  }

  @Test
  void validatePrintsTheEffectiveDefinition() throws Exception {
    Path file = Files.writeString(directory.resolve("leat.yaml"), "log: {partitions: 2}\n");
    assertEquals(0, run("validate", file.toString()), err.toString());
    assertTrue(out.toString().contains("partitions: 2"), out.toString());
    assertTrue(out.toString().contains("port: 5328"), out.toString());
  }

  @Test
  void validateListsAllMistakesWithTheirPlaces() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("leat.yaml"), "log: {partitons: 2}\nserver: {port: 99999}\n");
    assertEquals(1, run("validate", file.toString()));
    assertTrue(err.toString().contains("leat.yaml:1:7: "), err.toString());
    assertTrue(err.toString().contains("leat.yaml:2:"), err.toString());
    assertEquals(1, run("validate", "-o", "json", file.toString()));
    assertTrue(out.toString().contains("\"valid\":false"), out.toString());
  }

  @Test
  void validateReadsTheFilesThatTheDefinitionNames() throws Exception {
    Files.writeString(directory.resolve("l.csv"), "k,v\n1,2\n1,3\n");
    String yaml = "lookups:\n  l: {file: l.csv, key: k}\n";
    Path file = Files.writeString(directory.resolve("leat.yaml"), yaml);
    assertEquals(0, run("validate", file.toString()), err.toString());
    assertTrue(
        err.toString()
            .startsWith("warning: " + file + ":2:6: lookups.l: l.csv: key 1 stands twice"),
        err.toString());
    assertTrue(out.toString().contains("refresh: 10m"), out.toString());
    Files.writeString(file, yaml.replace("key: k", "key: kk"));
    assertEquals(1, run("validate", file.toString()));
    assertTrue(err.toString().contains("leat.yaml:2:6: lookups.l: "), err.toString());
    assertTrue(err.toString().contains("unknown column 'kk'"), err.toString());
  }

  @Test
  void theExampleOfFlightsIsValid() throws Exception {
    Path example = Path.of("../examples/flights");
    Files.createDirectories(directory.resolve("schemas"));
    for (String name : List.of("leat.yaml", "schemas/flight.json")) {
      Files.copy(example.resolve(name), directory.resolve(name));
    }
    Files.writeString(directory.resolve("airports.csv"), "iata,city\nLAS,Las Vegas\n");
    assertEquals(0, run("validate", directory.resolve("leat.yaml").toString()), err.toString());
    assertTrue(out.toString().contains("name: busiest_airports"), out.toString());
    assertTrue(
        out.toString().contains("# Whether the views can be kept shows when a server takes it up."),
        out.toString());
  }

  @Test
  void whatCannotBeDoneIsSaidInOneSentence() {
    assertEquals(1, run("validate", directory.resolve("nowhere.yaml").toString()));
    assertTrue(err.toString().startsWith("leat: there is no file"), err.toString());
    assertEquals(1, run("sql", "--url", "http://127.0.0.1:1", "select 1"));
    assertTrue(err.toString().contains("no server answers there"), err.toString());
    assertEquals(1, run("send", "--wait", "0", directory.resolve("nowhere.csv").toString()));
    assertTrue(err.toString().contains("there is no readable file"), err.toString());
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return line.execute(arguments);
  }
}
