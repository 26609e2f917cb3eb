package dev.leat.engine;

import static dev.leat.engine.MetricHouse.MINUTE;
import static dev.leat.engine.MetricHouse.SECOND;
import static dev.leat.engine.MetricHouse.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.event.Metrics.Recomputation;
import dev.leat.pipeline.Cells;
import dev.leat.pipeline.MetricPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recomputing and verifying metrics over a real store. It stands here because the engine knows no
 * store of its own that speaks SQL.
 */
@Timeout(180)
class RecomputerTest {
  private static final String STREAM =
      """
      streams:
        - name: orders
          match: type == 'order'
      """;
  private static final String DEFINITION =
      STREAM
          + """
          metrics:
            - name: m
              from: orders
              window: {tumbling: 1m}
              by: [data.shop]
              lateness: 1m
              measures:
                count: count()
                sum: sum(data.n)
                least: min(data.n)
                most: max(data.n)
                users: distinct(data.user)
          """;
  private static final String SESSIONS =
      STREAM
          + """
          metrics:
            - name: m
              from: orders
              window: {session: 1m, key: data.shop}
              lateness: 1m
              measures:
                count: count()
                sum: sum(data.n)
          """;

  @TempDir private Path directory;

  @Test
  void anEventThatCameTooLateComesInFromItsRow() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.passTo(START + 5 * MINUTE);
      house.send("2", START + SECOND, START + 6 * MINUTE, "", order("a", 2.5, "y"));
      assertEquals(List.of("0 [a] 1 1 1 1 1"), plain(house));
      assertEquals(1, house.marks());
      house.settle();
      assertEquals(List.of("0 [a] 2 3.5 1 2.5 2"), plain(house));
      house.commit();
      house.crash();
      assertEquals(List.of("0 [a] 2 3.5 1 2.5 2"), plain(house));
      assertEquals(0, house.marks());
    }
  }

  @Test
  void retractionAndReplacementChangeEveryMeasure() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.send("2", START + SECOND, START + SECOND, "", order("a", 7, "y"));
      house.send("3", START + 2 * SECOND, START + 2 * SECOND, "", order("a", 3, "z"));
      String retract = "{\"corrects\":\"2\",\"correction\":\"retract\"}";
      house.send("4", START + 3 * SECOND, START + 3 * SECOND, retract, order("a", 100, "q"));
      house.settle();
      assertEquals(List.of("0 [a] 2 4 1 3 2"), plain(house));
      String replace = "{\"corrects\":\"1\",\"correction\":\"replace\"}";
      house.send("5", START + 4 * SECOND, START + 4 * SECOND, replace, order("a", 5, "z"));
      house.settle();
      assertEquals(List.of("0 [a] 2 8 3 5 1"), plain(house));
      house.commit();
      house.crash();
      assertEquals(List.of("0 [a] 2 8 3 5 1"), plain(house));
      assertEquals(0, house.verify("m").different());
    }
  }

  @Test
  void correctionsThatWaitOutliveALookBeforeTheDefinitionIsInForce() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.send("2", START + SECOND, START + SECOND, "", order("a", 7, "y"));
      String retract = "{\"corrects\":\"2\",\"correction\":\"retract\"}";
      house.send("3", START + 2 * SECOND, START + 2 * SECOND, retract, order("a", 7, "y"));
      house.commit();
      house.crashAndLookEarly();
      assertEquals(1, house.marks());
      house.settle();
      assertEquals(List.of("0 [a] 1 1 1 1 1"), plain(house));
      assertEquals(0, house.verify("m").different());
    }
  }

  @Test
  void aNewMetricCountsOldRowsWhenAsked() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, STREAM)) {
      for (int i = 0; i < 20; i++) {
        long time = START + i * 30L * SECOND;
        house.append("e" + i, time, time, "", order(i % 2 == 0 ? "a" : "b", i, "u" + i % 3));
      }
      house.define(DEFINITION);
      house.send("last", START + 595 * SECOND, START + 595 * SECOND, "", order("a", 1, "u"));
      assertEquals(List.of("9 [a] 1 1 1 1 1"), plain(house));
      Recomputation.Done done = house.recompute("m", Long.MIN_VALUE, Long.MAX_VALUE);
      assertEquals(10, done.windows());
      assertEquals(21, done.rows());
      assertEquals(20, done.different());
      List<String> results = plain(house);
      assertEquals(20, results.size());
      assertEquals("0 [a] 1 0 0 0 1", results.get(0));
      assertEquals("9 [a] 2 19 1 18 2", results.get(18));
      assertEquals(0, house.verify("m").different());
      house.commit();
      house.crash();
      assertEquals(results, plain(house));
      assertEquals(0, house.recompute("m", START, START + 60 * MINUTE).different());
    }
  }

  @Test
  void verificationFindsWhatDiffersAndChangesNothing() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.send("2", START, START, "", order("b", 2, "x"));
      house.send("3", START + 2 * MINUTE, START + 2 * MINUTE, "", order("b", 4, "x"));
      assertEquals(0, house.verify("m").different());
      house
          .live()
          .between(
              moment -> {
                MetricPlan plan = house.metric("m");
                NavigableMap<Long, Cells> wrong =
                    moment.aggregates().live(plan.id(), START + 2 * MINUTE, START + 3 * MINUTE);
                moment.aggregates().rotate(plan.id(), List.of(START));
                moment.aggregates().replace(plan.id(), START, wrong.firstEntry().getValue());
                return wrong;
              });
      Recomputation.Done found = house.verify("m");
      assertEquals(2, found.different());
      assertTrue(
          found.differences().stream()
              .anyMatch(
                  each ->
                      each.measure().equals("sum")
                          && each.start() == START
                          && each.served().equals("4")
                          && each.recomputed().equals("2")),
          found.toString());
      assertEquals(2, house.verify("m").different());
      assertEquals(2, house.recompute("m", START, START + MINUTE).different());
      assertEquals(0, house.verify("m").different());
    }
  }

  @Test
  void whatIsApproximateMayDifferWithinItsBound() throws Exception {
    String definition =
        DEFINITION.replace(
            "users: distinct(data.user)",
            "users: distinct(data.user)\n      half: quantile(data.n, 0.5)");
    try (MetricHouse house = new MetricHouse(directory, definition)) {
      for (int i = 0; i < 3_000; i++) {
        house.append("e" + i, START + i * 1_000L, START, "", order("a", i * 7 % 3_000, "u" + i));
      }
      house.send("end", START + 4 * SECOND, START, "", order("a", 1, "u"));
      assertEquals(0, house.verify("m").different());
      Recomputation.Done done = house.recompute("m", START, START + MINUTE);
      assertEquals(3_001, done.rows());
      assertEquals(List.of("0 [a] 3001 4498501 0 2999 3001 1499"), plain(house));
    }
  }

  @Test
  void whatWaitsIsPendingAndNotDifferent() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.passTo(START + 5 * MINUTE);
      house.send("2", START + SECOND, START + 6 * MINUTE, "", order("a", 2, "y"));
      Recomputation.Done done = house.verify("m");
      assertEquals(0, done.different());
      assertEquals(1, done.pending());
    }
  }

  @Test
  void whatWaitsSurvivesACrash() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.passTo(START + 5 * MINUTE);
      house.send("2", START + SECOND, START + 6 * MINUTE, "", order("a", 2, "y"));
      house.commit();
      long bucket = START;
      house
          .live()
          .between(
              moment -> {
                moment.aggregates().rotate(house.metric("m").id(), List.of(bucket));
                return moment;
              });
      house.crash();
      assertEquals(1, house.marks());
      house.settle();
      assertEquals(List.of("0 [a] 2 3 1 2 2"), plain(house));
    }
  }

  @Test
  void eventsThatComeMeanwhileAreNeitherLostNorCountedTwice() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 2_000; i++) {
                        house.append("e" + i, START + i * 1_000L, START, "", order("a", 1, "x"));
                      }
                    } catch (Exception failed) {
                      throw new IllegalStateException(failed);
                    }
                  });
      int rounds = 0;
      while (sender.isAlive() || rounds == 0) {
        house.recompute("m", START, START + MINUTE);
        rounds++;
      }
      sender.join();
      house.send("end", START + 2 * SECOND, START, "", order("a", 1, "x"));
      assertEquals(List.of("0 [a] 2001 2001 1 1 1"), plain(house));
      assertEquals(0, house.verify("m").different());
    }
  }

  @Test
  void sessionsJoinAndPart() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, SESSIONS)) {
      house.send("1", START, START, "", order("a", 1, "x"));
      house.send("2", START + 50 * SECOND, START, "", order("a", 2, "x"));
      house.send("3", START + 200 * SECOND, START, "", order("a", 4, "x"));
      house.passTo(START + 20 * MINUTE);
      assertEquals(List.of("0..50 [a] 2 3", "200..200 [a] 1 4"), plain(house));
      house.commit();
      for (int i = 0; i < 3; i++) {
        house.send(
            "l" + i, START + (90 + i * 40) * SECOND, START + 21 * MINUTE, "", order("a", 8, "x"));
      }
      assertTrue(house.marks() >= 3);
      assertTrue(house.verify("m").pending() > 0);
      house.settle();
      assertEquals(List.of("0..200 [a] 6 31"), plain(house));
      assertEquals(0, house.verify("m").different());
      String retract = "{\"corrects\":\"l1\",\"correction\":\"retract\"}";
      house.send("r", START + 22 * MINUTE, START + 22 * MINUTE, retract, order("clock", 0, "x"));
      house.settle();
      assertEquals(List.of("0..90 [a] 3 11", "170..200 [a] 2 12"), plain(house));
      house.commit();
      house.crash();
      assertEquals(List.of("0..90 [a] 3 11", "170..200 [a] 2 12"), plain(house));
      assertEquals(0, house.recompute("m", Long.MIN_VALUE, Long.MAX_VALUE).different());
    }
  }

  @Test
  void aStoppedRecomputerRefuses() throws Exception {
    try (MetricHouse house = new MetricHouse(directory, DEFINITION)) {
      MetricPlan plan = house.metric("m");
      house.recomputer().stop();
      assertInstanceOf(
          Recomputation.Refused.class, house.recomputer().recompute(plan, START, START + MINUTE));
    }
  }

  private static List<String> plain(MetricHouse house) {
    return house.results("m").stream().map(line -> line.replace(".0", "")).toList();
  }

  private static String order(String shop, double n, String user) {
    String number = n == Math.rint(n) ? String.valueOf((long) n) : String.valueOf(n);
    return "{\"shop\":\"%s\",\"n\":%s,\"user\":\"%s\"}".formatted(shop, number, user);
  }
}
