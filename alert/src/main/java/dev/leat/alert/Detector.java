package dev.leat.alert;

import dev.leat.alert.Outlooks.Judgement;
import dev.leat.alert.Verdict.Kind;
import dev.leat.alert.Verdict.Status;

/**
 * Learns what is usual in a series of numbers and says when it is not. Values in, verdicts out: no
 * clock, no threads, no chance; the same values give the same verdicts. Its state is bounded (some
 * 20 KB) and made again by giving it the last weeks of the series. For one thread.
 *
 * <p><b>What is expected.</b> {@link Profile} knows the hours of the week, {@link Outlooks} scales
 * several ideas of what is usual now to what came lately. So growth, a holiday and the drift of a
 * day are followed; what is abrupt and deep is not.
 *
 * <p><b>What is unlikely.</b> The sums of the last 5, 10, 20 and 40 minutes (or 1, 2, 4 and 8
 * buckets) are each compared with what was expected, on a scale where plain noise of counts has
 * spread 1, and then with how far that very statistic usually is off ({@link Spread}): bursts and
 * autocorrelation make it wide, so that they raise no alarm. A deviation must be unlikely, large,
 * agreed on by all ideas that were good of late, and still going on.
 *
 * <p><b>What is one incident.</b> It is held against what was expected when it began, closes after
 * a calm stretch well inside the band, and is learned from by nobody. If it settles for hours it is
 * the new normal, and the trend moves there. After it closes the series is quiet for an hour,
 * unless it gets worse than it was.
 */
public final class Detector {
  private static final int[] WINDOW_MINUTES = {5, 10, 20, 40};
  private static final double[] UNLIKELY = {5.5, 5, 4.9, 5.3};
  private static final int FOLLOWED = 1;

  /** In the first week of a series so much more is asked for. */
  private static final double YOUNG = 1.1;

  private static final int DAY_MINUTES = 1_440;
  private static final int HOUR_MINUTES = 60;
  private static final int EPOCH_HOUR = 72;
  private static final double SUSPICIOUS = 3;
  private static final double SUSPICIOUS_PACE = 0.25;
  private static final int TREND_MINUTES = 3 * DAY_MINUTES;
  private static final double TREND_CLIP = 0.15;

  /** Colder than this nothing is said: values in a good part of the last two days. */
  private static final double ACTIVE = 0.38;

  private static final int ACTIVE_MINUTES = 2 * DAY_MINUTES;
  private static final int LONG_KNOWN_DAYS = 7;

  /** One day to learn the hours, and so much of another to learn how far off they are. */
  private static final int KNOWN_HOURS = 22;

  /** A window has power if it would show a drop by so much more than is asked for. */
  private static final double POWER = 1.3;

  private static final double USUALLY_PRESENT = 0.8;
  private static final int MISSING_MINUTES = 10;

  /** Against the slow levels alone: so deep that it need not be abrupt. */
  private static final double NEARLY_NOTHING = -0.85;

  private static final double MANY_TIMES = 4;

  private final DetectorOptions options;
  private final Yardstick yardstick;
  private final Profile profile = new Profile();
  private final Outlooks outlooks;
  private final Spread[] spreads = new Spread[WINDOW_MINUTES.length];

  /** While nothing is known of hours: the pattern of the day is in them. */
  private final Spread[] blindSpreads = new Spread[WINDOW_MINUTES.length];

  private final int[] windows = new int[WINDOW_MINUTES.length];
  private final Judgement[] judgements = new Judgement[WINDOW_MINUTES.length];
  private final boolean[] judged = new boolean[WINDOW_MINUTES.length];
  private final Incident incident;

  private long last = Long.MIN_VALUE;
  private long observed;
  private double activity;
  private double magnitude;
  private double trend;

  private long hour = Long.MIN_VALUE;
  private double hourSum;
  private int hourValues;
  private int hourBuckets;
  private boolean hourSpoiled;

  private int missing;
  private int pending;
  private int pendingSign;

  public Detector(DetectorOptions options) {
    this.options = options;
    yardstick = Yardstick.of(options.scale());
    int fewest = 1;
    for (int i = 0; i < windows.length; i++) {
      windows[i] = Math.max(fewest, options.buckets(WINDOW_MINUTES[i]));
      fewest = windows[i] * 2;
      spreads[i] = new Spread(HOUR_MINUTES / options.bucketMinutes());
      blindSpreads[i] = new Spread(HOUR_MINUTES / options.bucketMinutes());
      judgements[i] = new Judgement();
    }
    outlooks = new Outlooks(yardstick, profile, options, windows[windows.length - 1]);
    incident = new Incident(options, yardstick, windows[FOLLOWED]);
    trend = yardstick.log(yardstick.neutral());
  }

  /**
   * Takes in the next bucket. Buckets that are left out were not measured: they say nothing.
   *
   * @param bucket its number, counted from 1970: minutes divided by how many a bucket has
   * @param value NaN if it was measured, and there was nothing
   */
  public Verdict observe(long bucket, double value) {
    if (bucket <= last) {
      throw new IllegalArgumentException(
          "bucket %d does not follow bucket %d".formatted(bucket, last));
    }
    if (Double.isInfinite(value) || (options.scale() == Scale.COUNTS && value < 0)) {
      throw new IllegalArgumentException("no value of this scale: " + value);
    }
    skipTo(bucket);
    last = bucket;
    observed++;
    long minute = bucket * options.bucketMinutes();
    turnHour(Math.floorDiv(minute, HOUR_MINUTES));
    int weekHour = (int) Math.floorMod(hour + EPOCH_HOUR, (long) Profile.HOURS);
    double part =
        (Math.floorMod(minute, HOUR_MINUTES) + options.bucketMinutes() / 2.0) / HOUR_MINUTES;
    count(value);
    outlooks.add(incident.isOpen() ? Double.NaN : value, weekHour, part, yardstick.exp(trend));
    Verdict verdict = incident.isOpen() ? goOn(value) : judge(value, weekHour);
    if (incident.isOpen()) {
      hourSpoiled = true;
    }
    return verdict;
  }

  /** What was not measured is no silence. */
  private void skipTo(long bucket) {
    if (last == Long.MIN_VALUE || bucket == last + 1) {
      return;
    }
    outlooks.skip(bucket - last - 1);
    missing = 0;
    pending = 0;
  }

  private void turnHour(long now) {
    if (now == hour) {
      return;
    }
    int perHour = HOUR_MINUTES / options.bucketMinutes();
    if (!hourSpoiled && hourBuckets * 2 >= perHour) {
      int of = (int) Math.floorMod(hour + EPOCH_HOUR, (long) Profile.HOURS);
      double presence = (double) hourValues / hourBuckets;
      if (hourValues > 0) {
        double mean = yardstick.without(hourSum / hourValues, yardstick.exp(trend));
        profile.learn(of, mean, presence);
      }
    }
    hour = now;
    hourSum = 0;
    hourValues = 0;
    hourBuckets = 0;
    hourSpoiled = incident.isOpen();
  }

  private void count(double value) {
    boolean there = !Double.isNaN(value);
    boolean active = there && (options.scale() == Scale.VALUES || value > 0);
    activity +=
        ((active ? 1 : 0) - activity)
            * Math.min(1, (double) options.bucketMinutes() / ACTIVE_MINUTES);
    hourBuckets++;
    missing = there ? 0 : missing + 1;
    if (there) {
      incident.somethingCame();
      hourSum += value;
      hourValues++;
      double step = Math.max(1.0 / observed, (double) options.bucketMinutes() / DAY_MINUTES / 3);
      magnitude += (Math.abs(value) - magnitude) * step;
    }
  }

  /** Whether enough is known to say anything. */
  private boolean isWarm() {
    long minutes = observed * options.bucketMinutes();
    return minutes > DAY_MINUTES
        && !outlooks.isBlind()
        && spreads[0].hours() >= KNOWN_HOURS
        && (activity >= ACTIVE || minutes > (long) LONG_KNOWN_DAYS * DAY_MINUTES);
  }

  private Verdict judge(double value, int weekHour) {
    boolean usuallyThere = profile.presence(weekHour) >= USUALLY_PRESENT;
    int patience = Math.max(options.buckets(MISSING_MINUTES), minimumBuckets());
    if (missing >= patience && usuallyThere && isWarm() && incident.mayOpen(last, Kind.MISSING)) {
      return open(Kind.MISSING, missing, windows.length - 1);
    }
    int hourOfDay = weekHour % Profile.DAY;
    double floor = yardstick.floor(magnitude);
    boolean suspicious = false;
    for (int i = 0; i < windows.length; i++) {
      judged[i] = outlooks.judge(windows[i], magnitude, judgements[i]);
      if (judged[i]) {
        double spread = spread(i, hourOfDay, floor);
        suspicious |= Math.abs(judgements[i].agreedResidual) > SUSPICIOUS * spread;
      }
    }
    int found = isWarm() ? find(hourOfDay, floor) : -1;
    if (found >= 0) {
      double side = side(found);
      Kind kind = side > 0 ? Kind.SURGE : Kind.DROP;
      double share = Math.abs(side);
      if (incident.mayOpen(last, kind) || incident.isWorse(share)) {
        return open(kind, windows[found], found);
      }
    }
    learn(value, hourOfDay, suspicious);
    return normal(hourOfDay, floor);
  }

  /** The first window that tells of an incident, which has lasted long enough; -1 if none does. */
  private int find(int hourOfDay, double floor) {
    int found = -1;
    int sign = 0;
    for (int i = 0; i < windows.length && found < 0; i++) {
      double spread = spread(i, hourOfDay, floor);
      boolean deepOnly = i > FOLLOWED && hasPower(hourOfDay, floor);
      if (judged[i] && isOff(i, spread, deepOnly)) {
        found = i;
        sign = side(i) > 0 ? 1 : -1;
      }
    }
    if (found < 0 || sign != pendingSign) {
      pending = 0;
      pendingSign = sign;
    }
    if (found < 0) {
      return -1;
    }
    pending = pending == 0 ? windows[found] : pending + 1;
    return pending >= minimumBuckets() ? found : -1;
  }

  private double spread(int window, int hourOfDay, double floor) {
    Spread[] of = outlooks.isBlind() ? blindSpreads : spreads;
    return of[window].spread(hourOfDay, floor);
  }

  /** From which residual on a window is unlikely. */
  private double unlikely(int window, double spread) {
    double young = profile.learned() <= Profile.HOURS ? YOUNG : 1;
    return UNLIKELY[window] * options.sensitivity().factor() * young * spread;
  }

  /**
   * Whether a short window would show what is abrupt. Then longer ones are asked for what is deep
   * alone, as they would take what comes over hours for abrupt.
   */
  private boolean hasPower(int hourOfDay, double floor) {
    Judgement of = judgements[FOLLOWED];
    double drop = of.expected * (1 - Math.min(0.9, POWER * options.sensitivity().share()));
    return judged[FOLLOWED]
        && options.scale() == Scale.COUNTS
        && Math.abs(yardstick.residual(drop, of.expected, of.count))
            >= unlikely(FOLLOWED, spread(FOLLOWED, hourOfDay, floor));
  }

  /** How far a window is off, with its side: as all agree, or else against the slow levels. */
  private double side(int window) {
    Judgement of = judgements[window];
    return of.agreedShare != 0 ? of.agreedShare : of.slowShare;
  }

  private boolean isOff(int window, double spread, boolean deepOnly) {
    Judgement of = judgements[window];
    double unlikely = unlikely(window, spread);
    double large = options.sensitivity().share();
    boolean abrupt =
        !deepOnly && Math.abs(of.agreedResidual) >= unlikely && Math.abs(of.agreedShare) >= large;
    boolean deep =
        window == windows.length - 1
            && Math.abs(of.slowResidual) >= unlikely
            && (of.slowShare <= NEARLY_NOTHING || of.slowShare >= MANY_TIMES);
    double side = side(window);
    Judgement latest = judgements[0];
    double latestShare =
        judged[0] ? yardstick.share(latest.values, latest.expected, latest.count, magnitude) : 0;
    // With a long window the level of the last half hour has followed already.
    boolean goesOn = judged[0] && (latestShare * side > 0 || deep);
    return (abrupt || deep) && goesOn && options.direction().covers(side);
  }

  private int minimumBuckets() {
    return options.buckets(Math.max(1, options.minimum().toMinutes()));
  }

  private Verdict open(Kind kind, int buckets, int window) {
    int best = Math.max(0, outlooks.best());
    int before = kind == Kind.MISSING ? Math.min(missing, windows[window]) : windows[window];
    double level = outlooks.level(best, before);
    outlooks.freeze(before);
    outlooks.forget(buckets);
    double share = kind == Kind.MISSING ? 1 : Math.abs(side(window));
    incident.open(kind, last - buckets + 1, best, level, share);
    pending = 0;
    hourSpoiled = true;
    double expected = outlooks.expected(best, level);
    double value =
        kind == Kind.MISSING ? Double.NaN : judgements[window].values / judgements[window].count;
    return incident.verdict(Status.OPEN, value, expected);
  }

  private Verdict goOn(double value) {
    double expected = outlooks.expected(incident.outlook(), incident.level());
    Status status = incident.next(last, value, expected, magnitude);
    Verdict verdict = incident.verdict(status, incident.mean(), expected);
    if (status == Status.ADOPTED) {
      trend += incident.newLevel();
    }
    if (status != Status.OPEN) {
      outlooks.thaw();
    }
    return verdict;
  }

  private void learn(double value, int hourOfDay, boolean suspicious) {
    for (int i = 0; i < windows.length; i++) {
      if (judged[i]) {
        (outlooks.isBlind() ? blindSpreads : spreads)[i].learn(hourOfDay, judgements[i].learned);
      }
    }
    if (Double.isNaN(value)) {
      return;
    }
    double floor = yardstick.floor(magnitude);
    double spread = spread(FOLLOWED, hourOfDay, floor);
    outlooks.follow(windows[FOLLOWED], spread, suspicious ? SUSPICIOUS_PACE : 1);
    double clip = TREND_CLIP * (options.scale() == Scale.COUNTS ? 1 : Math.max(magnitude, 1e-9));
    trend += Math.clamp(outlooks.rest(), -clip, clip) * options.bucketMinutes() / TREND_MINUTES;
  }

  private Verdict normal(int hourOfDay, double floor) {
    Judgement of = judgements[0];
    Status status = isWarm() ? Status.NORMAL : Status.LEARNING;
    if (!judged[0]) {
      return new Verdict(status, Kind.NONE, Double.NaN, Double.NaN, Double.NaN, Double.NaN, last);
    }
    double unlikely = unlikely(0, spread(0, hourOfDay, floor));
    double margin = Math.abs(of.expected) * options.sensitivity().share();
    double low = Math.min(yardstick.bound(of.expected, of.count, -unlikely), of.expected - margin);
    double high = Math.max(yardstick.bound(of.expected, of.count, unlikely), of.expected + margin);
    incident.remember((high - of.expected) / of.count, (of.expected - low) / of.count);
    return new Verdict(
        status,
        Kind.NONE,
        of.values / of.count,
        of.expected / of.count,
        low / of.count,
        high / of.count,
        last - windows[0] + 1);
  }
}
