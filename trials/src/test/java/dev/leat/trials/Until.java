package dev.leat.trials;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for something that a server does by itself. */
final class Until {
  private static final long LOOK_MILLIS = 20;

  private Until() {}

  /**
   * Waits until it holds; how long that took.
   *
   * @throws AssertionError if it did not come to hold in time
   */
  static Duration holds(String what, Duration patience, Callable<Boolean> condition)
      throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new AssertionError(what + " did not happen in " + patience);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
