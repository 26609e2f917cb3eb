package dev.leat.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.leat.alert.Verdict.Kind;
import dev.leat.alert.Verdict.Status;
import dev.leat.testkit.Seeds;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a detector promises whatever the numbers are. */
class DetectorTest {
  private static final int DAY = 1_440;

  /** Noisy counts about a mean. */
  private static double around(double mean, RandomGenerator chance) {
    return Math.max(0, Math.rint(mean + Math.sqrt(mean) * chance.nextGaussian()));
  }

  @Test
  void anyNumbersGiveTheSameVerdictsTwiceAndNeverAWrongNumber() {
    Seeds.run(
        20,
        (seed, chance) -> {
          Scale scale = chance.nextBoolean() ? Scale.COUNTS : Scale.VALUES;
          int minutes = new int[] {1, 5, 15, 60}[chance.nextInt(4)];
          DetectorOptions options =
              new DetectorOptions(
                  minutes, scale, Direction.BOTH, Sensitivity.HIGH, Duration.ofMinutes(5));
          Detector one = new Detector(options);
          Detector other = new Detector(options);
          long bucket = chance.nextInt(1_000_000);
          for (int i = 0; i < 6_000; i++) {
            bucket += chance.nextInt(50) == 0 ? 1 + chance.nextInt(3_000) : 1;
            double value = wild(scale, chance);
            Verdict said = one.observe(bucket, value);
            assertEquals(said, other.observe(bucket, value));
            assertSane(said);
          }
        });
  }

  private static double wild(Scale scale, RandomGenerator chance) {
    double value =
        switch (chance.nextInt(6)) {
          case 0 -> Double.NaN;
          case 1 -> 0;
          case 2 -> Math.exp(chance.nextDouble() * 40 - 10);
          default -> 100 * chance.nextDouble();
        };
    return scale == Scale.VALUES && chance.nextBoolean() ? -value : value;
  }

  private static void assertSane(Verdict said) {
    assertFalse(Double.isInfinite(said.value()), said::toString);
    assertFalse(Double.isInfinite(said.expected()), said::toString);
    if (said.isOpen()) {
      assertTrue(said.kind() != Kind.NONE, said::toString);
    }
    if (!Double.isNaN(said.low())) {
      assertTrue(said.low() <= said.high(), said::toString);
    }
  }

  @Test
  void onTheFirstDayNothingIsSaid() {
    Seeds.run(
        20,
        (seed, chance) -> {
          Detector detector = new Detector(DetectorOptions.counts().with(Sensitivity.HIGH));
          boolean load = false;
          for (int at = 0; at < DAY; at++) {
            load ^= chance.nextInt(60) == 0;
            Verdict said = detector.observe(at, load ? around(30_000, chance) : 0);
            assertEquals(Status.LEARNING, said.status());
          }
        });
  }

  @Test
  void moreSensitiveOnesOpenNoLater() {
    Seeds.run(
        10,
        (seed, chance) -> {
          SyntheticMonth month = new SyntheticMonth(seed + 5_000);
          int low = firstOpen(month, Sensitivity.LOW);
          int medium = firstOpen(month, Sensitivity.MEDIUM);
          int high = firstOpen(month, Sensitivity.HIGH);
          assertTrue(high <= medium && medium <= low, high + " " + medium + " " + low);
        });
  }

  private static int firstOpen(SyntheticMonth month, Sensitivity sensitivity) {
    Detector detector = new Detector(DetectorOptions.counts().with(sensitivity));
    for (int at = 0; at < SyntheticMonth.MINUTES; at++) {
      if (detector.observe(at, month.values[at]).isOpen()) {
        return at;
      }
    }
    return Integer.MAX_VALUE;
  }

  @Test
  void anOutageIsOneIncidentThatExplainsItself() {
    RandomGenerator chance = Seeds.chance(7);
    Detector detector = new Detector(DetectorOptions.counts());
    int begin = 5 * DAY + 600;
    int opened = -1;
    int incidents = 0;
    boolean open = false;
    for (int at = 0; at < 7 * DAY; at++) {
      boolean out = at >= begin && at < begin + 90;
      Verdict said = detector.observe(at, out ? 0 : around(400, chance));
      if (said.isOpen() && !open) {
        incidents++;
        opened = at;
        assertEquals(Kind.DROP, said.kind());
        assertTrue(said.since() >= begin - 5 && said.since() <= begin + 5, said::toString);
        assertTrue(Math.abs(said.expected() - 400) < 60, said::toString);
        assertTrue(said.low() < 400 && said.low() > 100, said::toString);
      }
      open = said.isOpen();
    }
    assertEquals(1, incidents);
    assertTrue(opened < begin + 10, "opened only after " + (opened - begin));
    assertFalse(open);
  }

  @Test
  void aShiftIsOneIncidentAndThenTheNewNormal() {
    RandomGenerator chance = Seeds.chance(8);
    Detector detector = new Detector(DetectorOptions.counts());
    int begin = 5 * DAY;
    int incidents = 0;
    int adopted = -1;
    boolean open = false;
    for (int at = 0; at < 16 * DAY; at++) {
      Verdict said = detector.observe(at, around(at < begin ? 400 : 200, chance));
      incidents += said.isOpen() && !open ? 1 : 0;
      open = said.isOpen();
      adopted = said.status() == Status.ADOPTED ? at : adopted;
    }
    assertEquals(1, incidents);
    assertTrue(adopted > begin + 400 && adopted < begin + 600, "adopted at " + (adopted - begin));
  }

  @Test
  void whatIsMissingIsOneIncident() {
    RandomGenerator chance = Seeds.chance(9);
    Detector detector =
        new Detector(
            new DetectorOptions(
                1, Scale.VALUES, Direction.BOTH, Sensitivity.MEDIUM, Duration.ofMinutes(5)));
    int begin = 3 * DAY + 100;
    int incidents = 0;
    boolean open = false;
    for (int at = 0; at < 4 * DAY; at++) {
      boolean out = at >= begin && at < begin + 60;
      double value = out ? Double.NaN : 20 + chance.nextGaussian();
      Verdict said = detector.observe(at, value);
      if (said.isOpen() && !open) {
        incidents++;
        assertEquals(Kind.MISSING, said.kind());
        assertEquals(begin, said.since());
      }
      open = said.isOpen();
    }
    assertEquals(1, incidents);
    assertFalse(open);
  }

  @Test
  void whatItCantTakeIsRefused() {
    Detector detector = new Detector(DetectorOptions.counts());
    detector.observe(5, 1);
    assertThrows(IllegalArgumentException.class, () -> detector.observe(5, 1));
    assertThrows(IllegalArgumentException.class, () -> detector.observe(6, -1));
    assertThrows(
        IllegalArgumentException.class, () -> detector.observe(6, Double.POSITIVE_INFINITY));
  }
}
