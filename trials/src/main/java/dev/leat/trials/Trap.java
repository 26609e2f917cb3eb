package dev.leat.trials;

import dev.leat.trials.Point.Op;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What happens at the nth operation of a {@link Point}, once.
 *
 * @param nth counted from 1
 */
record Trap(Point point, int nth, Effect effect) {
  /** A process that ended in a trap says so by this exit code. */
  static final int HALTED = 91;

  /** What a server prints when it runs into a trap and lives on. */
  static final String SPRUNG = "torture: sprung ";

  private static final Duration SLOW = Duration.ofSeconds(3);

  /** What goes wrong. */
  enum Effect {
    HALT_BEFORE,
    HALT_HALFWAY,
    HALT_AFTER,
    EIO,
    SHORT,
    ENOSPC,
    SLOW;

    boolean halts() {
      return this == HALT_BEFORE || this == HALT_HALFWAY || this == HALT_AFTER;
    }
  }

  /** As an argument of a command line. */
  String text() {
    return point + ":" + nth + ":" + effect;
  }

  static Trap parse(String text) {
    String[] parts = text.toUpperCase(Locale.ROOT).split(":", -1);
    return new Trap(Point.valueOf(parts[0]), Integer.parseInt(parts[1]), Effect.valueOf(parts[2]));
  }

  /** A tap that waits for the moment. */
  Tap arm(Thread opener) {
    AtomicInteger seen = new AtomicInteger();
    return (op, name, work, half) -> {
      if (Point.of(op, name, opener) != point || seen.incrementAndGet() != nth) {
        work.run();
        return;
      }
      if (!effect.halts()) {
        System.out.println(SPRUNG + text() + " at " + op + " " + name);
        System.out.flush();
      }
      spring(op, name, work, half);
    };
  }

  private void spring(Op op, String name, Tap.Work work, Tap.Work half) throws IOException {
    switch (effect) {
      case HALT_BEFORE -> Runtime.getRuntime().halt(HALTED);
      case HALT_HALFWAY -> {
        half.run();
        Runtime.getRuntime().halt(HALTED);
      }
      case HALT_AFTER -> {
        work.run();
        Runtime.getRuntime().halt(HALTED);
      }
      case EIO -> throw new IOException("%s of %s: Input/output error".formatted(op, name));
      case SHORT -> {
        half.run();
        throw new IOException("%s of %s: Input/output error after a part".formatted(op, name));
      }
      case ENOSPC -> throw new IOException("%s of %s: No space left on device".formatted(op, name));
      case SLOW -> {
        pause();
        work.run();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(SLOW);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", hurried);
    }
  }
}
