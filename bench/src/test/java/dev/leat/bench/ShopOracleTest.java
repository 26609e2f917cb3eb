package dev.leat.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import dev.leat.bench.ShopOracle.Checks;
import dev.leat.bench.ShopOracle.Expectation;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShopOracleTest {
  private static final int EVENTS = 30_000;
  private static final ShopStream STREAM =
      new ShopStream(new OrderSlots(3_000, 0, ShopStream.SEED), 500, 1_000_000_000L, 100);

  private static Expectation expect(Checks checks, long closedBy) {
    return new ShopOracle(STREAM, checks).expect(EVENTS, closedBy);
  }

  @Test
  void everyEventIsARowOrADuplicateOrRefused() {
    for (Checks checks : Checks.values()) {
      Results all = expect(checks, Long.MAX_VALUE).results();
      assertEquals(EVENTS, value(all.rows()) + value(all.duplicates()) + value(all.refused()));
      assertEquals(value(all.rows()), count(all.sales()));
      assertEquals(value(all.rows()), count(all.visits()));
      assertEquals(value(all.rows()) * ShopOracle.PANES, count(all.categories()));
    }
  }

  @Test
  void systemsDifferInWhatTheyTakeForADuplicate() {
    Results first = expect(Checks.DEDUP_THEN_CHECK, Long.MAX_VALUE).results();
    Results second = expect(Checks.CHECK_THEN_DEDUP, Long.MAX_VALUE).results();
    Results third = expect(Checks.SCHEMA_ONLY, Long.MAX_VALUE).results();
    assertEquals(first.rows(), second.rows());
    assertTrue(value(first.duplicates()) >= value(second.duplicates()));
    assertTrue(value(third.rows()) > value(first.rows()));
  }

  @Test
  void sessionsAreFurtherApartThanTheGap() {
    Map<Window, Sums> visits = expect(Checks.CHECK_THEN_DEDUP, Long.MAX_VALUE).results().visits();
    assertNotNull(visits);
    Map<String, List<Window>> byCustomer =
        visits.keySet().stream().collect(Collectors.groupingBy(Window::label));
    for (List<Window> own : byCustomer.values()) {
      List<Window> sorted = own.stream().sorted(Comparator.comparingLong(Window::start)).toList();
      for (int i = 1; i < sorted.size(); i++) {
        assertTrue(sorted.get(i - 1).end() < sorted.get(i).start(), sorted::toString);
      }
    }
    assertTrue(visits.size() > byCustomer.size(), "some customers come back");
  }

  @Test
  void whatHasNotClosedIsLeftOut() {
    long closedBy = STREAM.due(EVENTS) - 20_000;
    Expectation some = expect(Checks.CHECK_THEN_DEDUP, closedBy);
    Expectation all = expect(Checks.CHECK_THEN_DEDUP, Long.MAX_VALUE);
    assertTrue(cells(some.results().visits()).stream().allMatch(one -> one.end() <= closedBy));
    assertTrue(some.openVisits().stream().allMatch(one -> one.end() > closedBy));
    assertEquals(
        cells(all.results().visits()).size(),
        cells(some.results().visits()).size() + some.openVisits().size());
  }

  private static long value(Long number) {
    return number;
  }

  private static Set<Window> cells(Map<Window, Sums> cells) {
    return cells.keySet();
  }

  private static long count(Map<Window, Sums> cells) {
    return cells.values().stream().mapToLong(Sums::count).sum();
  }
}
