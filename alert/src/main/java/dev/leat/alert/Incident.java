package dev.leat.alert;

import dev.leat.alert.Verdict.Kind;
import dev.leat.alert.Verdict.Status;
import java.util.Arrays;

/**
 * The incident of a series that is open, or was the last one: held against what was expected when
 * it began. For one thread.
 */
final class Incident {
  private static final int CALM_MINUTES = 15;
  private static final int QUIET_MINUTES = 60;
  private static final int ADOPT_MINUTES = 8 * 60;
  private static final int SILENCE_MINUTES = 7 * 1_440;
  private static final int SETTLED_MINUTES = 60;
  private static final int SETTLED_STRETCHES = 3;

  /** Stretches that are to be the new normal may differ by so much. */
  private static final double SETTLED = 0.3;

  private static final double SILENT = -0.9;
  private static final double WORSE = 1.25;

  private final DetectorOptions options;
  private final Yardstick yardstick;
  private final int shortly;
  private final double[] values;
  private final double[] expectations;
  private int seen;

  private Kind kind = Kind.NONE;
  private boolean open;
  private long since;
  private long quietUntil = Long.MIN_VALUE;
  private int outlook;
  private double level;
  private double worst;
  private int calm;
  private double above = Double.NaN;
  private double below = Double.NaN;

  Incident(DetectorOptions options, Yardstick yardstick, int shortly) {
    this.options = options;
    this.yardstick = yardstick;
    this.shortly = shortly;
    int settled = options.buckets(SETTLED_MINUTES) * SETTLED_STRETCHES;
    values = new double[Math.max(shortly, settled)];
    expectations = new double[values.length];
  }

  boolean isOpen() {
    return open;
  }

  int outlook() {
    return outlook;
  }

  double level() {
    return level;
  }

  /** Remembers the band of a bucket in which all was well. */
  void remember(double above, double below) {
    this.above = above;
    this.below = below;
  }

  /** There is a value again. */
  void somethingCame() {
    if (quietUntil == Long.MAX_VALUE) {
      quietUntil = Long.MIN_VALUE;
    }
  }

  /** Whether the series is not quiet after the last incident. */
  boolean mayOpen(long bucket, Kind next) {
    return bucket >= quietUntil || (next == Kind.MISSING && kind != Kind.MISSING);
  }

  /** Whether a deviation is clearly worse than the last incident was. */
  boolean isWorse(double share) {
    return share > worst * WORSE;
  }

  void open(Kind kind, long since, int outlook, double level, double share) {
    this.kind = kind;
    this.since = since;
    this.outlook = outlook;
    this.level = level;
    open = true;
    worst = share;
    calm = 0;
    seen = 0;
    Arrays.fill(values, Double.NaN);
    Arrays.fill(expectations, Double.NaN);
  }

  /** Takes in a bucket of the open incident. */
  Status next(long bucket, double value, double expected, double magnitude) {
    int at = seen % values.length;
    values[at] = value;
    expectations[at] = expected;
    seen++;
    boolean calmNow = kind == Kind.MISSING ? !Double.isNaN(value) : isInside(magnitude);
    calm = calmNow ? calm + 1 : 0;
    int enough = kind == Kind.MISSING ? shortly : options.buckets(CALM_MINUTES);
    if (calm >= enough) {
      return end(bucket, Status.ENDED);
    }
    long minutes = (bucket - since + 1) * options.bucketMinutes();
    boolean silent = kind == Kind.MISSING || !(share(values.length, magnitude) > SILENT);
    boolean settled = minutes >= ADOPT_MINUTES && !silent && isSettled(magnitude);
    if (settled || minutes >= SILENCE_MINUTES) {
      return end(bucket, Status.ADOPTED);
    }
    return Status.OPEN;
  }

  private Status end(long bucket, Status status) {
    open = false;
    quietUntil = bucket + options.buckets(QUIET_MINUTES);
    if (status == Status.ADOPTED && kind == Kind.MISSING) {
      quietUntil = Long.MAX_VALUE; // Until something comes again.
    }
    return status;
  }

  /** Well inside the band, over the last few buckets. */
  private boolean isInside(double magnitude) {
    double share = share(shortly, magnitude);
    boolean back = kind == Kind.DROP ? share > -half() : share < half();
    return seen >= shortly && back;
  }

  private double half() {
    return options.sensitivity().share() * 0.6;
  }

  /** How far the mean of the last buckets is off; NaN if there is none. */
  private double share(int buckets, double magnitude) {
    return share(0, buckets, magnitude);
  }

  private double share(int from, int to, double magnitude) {
    double sum = 0;
    double expected = 0;
    int count = 0;
    for (int ago = from; ago < Math.min(to, seen); ago++) {
      int at = Math.floorMod(seen - 1 - ago, values.length);
      if (!Double.isNaN(values[at]) && !Double.isNaN(expectations[at])) {
        sum += values[at];
        expected += expectations[at];
        count++;
      }
    }
    return count == 0 ? Double.NaN : yardstick.share(sum, expected, count, magnitude);
  }

  private boolean isSettled(double magnitude) {
    int stretch = values.length / SETTLED_STRETCHES;
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
    for (int i = 0; i < SETTLED_STRETCHES; i++) {
      double share = share(i * stretch, (i + 1) * stretch, magnitude);
      if (Double.isNaN(share)) {
        return false;
      }
      least = Math.min(least, share);
      most = Math.max(most, share);
    }
    return most - least <= SETTLED * Math.max(0.3, 1 + (most + least) / 2);
  }

  /** By how much the trend has to move to where the series is now, as levels add up. */
  double newLevel() {
    double sum = 0;
    double expected = 0;
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i]) && !Double.isNaN(expectations[i])) {
        sum += values[i];
        expected += expectations[i];
        count++;
      }
    }
    if (count == 0) {
      return 0;
    }
    double fresh = yardstick.level(sum, expected, count, yardstick.neutral(), 0);
    return yardstick.log(fresh) - yardstick.log(yardstick.neutral());
  }

  /** The mean of the last few values; NaN if there is none. */
  double mean() {
    double sum = 0;
    int count = 0;
    for (int ago = 0; ago < Math.min(shortly, seen); ago++) {
      double value = values[Math.floorMod(seen - 1 - ago, values.length)];
      if (!Double.isNaN(value)) {
        sum += value;
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  Verdict verdict(Status status, double value, double expected) {
    double low = Double.isNaN(below) ? Double.NaN : expected - below;
    double high = Double.isNaN(above) ? Double.NaN : expected + above;
    if (options.scale() == Scale.COUNTS) {
      low = Math.max(0, low);
    }
    return new Verdict(status, kind, value, expected, low, high, since);
  }
}
