package dev.leat.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Boards and rules: every expression asks for what a live house exports, and Prometheus' own tools
 * and a real Prometheus find nothing wrong with any of them.
 */
class BoardsTest {
  /** What Prometheus itself says about those it scrapes. */
  private static final Set<String> ITS_OWN = Set.of("up");

  @TempDir private Path directory;

  @Test
  void everyExpressionAsksForWhatThereIs() throws Exception {
    List<Boards.Rule> rules = Boards.rules();
    List<String> panels = Boards.panels();
    assertTrue(rules.size() > 15 && panels.size() > 40, rules.size() + ", " + panels.size());
    Set<String> asked = new TreeSet<>();
    rules.forEach(rule -> asked.addAll(Boards.names(rule.expression())));
    panels.forEach(panel -> asked.addAll(Boards.names(panel)));
    Set<String> there = new TreeSet<>(ITS_OWN);
    rules.forEach(rule -> Optional.ofNullable(rule.record()).ifPresent(there::add));
    try (MeteredHouse house = MeteredHouse.open(directory)) {
      there.addAll(house.live().names());
    }
    Set<String> missing = new TreeSet<>(asked);
    missing.removeAll(there);
    assertEquals(Set.of(), missing);
    assertTrue(asked.contains("leat_balance_gap_events"), asked.toString());
  }

  @Test
  void namesAreFoundInExpressions() {
    assertEquals(
        Set.of("a_total", "b:c", "d_bucket", "e"),
        Boards.names(
            "histogram_quantile(0.9, sum by (le, x) (rate(d_bucket{y=~\"e f\"}[5m] offset 1d)))"
                + " and on (z) (a_total > bool 24 * 3600) or max_over_time(b:c[1h:5m]) unless e"));
  }

  @Test
  void prometheusOwnToolsFindNothingWrong() throws Exception {
    Path tools = tools("BoardsTest.prometheusOwnToolsFindNothingWrong");
    Path rules = Boards.RULES.toAbsolutePath().normalize();
    passes(tools, List.of("check", "rules", rules.toString()));
    passes(tools, List.of("check", "config", rules.resolveSibling("prometheus.yml").toString()));
    passes(tools, List.of("test", "rules", rules.resolveSibling("rules_test.yml").toString()));
    StringBuilder panels = new StringBuilder("groups:\n- name: panels\n  rules:\n");
    int number = 0;
    for (String panel : Boards.panels()) {
      panels.append("  - record: panel%d%n    expr: |-%n      %s%n".formatted(number++, panel));
    }
    Path file = Files.writeString(directory.resolve("panels.yml"), panels);
    passes(tools, List.of("check", "rules", file.toString()));
  }

  private static void passes(Path tools, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(tools.resolve("promtool").toString()));
    command.addAll(arguments);
    Prometheus.Run run = Prometheus.run(Path.of("."), command);
    assertEquals(0, run.status(), run.said());
  }

  @Test
  void prometheusFindsTheNamesWellChosen() throws Exception {
    Path tools = tools("BoardsTest.prometheusFindsTheNamesWellChosen");
    String own;
    try (MeteredHouse house = MeteredHouse.open(directory)) {
      own = house.live().text();
    }
    Path page = Files.writeString(directory.resolve("page.txt"), own);
    Process lint =
        new ProcessBuilder(tools.resolve("promtool").toString(), "check", "metrics")
            .redirectInput(page.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(lint.getInputStream().readNBytes(1 << 16), StandardCharsets.UTF_8);
    lint.waitFor();
    List<String> wrong = said.lines().filter(line -> !line.startsWith("jvm_")).toList();
    assertEquals(List.of(), wrong);
  }

  @Test
  void aRealPrometheusScrapesEvaluatesAndWarns() throws Exception {
    Path tools = tools("BoardsTest.aRealPrometheusScrapesEvaluatesAndWarns");
    Path home = Files.createDirectory(directory.resolve("prometheus"));
    String hasty = Files.readString(Boards.RULES).replaceAll("\\bfor: \\w+", "for: 1s");
    Path rules = Files.writeString(directory.resolve("rules.yml"), hasty);
    try (MeteredHouse house = MeteredHouse.open(Files.createDirectory(directory.resolve("leat")));
        Prometheus prometheus = Prometheus.start(tools, home, house.address(), rules)) {
      house.live();
      prometheus.await("up{job=\"leat\"} == 1");
      prometheus.await("leat_balance_events{state=\"stored\"} == 3");
      prometheus.await("leat:accepted_events:rate1m");
      assertEvaluated(prometheus);
      for (String panel : Boards.panels()) {
        prometheus.query(panel); // Fails if Prometheus can't evaluate it.
      }
      // A seventh of the events was refused; that may already be told.
      assertEquals(
          List.of(), prometheus.query("ALERTS{alertstate=\"firing\", severity=\"critical\"}"));
      house.breakDefinition();
      prometheus.await("ALERTS{alertname=\"LeatDefinitionRefused\", alertstate=\"firing\"}");
      house.stop();
      prometheus.await("ALERTS{alertname=\"LeatDown\", alertstate=\"firing\"}");
    }
  }

  /** Every rule was evaluated, and none of them failed. */
  private static void assertEvaluated(Prometheus prometheus) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    List<String> health = health(prometheus);
    while (health.contains("unknown") && System.nanoTime() < end) {
      Thread.sleep(200);
      health = health(prometheus);
    }
    assertEquals(Collections.nCopies(Boards.rules().size(), "ok"), health);
  }

  private static List<String> health(Prometheus prometheus) throws Exception {
    List<String> health = new ArrayList<>();
    for (Object group : Json.asList(Json.asObject(prometheus.get("rules")).get("groups"))) {
      for (Object rule : Json.asList(Json.asObject(group).get("rules"))) {
        Map<String, ?> one = Json.asObject(rule);
        Object wrong = one.get("lastError");
        health.add(one.get("health") + (wrong == null ? "" : ": " + one.get("name") + wrong));
      }
    }
    return health;
  }

  private static Path tools(String test) throws Exception {
    Optional<Path> tools = Prometheus.find();
    if (tools.isEmpty()) {
      System.err.println(
          "[WARNING] %s is skipped: there is no Prometheus; apt-get install prometheus"
              .formatted(test));
    }
    assumeTrue(tools.isPresent(), "no Prometheus");
    return tools.get();
  }
}
