package dev.leat.trials;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What a simulation did: a number that two runs share if they chose and called the same in the same
 * order, and lines to read if somebody wants them. For one thread.
 */
final class Trace {
  private static final long PRIME = 0x100000001b3L;

  private final @Nullable PrintStream out;
  private long hash = 0xcbf29ce484222325L;
  private long events;

  private Trace(@Nullable PrintStream out) {
    this.out = out;
  }

  /** Only the number. */
  static Trace silent() {
    return new Trace(null);
  }

  /** Every call of the disk and every act of the workload, but not every choice. */
  static Trace to(PrintStream out) {
    return new Trace(out);
  }

  /** The scheduler took one of so many. */
  void choice(int taken, int of) {
    mix(taken);
    mix(of);
  }

  /** A simulated thread did something. */
  void act(long nanos, String what, String name, long number) {
    mix(nanos);
    mix(what.hashCode());
    mix(name.hashCode());
    mix(number);
    if (out != null) {
      out.printf(
          "%14.6f %-20s %-16s %s %s%n",
          nanos / 1e9,
          Thread.currentThread().getName(),
          what,
          name,
          number == 0 ? "" : Long.toString(number));
    }
  }

  private void mix(long value) {
    hash = (hash ^ value) * PRIME;
    hash ^= hash >>> 29;
    events++;
  }

  /** Equal for runs that did the same. */
  long hash() {
    return hash;
  }

  long events() {
    return events;
  }
}
