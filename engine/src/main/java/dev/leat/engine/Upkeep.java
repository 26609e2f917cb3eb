package dev.leat.engine;

import dev.leat.event.Threads;
import java.time.Duration;

/**
 * Rolls results of metrics up into hours and days, and lets go of those that are too old: a thread
 * that looks now and then, and goes on without a pause while there is much to do.
 */
final class Upkeep implements Runnable {
  private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final RollUp rollUp;
  private final CellStore store;
  private final StopSignal stop;

  Upkeep(RollUp rollUp, CellStore store, Threads threads) {
    this.stop = new StopSignal(threads);
    this.rollUp = rollUp;
    this.store = store;
  }

  @Override
  public void run() {
    try {
      while (!stop.await(LOOK_AGAIN)) {
        boolean more = true;
        while (more && !stop.isGiven()) {
          more = round();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there is more to do at once: not before what was made is on its way into a commit. */
  private boolean round() {
    try {
      return rollUp.run() && !store.hasRequests();
    } catch (RuntimeException failed) {
      // Coarser results come later; what counts events must go on.
      LOG.log(
          System.Logger.Level.WARNING,
          "results of metrics could not be rolled up; it is tried again in %d s"
              .formatted(LOOK_AGAIN.toSeconds()),
          failed);
      return false;
    }
  }

  /** Ends the thread soon. Any thread. */
  void stop() {
    stop.give();
  }
}
