package dev.leat.trials;

import dev.leat.trials.Trap.Effect;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/** What is done to a server in one cycle. */
sealed interface TortureFault {
  /** Ends the process, as {@code kill -9}, after so long under load. */
  record Kill(int afterMillis) implements TortureFault {}

  /** Halts, or breaks the disk, at an operation; kills if that does not come soon. */
  record At(Trap trap) implements TortureFault {}

  /** Kills it again and again while it starts. */
  record Restart(List<Integer> afterMillis) implements TortureFault {}

  /** Cuts the power of its disk. */
  record Power(int afterMillis) implements TortureFault {}

  /** Stops it for a while, lets it go on, then kills it. */
  record Pause(int millis) implements TortureFault {}

  /** Sets its clock, several times, then kills it. */
  record Clock(String steps) implements TortureFault {}

  /** Fills its disk, makes room again, then kills it. */
  record Full() implements TortureFault {}

  /** Lets the kernel fail a call, seen from the server. */
  record Trace(String call, int nth, String error) implements TortureFault {}

  /** Starts another in the same directory, then kills the first. */
  record Second() implements TortureFault {}

  /** Its kind, as in {@code --kinds}. */
  default Kind kind() {
    return switch (this) {
      case Kill _ -> Kind.KILL;
      case At at -> at.trap().effect().halts() ? Kind.HALT : Kind.ERROR;
      case Restart _ -> Kind.RESTART;
      case Power _ -> Kind.POWER;
      case Pause _ -> Kind.PAUSE;
      case Clock _ -> Kind.CLOCK;
      case Full _ -> Kind.FULL;
      case Trace _ -> Kind.TRACE;
      case Second _ -> Kind.SECOND;
    };
  }

  /** Kinds of faults, and how often each is chosen against the others. */
  enum Kind {
    KILL(30),
    HALT(40),
    ERROR(12),
    RESTART(8),
    POWER(0),
    PAUSE(2),
    CLOCK(0),
    FULL(0),
    TRACE(3),
    SECOND(1);

    /** 0 for those that need a directory of their own kind. */
    final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Any fault of a kind.
   *
   * @param visits how often a point was hit so far, so that rare ones get their turn
   */
  static TortureFault any(Kind kind, SplittableRandom chance, ToIntFunction<Point> visits) {
    return switch (kind) {
      case KILL -> new Kill(300 + chance.nextInt(1_700));
      case HALT -> new At(halt(chance, visits));
      case ERROR -> new At(error(chance));
      case RESTART ->
          new Restart(List.of(chance.nextInt(3_000), chance.nextInt(3_000), chance.nextInt(3_000)));
      case POWER -> new Power(300 + chance.nextInt(1_700));
      case PAUSE -> new Pause(2_000 + chance.nextInt(chance.nextInt(4) == 0 ? 18_000 : 3_000));
      case CLOCK -> new Clock(steps(chance));
      case FULL -> new Full();
      case TRACE ->
          new Trace(chance.nextInt(3) == 0 ? "fsync" : "fdatasync", 1 + chance.nextInt(80), "EIO");
      case SECOND -> new Second();
    };
  }

  private static Trap halt(SplittableRandom chance, ToIntFunction<Point> visits) {
    List<Effect> effects = List.of(Effect.HALT_BEFORE, Effect.HALT_HALFWAY, Effect.HALT_AFTER);
    Point one = point(chance);
    Point other = point(chance);
    // Of two, the one that was seen less.
    Point point = visits.applyAsInt(one) <= visits.applyAsInt(other) ? one : other;
    return new Trap(point, nth(point, chance), effects.get(chance.nextInt(effects.size())));
  }

  private static Trap error(SplittableRandom chance) {
    List<Effect> effects = List.of(Effect.EIO, Effect.SHORT, Effect.ENOSPC, Effect.SLOW);
    Point point = point(chance);
    return new Trap(point, nth(point, chance), effects.get(chance.nextInt(effects.size())));
  }

  private static Point point(SplittableRandom chance) {
    List<Point> points = List.of(Point.values());
    return points.get(chance.nextInt(points.size()));
  }

  private static int nth(Point point, SplittableRandom chance) {
    return switch (point) {
      case APPEND, APPEND_FORCED -> 1 + chance.nextInt(200);
      case SEAL, CHECKPOINT, COMPACT, DELETE -> 1 + chance.nextInt(30);
      case ROLL -> 1 + chance.nextInt(12);
      case COMMIT -> 1 + chance.nextInt(10);
      case RECOVER -> 1 + chance.nextInt(20);
      case RECYCLE -> 1;
    };
  }

  private static String steps(SplittableRandom chance) {
    long hour = 3_600;
    long year = 365 * 24 * hour;
    // 2038-01-19 is some years ahead: past the end of 32 bits of seconds.
    long[] wrongs = {hour, -hour, year, -year, 12 * year, 0};
    StringBuilder steps = new StringBuilder("0/" + wrongs[chance.nextInt(wrongs.length)]);
    for (int after = 2_500; after < 7_000; after += 800 + chance.nextInt(1_500)) {
      steps.append(',').append(after).append('/').append(wrongs[chance.nextInt(wrongs.length)]);
    }
    return steps.toString();
  }
}
