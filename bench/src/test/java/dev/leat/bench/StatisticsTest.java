package dev.leat.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void theMedianIsInTheMiddle() {
    assertEquals(new Statistics(3, 1, 9, 5), Statistics.of(9, 1, 3, 2, 8));
    assertEquals(new Statistics(2.5, 1, 9, 4), Statistics.of(9, 1, 3, 2));
    assertEquals(new Statistics(7, 7, 7, 1), Statistics.of(7));
  }

  @Test
  void nothingHasNoMedian() {
    assertThrows(IllegalArgumentException.class, Statistics::of);
  }
}
