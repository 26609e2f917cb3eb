package dev.leat.alert;

import dev.leat.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A month of counts by the minute, and what went wrong in it. Everything is drawn from the seed.
 *
 * <p><b>The usual.</b> 2 to 50,000 events a minute at the mean of a weekday (log-uniform); one or
 * two humps a day, the peak 1.5 to 8 times the night; weekends at 0.4 to 1.1 times, with a flatter
 * shape, in three of four series; growth between -20 and +40 % a month. Counts are Poisson over a
 * rate with lognormal noise: an autoregressive part (spread 2 to 12 %, correlation of neighbouring
 * minutes 0.8 to 0.98) and a white part (0 to 10 %).
 *
 * <p><b>Holidays</b>, up to three: a day like a Sunday at 0.6 to 1 times, or like itself at 0.4 to
 * 0.75 times; it comes and goes over one to five hours around midnight and the early morning.
 * Nobody is to be called for them: an alert in one is a false one.
 *
 * <p><b>Incidents</b>, two to six, the first after two days, twelve hours apart at least: outages
 * (all or 40 to 95 %, ten minutes to six hours, a third of them fading in over up to ten minutes),
 * surges (to 1.7 to 6 times), nothing measured (15 minutes to three hours), and at most one level
 * shift (to 0.4 to 0.6 or 1.6 to 2.5 times, for good).
 *
 * <p><b>Visible.</b> What is taken away or added is at least six standard deviations, by the noise
 * above, of the sum of the incident's first 10, 20, 40 or 60 minutes, as far as it lasts so long.
 * What is not is drawn again.
 */
final class SyntheticMonth {
  static final int DAY = 1_440;
  static final int DAYS = 31;
  static final int MINUTES = DAYS * DAY;
  private static final List<What> KINDS = List.of(What.values());
  private static final int QUIET_DAYS = 2;
  private static final int APART = 720;
  private static final double VISIBLE = 6;

  enum What {
    OUTAGE,
    SURGE,
    MISSING,
    SHIFT
  }

  /** From one minute to before another; a shift counts as an incident for twelve hours. */
  record Trouble(What what, int from, int to, double factor) {}

  final long seed;
  final double base;
  final double[] values = new double[MINUTES];
  final double[] rates = new double[MINUTES];
  final List<Trouble> troubles = new ArrayList<>();
  final List<Integer> holidays = new ArrayList<>();

  private final RandomGenerator chance;
  private final double slowNoise;
  private final double correlation;
  private final double whiteNoise;

  SyntheticMonth(long seed) {
    this.seed = seed;
    chance = Seeds.chance(seed);
    base = Math.exp(between(Math.log(2), Math.log(50_000)));
    slowNoise = between(0.02, 0.12);
    correlation = between(0.8, 0.98);
    whiteNoise = between(0, 0.1);
    usual();
    troubles();
    noise();
  }

  private double between(double low, double high) {
    return low + (high - low) * chance.nextDouble();
  }

  private void usual() {
    double contrast = between(1.5, 8);
    double noon = between(600, 900);
    double width = between(180, 300);
    boolean two = chance.nextBoolean();
    double second = noon + between(300, 480);
    double weekend = chance.nextInt(4) == 0 ? 1 : between(0.4, 1.1);
    double growth = between(-0.2, 0.4);
    int offset = chance.nextInt(7);
    for (int day = 0, count = chance.nextInt(4); day < count; day++) {
      int wanted = 3 + chance.nextInt(DAYS - 4);
      if (!holidays.contains(wanted) && (wanted + offset) % 7 < 5) {
        holidays.add(wanted);
      }
    }
    double[] weekday = new double[DAY];
    double[] sunday = new double[DAY];
    for (int minute = 0; minute < DAY; minute++) {
      double hump = hump(minute, noon, width);
      hump = two ? Math.max(hump, 0.8 * hump(minute, second, width * 0.7)) : hump;
      weekday[minute] = 1 + (contrast - 1) * hump;
      sunday[minute] = 1 + (contrast - 1) * 0.8 * hump(minute, noon + 120, width * 1.3);
    }
    double mean = Arrays.stream(weekday).average().orElseThrow();
    for (int at = 0; at < MINUTES; at++) {
      int minute = at % DAY;
      boolean free = (at / DAY + offset) % 7 >= 5;
      double rate = free && weekend != 1 ? weekend * sunday[minute] : weekday[minute];
      rates[at] = base * rate / mean * (1 + growth * at / MINUTES);
    }
    smoothMidnights();
    for (int day : holidays) {
      holiday(day, weekday, sunday);
    }
  }

  private static double hump(double minute, double middle, double width) {
    double away = Math.abs(minute - middle);
    away = Math.min(away, DAY - away) / width;
    return Math.exp(-away * away / 2);
  }

  /** A weekend does not begin at the stroke of midnight. */
  private void smoothMidnights() {
    for (int midnight = DAY; midnight < MINUTES; midnight += DAY) {
      double jump = Math.log(rates[midnight] / rates[midnight - 1]);
      for (int i = 0; i < 120; i++) {
        rates[midnight - 120 + i] *= Math.exp(jump / 2 * i / 120);
        rates[midnight + 119 - i] *= Math.exp(-jump / 2 * i / 120);
      }
    }
  }

  private void holiday(int day, double[] weekday, double[] sunday) {
    boolean likeSunday = chance.nextBoolean();
    double factor = likeSunday ? between(0.6, 1) : between(0.4, 0.75);
    double ramp = between(60, 300);
    double begins = day * DAY + between(-60, 300);
    double ends = (day + 1) * DAY + between(-60, 300);
    for (int at = (int) (begins - ramp); at < ends + ramp && at < MINUTES; at++) {
      double in = Math.clamp((at - begins) / ramp + 0.5, 0, 1);
      double out = Math.clamp((at - ends) / ramp + 0.5, 0, 1);
      double share = (1 - Math.cos(Math.PI * in)) / 2 * (1 + Math.cos(Math.PI * out)) / 2;
      double shape = likeSunday ? sunday[at % DAY] / weekday[at % DAY] : 1;
      rates[at] *= Math.exp(share * Math.log(factor * shape));
    }
  }

  private void troubles() {
    int wanted = 2 + chance.nextInt(5);
    boolean shifted = false;
    for (int tries = 0; tries < 400 && troubles.size() < wanted; tries++) {
      What what = KINDS.get(chance.nextInt(KINDS.size()));
      if (what == What.SHIFT && shifted) {
        continue;
      }
      int from = QUIET_DAYS * DAY + chance.nextInt(MINUTES - (QUIET_DAYS + 1) * DAY);
      Trouble trouble = draw(what, from);
      boolean free =
          troubles.stream().allMatch(t -> from > t.to() + APART || trouble.to() + APART < t.from());
      if (free && isVisible(trouble)) {
        troubles.add(trouble);
        shifted |= what == What.SHIFT;
      }
    }
    troubles.sort((a, b) -> Integer.compare(a.from(), b.from()));
  }

  private Trouble draw(What what, int from) {
    int length = (int) Math.exp(between(Math.log(10), Math.log(360)));
    return switch (what) {
      case OUTAGE ->
          new Trouble(
              what, from, from + length, chance.nextInt(3) == 0 ? 0 : 1 - between(0.4, 0.95));
      case SURGE -> new Trouble(what, from, from + length, between(1.7, 6));
      case MISSING -> new Trouble(what, from, from + (int) between(15, 180), 0);
      case SHIFT ->
          new Trouble(
              what,
              from,
              from + APART,
              chance.nextBoolean() ? between(0.4, 0.6) : between(1.6, 2.5));
    };
  }

  private boolean isVisible(Trouble trouble) {
    if (trouble.what() == What.MISSING) {
      return true;
    }
    for (int length : new int[] {10, 20, 40, 60}) {
      if (trouble.from() + length <= trouble.to()) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          sum += rates[trouble.from() + i];
        }
        double relative =
            slowNoise * slowNoise * correlated(length) + whiteNoise * whiteNoise / length;
        double deviation = Math.sqrt(sum + relative * sum * sum);
        if (Math.abs(1 - trouble.factor()) * sum >= VISIBLE * deviation) {
          return true;
        }
      }
    }
    return false;
  }

  /** The variance of the mean of so many correlated values, as a share of that of one. */
  private double correlated(int length) {
    double sum = length;
    for (int lag = 1; lag < length; lag++) {
      sum += 2 * (length - lag) * Math.pow(correlation, lag);
    }
    return sum / length / length;
  }

  private void noise() {
    double[] factors = new double[MINUTES];
    Arrays.fill(factors, 1);
    for (Trouble trouble : troubles) {
      int end = trouble.what() == What.SHIFT ? MINUTES : trouble.to();
      int fade =
          trouble.what() == What.OUTAGE && chance.nextInt(3) == 0 ? 1 + chance.nextInt(10) : 1;
      for (int at = trouble.from(); at < Math.min(end, MINUTES); at++) {
        double share = Math.min(1, (at - trouble.from() + 1.0) / fade);
        factors[at] *= 1 + share * (trouble.factor() - 1);
      }
    }
    double slow = slowNoise * chance.nextGaussian();
    double fresh = slowNoise * Math.sqrt(1 - correlation * correlation);
    for (int at = 0; at < MINUTES; at++) {
      slow = correlation * slow + fresh * chance.nextGaussian();
      double noise = Math.exp(slow + whiteNoise * chance.nextGaussian());
      values[at] = poisson(rates[at] * factors[at] * noise);
    }
    for (Trouble trouble : troubles) {
      if (trouble.what() == What.MISSING) {
        Arrays.fill(values, trouble.from(), trouble.to(), Double.NaN);
      }
    }
  }

  private double poisson(double mean) {
    if (mean > 200) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * chance.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = chance.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= chance.nextDouble();
      count++;
    }
    return count;
  }
}
