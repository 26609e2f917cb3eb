package dev.leat.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.alert.Notice.Change;
import dev.leat.testkit.Seeds;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who is told of what, and how often. */
class AlertBookTest {
  private static final List<Severity> SEVERITIES = List.of(Severity.values());
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private static Finding finding(String alert, String label, Severity severity) {
    return new Finding(
        alert, new TreeMap<>(Map.of("at", label)), severity, 1, 2, 1.5, 3, BEGIN, "words");
  }

  @Test
  void anIncidentIsToldAtMostOnceForEachSeverityWhateverHappens() {
    Seeds.run(
        50,
        (seed, chance) -> {
          AlertBook book = new AlertBook();
          Set<String> told = new HashSet<>();
          Set<Long> fired = new HashSet<>();
          Set<Long> ended = new HashSet<>();
          for (int turn = 0; turn < 200; turn++) {
            List<Finding> findings = new ArrayList<>();
            for (int i = 0, count = chance.nextInt(5); i < count; i++) {
              Severity severity = SEVERITIES.get(chance.nextInt(SEVERITIES.size()));
              findings.add(finding("a" + chance.nextInt(2), "s" + chance.nextInt(3), severity));
            }
            boolean quiet = chance.nextInt(3) == 0;
            for (Notice notice :
                book.turn(
                    BEGIN.plusSeconds(turn), findings, Set.of(), (_, _) -> quiet ? "quiet" : "")) {
              assertFalse(quiet && notice.change() == Change.FIRING);
              for (Alert alert : notice.alerts()) {
                if (notice.change() == Change.FIRING) {
                  assertTrue(told.add(alert.id() + " " + notice.severity()));
                  fired.add(alert.id());
                } else {
                  assertTrue(fired.contains(alert.id()) && ended.add(alert.id()));
                }
              }
            }
          }
        });
  }

  @Test
  void whatASilenceHeldBackIsToldWhenItEndsIfItStillGoesOn() {
    AlertBook book = new AlertBook();
    Finding few = finding("few", "LAS", Severity.WARNING);
    Silence silence =
        new Silence(
            1, "few", new TreeMap<>(Map.of("at", "LAS")), BEGIN, BEGIN.plusSeconds(60), "me", "");
    for (int second = 0; second < 60; second += 10) {
      assertEquals(
          List.of(),
          book.turn(
              BEGIN.plusSeconds(second),
              List.of(few),
              Set.of(),
              (series, now) -> silence.covers(series, now) ? "silence" : ""));
      assertEquals("silence", book.open().getFirst().held());
    }
    List<Notice> told = book.turn(BEGIN.plusSeconds(60), List.of(few), Set.of(), (_, _) -> "");
    assertEquals(1, told.size());
    assertFalse(
        silence.covers(finding("few", "PHX", Severity.INFO).series(), BEGIN), "another series");
  }

  @Test
  void seriesOfOneAlertAreToldTogether() {
    AlertBook book = new AlertBook();
    List<Notice> told =
        book.turn(
            BEGIN,
            List.of(
                finding("few", "LAS", Severity.WARNING),
                finding("few", "PHX", Severity.WARNING),
                finding("slow", "LAS", Severity.WARNING)),
            Set.of(),
            (_, _) -> "");
    assertEquals(2, told.size());
    assertEquals(2, told.getFirst().alerts().size());
  }

  @Test
  void whatNothingCanBeSaidOfStaysOpen() {
    AlertBook book = new AlertBook();
    Finding few = finding("few", "LAS", Severity.WARNING);
    book.turn(BEGIN, List.of(few), Set.of(), (_, _) -> "");
    assertEquals(List.of(), book.turn(BEGIN, List.of(), Set.of(few.series()), (_, _) -> ""));
    assertEquals(1, book.open().size());
    assertEquals(1, book.turn(BEGIN, List.of(), Set.of(), (_, _) -> "").size());
  }

  @Test
  void aBoundOpensAfterItsTimeAndClosesWellBelow() {
    Threshold threshold = new Threshold(100.0, null, Duration.ofSeconds(60));
    assertNull(threshold.observe(BEGIN, 101));
    assertNull(threshold.observe(BEGIN.plusSeconds(59), 101));
    assertEquals(BEGIN, threshold.observe(BEGIN.plusSeconds(60), 101));
    assertNotNull(threshold.observe(BEGIN.plusSeconds(90), 99));
    assertNotNull(threshold.observe(BEGIN.plusSeconds(200), 95));
    assertNotNull(threshold.observe(BEGIN.plusSeconds(210), 89));
    assertNotNull(threshold.observe(BEGIN.plusSeconds(220), Double.NaN));
    assertNull(threshold.observe(BEGIN.plusSeconds(240), 89));
    assertNull(threshold.observe(BEGIN.plusSeconds(241), 101));
  }

  @Test
  void maintenanceComesAgain() {
    Calendar.Time sunday =
        new Calendar.Time.Repeated(DayOfWeek.SUNDAY, LocalTime.of(23, 0), Duration.ofHours(2));
    assertTrue(sunday.contains(Instant.parse("2026-01-04T23:00:00Z")));
    assertTrue(sunday.contains(Instant.parse("2026-01-05T00:59:59Z")));
    assertFalse(sunday.contains(Instant.parse("2026-01-05T01:00:00Z")));
    assertFalse(sunday.contains(Instant.parse("2026-01-04T22:59:59Z")));
    assertFalse(sunday.contains(Instant.parse("2026-01-06T23:30:00Z")));
    Calendar calendar = new Calendar(List.of(new Calendar.Window(sunday, List.of("few"))));
    assertTrue(calendar.covers("few", Instant.parse("2026-01-04T23:30:00Z")));
    assertFalse(calendar.covers("slow", Instant.parse("2026-01-04T23:30:00Z")));
  }
}
