package dev.leat.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.bench.Results.Sums;
import dev.leat.bench.Results.Window;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static final Window FIRST = new Window(0, 10_000, "DE");
  private static final Window SECOND = new Window(10_000, 20_000, "DE");
  private static final Results EXPECTED =
      new Results(
          3L,
          Map.of("DE", 700L),
          1L,
          2L,
          Map.of(FIRST, new Sums(2, 400), SECOND, new Sums(1, 300)),
          Map.of(),
          Map.of());

  @Test
  void equalResultsDoNotDiffer() {
    Differences none = Differences.between(EXPECTED, EXPECTED);
    assertEquals(List.of(), none.found());
    assertEquals(7, none.checked().size());
  }

  @Test
  void whatASystemDoesNotDoIsNotChecked() {
    Differences rows =
        Differences.between(EXPECTED, new Results(3L, null, null, null, null, null, null));
    assertEquals(List.of(), rows.found());
    assertEquals(List.of("rows"), rows.checked());
    assertEquals(List.of(), Differences.between(EXPECTED, Results.NONE).checked());
  }

  @Test
  void everyDifferenceIsToldInWords() {
    Results other =
        new Results(
            4L,
            Map.of("DE", 700L),
            1L,
            2L,
            Map.of(FIRST, new Sums(2, 401), new Window(20_000, 30_000, "DE"), new Sums(1, 300)),
            null,
            null);
    List<String> found = Differences.between(EXPECTED, other).found();
    assertEquals(2, found.size(), found::toString);
    assertEquals("rows: expected 3, found 4", found.getFirst());
    assertTrue(
        found.get(1).startsWith("window 1: of 2 1 missing, 1 surplus, 1 different"), found.get(1));
    assertTrue(found.get(1).contains("401"), found.get(1));
  }

  @Test
  void partsOfOpenSessionsAreNoDifference() {
    Window part = new Window(5, 40_000, "7");
    Window whole = new Window(50_000, 90_000, "7");
    Results told =
        new Results(
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of(part, new Sums(1, 1), whole, new Sums(1, 1)));
    Set<Window> open = Set.of(new Window(5, 45_000, "7"), new Window(0, 99_000, "8"));
    assertEquals(Map.of(whole, new Sums(1, 1)), told.withoutPartsOf(open).visits());
  }
}
