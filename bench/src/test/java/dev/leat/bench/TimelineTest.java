package dev.leat.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long MILLI = 1_000_000;

  @Test
  void itKeepsGrowthNoFinerThanAMillisecond() {
    Timeline line = new Timeline();
    line.add(0, 10);
    line.add(MILLI / 2, 11);
    line.add(MILLI, 12);
    line.add(3 * MILLI, 12);
    line.add(5 * MILLI, 20);
    assertEquals(3, line.size());
    assertEquals(MILLI, line.reached(11));
    assertEquals(MILLI, line.reached(12));
    assertEquals(5 * MILLI, line.reached(13));
    assertEquals(-1, line.reached(21));
  }

  @Test
  void freshnessIsTheTimeUntilAsManyAreDecided() {
    Timeline acknowledged = new Timeline();
    acknowledged.add(0, 0);
    acknowledged.add(10 * MILLI, 100);
    acknowledged.add(20 * MILLI, 200);
    Timeline decided = new Timeline();
    decided.add(12 * MILLI, 100);
    decided.add(50 * MILLI, 200);
    Histogram micros = Trial.freshness(acknowledged, decided);
    assertEquals(2, micros.getTotalCount());
    assertEquals(2_000.0, (double) micros.getMinValue(), 2);
    assertEquals(30_000.0, (double) micros.getMaxValue(), 30);
  }

  @Test
  void rowsTellHowManyEventsHaveCome() {
    RowCounts counts = new RowCounts();
    counts.add(500, 495);
    counts.add(500, 0);
    counts.add(500, 490);
    assertEquals(0, counts.events(0));
    assertEquals(0, counts.events(494));
    assertEquals(1_000, counts.events(495));
    assertEquals(1_000, counts.events(984));
    assertEquals(1_500, counts.events(985));
  }
}
