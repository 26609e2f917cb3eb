package dev.leat.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultLinesTest {
  private final ResultLines lines = new ResultLines();

  @Test
  void laterLinesTakeThePlaceOfEarlierOnes() {
    lines.take("w1,0,10000,DE,(1,100)");
    lines.take("w1,0,10000,US,(5,500)");
    lines.take("w1,0,10000,DE,(2,150)");
    assertEquals(
        Map.of(
            new Window(0, 10_000, "DE"), new Sums(2, 150),
            new Window(0, 10_000, "US"), new Sums(5, 500)),
        lines.cells("w1"));
  }

  @Test
  void sessionsGrowTogether() {
    lines.take("w3,0,30000,7,(1,100)");
    lines.take("w3,40000,70000,7,(1,100)");
    lines.take("w3,0,70000,7,(3,300)");
    lines.take("w3,0,30000,8,(1,100)");
    assertEquals(
        Map.of(
            new Window(0, 70_000, "7"), new Sums(3, 300),
            new Window(0, 30_000, "8"), new Sums(1, 100)),
        lines.cells("w3"));
  }

  @Test
  void whatIsNoRowIsCounted() {
    lines.take("d");
    lines.take("d");
    lines.take("r,schema /amount");
    lines.take("w4,0,60000,DE,123");
    assertEquals(2, lines.duplicates());
    assertEquals(1, lines.refused());
    assertEquals(Map.of(), lines.cells("w4"));
  }
}
