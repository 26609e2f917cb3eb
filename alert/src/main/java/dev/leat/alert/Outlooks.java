package dev.leat.alert;

import dev.leat.alert.Recent.Sums;
import java.util.Arrays;

/**
 * Several ideas of what is usual now, each with a level of its own: the same hour of the week, the
 * same hour of each of the six days before, the same hour of any day, and, while history is short,
 * that nothing changes. A day that looks like another one is explained by one of them. For one
 * thread.
 *
 * <p>Each is scaled by its level: that of the last half hour, which follows whatever comes slowly,
 * drawn towards one that takes six hours to follow. One that has erred much more than the best of
 * them of late is not asked.
 */
final class Outlooks {
  static final int COUNT = 9;
  private static final int ANY_DAY = 7;
  private static final int UNCHANGED = 8;
  private static final int DAYS = 7;

  private static final int SLOW_MINUTES = 360;
  private static final int ERROR_MINUTES = 120;
  private static final int LEVEL_MINUTES = 30;
  private static final int PRIOR_MINUTES = 10;
  private static final double MUCH_WORSE = 1.6;
  private static final double WORSE = 0.5;
  private static final double WORST_ERROR = 6;
  private static final double MUCH = 2;
  private static final double UNCHANGED_FASTER = 8;

  private final Yardstick yardstick;
  private final Profile profile;
  private final Recent recent;
  private final int before;
  private final double prior;
  private final double slowStep;
  private final double errorStep;
  private final double[] said = new double[COUNT];
  private final double[] slow = new double[COUNT];
  private final double[] errors = new double[COUNT];
  private final boolean[] known = new boolean[COUNT];
  private final double[] frozen = new double[COUNT];
  private final Sums now = new Sums();
  private final Sums past = new Sums();

  /** What all that are plausible say of a window. Reused. */
  static final class Judgement {
    /** Of the outlook that is trusted most: what is expected of the window, in sum. */
    double expected;

    double values;
    int count;

    /** Its residual against the level of the half hour before. */
    double residual;

    /** What is to be learned from: in the first week the nearer one of that and "no change". */
    double learned;

    /** The residual and share that all agree on at least; 0 if they don't. */
    double agreedResidual;

    double agreedShare;

    /** The same against the slow levels alone. */
    double slowResidual;

    double slowShare;
  }

  Outlooks(Yardstick yardstick, Profile profile, DetectorOptions options, int longestWindow) {
    this.yardstick = yardstick;
    this.profile = profile;
    before = Math.max(options.buckets(LEVEL_MINUTES), 6);
    prior = Math.max(1.0, (double) PRIOR_MINUTES / options.bucketMinutes());
    slowStep = Math.min(0.2, (double) options.bucketMinutes() / SLOW_MINUTES);
    errorStep = Math.min(0.25, (double) options.bucketMinutes() / ERROR_MINUTES);
    recent = new Recent(before + longestWindow, COUNT);
    Arrays.fill(slow, yardstick.log(yardstick.neutral()));
  }

  /**
   * Takes in a bucket.
   *
   * @param value NaN to leave it out
   * @param hour of the week
   * @param part of the hour
   * @param trend the level of everything
   */
  void add(double value, int hour, double part, double trend) {
    for (int i = 0; i < DAYS; i++) {
      said[i] = profile.at(Math.floorMod(hour - i * Profile.DAY, Profile.HOURS), part);
    }
    said[ANY_DAY] = profile.inDay(hour, part);
    said[UNCHANGED] = profile.learned() > Profile.HOURS ? Double.NaN : yardstick.neutral();
    for (int i = 0; i < COUNT; i++) {
      said[i] = yardstick.scaled(said[i], trend);
    }
    recent.add(value, said);
  }

  /** So many buckets were not measured. */
  void skip(long buckets) {
    Arrays.fill(said, Double.NaN);
    for (long i = 0; i < Math.min(buckets, recent.size()); i++) {
      recent.add(Double.NaN, said);
    }
  }

  void forget(int buckets) {
    recent.forget(buckets);
  }

  /** What is expected of the last bucket at a level of one of them; NaN if it says nothing. */
  double expected(int outlook, double level) {
    return yardstick.scaled(said[outlook], level);
  }

  /** The level of the stretch before a window, for one of them. */
  double level(int outlook, int window) {
    double slowLevel = yardstick.exp(slow[outlook]);
    return recent.sum(outlook, window, window + before, past)
        ? yardstick.level(past.values, past.profile, past.count, slowLevel, prior)
        : slowLevel;
  }

  /**
   * The one that knows of hours and erred least of late; that of the same hour of the week if it is
   * about as good.
   */
  int best() {
    int best = -1;
    for (int i = 0; i < UNCHANGED; i++) {
      if (known[i] && (best < 0 || errors[i] < errors[best])) {
        best = i;
      }
    }
    if (best < 0) {
      return known[UNCHANGED] ? UNCHANGED : -1;
    }
    return known[0] && errors[0] < errors[best] * 1.2 + 0.1 ? 0 : best;
  }

  /** In the first week nobody knows what a weekend is like: that nothing changes counts too. */
  private boolean isPlausible(int outlook, int best) {
    boolean good = errors[outlook] <= errors[best] * MUCH_WORSE + WORSE;
    boolean mayBe = outlook == UNCHANGED && errors[outlook] <= errors[best] + MUCH;
    return known[outlook] && (good || mayBe);
  }

  /** Whether nothing is known of hours yet. */
  boolean isBlind() {
    return best() == UNCHANGED;
  }

  /** Takes the levels before a window for those to go on with when the incident is over. */
  void freeze(int window) {
    for (int i = 0; i < COUNT; i++) {
      frozen[i] = yardstick.log(level(i, window));
    }
  }

  /** Goes on with the levels from before the incident. */
  void thaw() {
    System.arraycopy(frozen, 0, slow, 0, COUNT);
  }

  /**
   * Judges the last buckets.
   *
   * @return false if there is too little to say anything
   */
  boolean judge(int window, double magnitude, Judgement into) {
    int best = best();
    into.residual = 0;
    into.agreedResidual = 0;
    into.agreedShare = 0;
    into.slowResidual = 0;
    into.slowShare = 0;
    if (best < 0 || !judge(best, window, magnitude, into, true)) {
      return false;
    }
    for (int i = 0; i < COUNT; i++) {
      if (i != best && isPlausible(i, best)) {
        judge(i, window, magnitude, into, false);
      }
    }
    return true;
  }

  private boolean judge(
      int outlook, int window, double magnitude, Judgement into, boolean isFirst) {
    double level = level(outlook, window);
    if (!recent.sum(outlook, 0, window, now) || now.count * 2 < window || now.count == 0) {
      return false;
    }
    double expected = yardstick.expected(now.profile, level, now.count);
    double slowly = yardstick.expected(now.profile, yardstick.exp(slow[outlook]), now.count);
    double residual = yardstick.residual(now.values, expected, now.count);
    double slowResidual = yardstick.residual(now.values, slowly, now.count);
    double share = yardstick.share(now.values, expected, now.count, magnitude);
    double slowShare = yardstick.share(now.values, slowly, now.count, magnitude);
    // Half as much is enough against the slow level: the day may be a little off as a whole. "No
    // change" has none that means anything.
    boolean settled = outlook != UNCHANGED;
    double both = settled ? agree(residual, 2 * slowResidual) : residual;
    double bothShare = settled ? agree(share, 2 * slowShare) : share;
    if (isFirst) {
      into.expected = expected;
      into.values = now.values;
      into.count = now.count;
      into.residual = residual;
      into.learned = residual;
      into.agreedResidual = both;
      into.agreedShare = bothShare;
      into.slowResidual = slowResidual;
      into.slowShare = slowShare;
    } else {
      if (outlook == UNCHANGED && Math.abs(residual) < Math.abs(into.learned)) {
        into.learned = residual;
      }
      into.agreedResidual = agree(into.agreedResidual, both);
      into.agreedShare = agree(into.agreedShare, bothShare);
      into.slowResidual = agree(into.slowResidual, slowResidual);
      into.slowShare = agree(into.slowShare, slowShare);
    }
    return true;
  }

  /** The one nearer to 0, or 0 if they lie on different sides of it. */
  private static double agree(double one, double other) {
    if (one * other <= 0) {
      return 0;
    }
    return Math.abs(one) < Math.abs(other) ? one : other;
  }

  /**
   * Follows what came: levels and errors.
   *
   * @param window the last buckets
   * @param spread of residuals over the window
   * @param pace of the slow levels; 1 unless something seems wrong
   */
  void follow(int window, double spread, double pace) {
    for (int i = 0; i < COUNT; i++) {
      boolean says = recent.sum(i, 0, window, now) && now.count * 2 >= window;
      if (!says) {
        known[i] &= !Double.isNaN(said[i]);
        continue;
      }
      double level = yardstick.level(now.values, now.profile, now.count, yardstick.exp(slow[i]), 0);
      double log = yardstick.log(level);
      if (!known[i]) {
        known[i] = true;
        slow[i] = log;
        errors[i] = 1;
        continue;
      }
      double before = level(i, window);
      recent.sum(i, 0, window, now);
      double off =
          yardstick.residual(
              now.values, yardstick.expected(now.profile, before, now.count), now.count);
      errors[i] += errorStep * (Math.min(Math.abs(off) / spread, WORST_ERROR) - errors[i]);
      // Whoever says that nothing changes must not remember the morning.
      double step = i == UNCHANGED ? Math.min(0.5, slowStep * UNCHANGED_FASTER) : slowStep;
      slow[i] += pace * step * (log - slow[i]);
    }
  }

  /** By how much the trend should move to bring the level of the same hour of the week to rest. */
  double rest() {
    return known[0] ? slow[0] - yardstick.log(yardstick.neutral()) : 0;
  }
}
