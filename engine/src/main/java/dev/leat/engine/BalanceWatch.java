package dev.leat.engine;

import dev.leat.event.Balance;
import dev.leat.event.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Draws the balance again and again, and says so when it stops or begins to hold. */
final class BalanceWatch implements Runnable {
  private static final System.Logger LOG = System.getLogger(BalanceWatch.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final BalanceSheet sheet;
  private final StopSignal stop;
  private volatile @Nullable Balance last;

  BalanceWatch(BalanceSheet sheet, Threads threads) {
    this.stop = new StopSignal(threads);
    this.sheet = sheet;
  }

  @Override
  public void run() {
    try {
      do {
        look();
      } while (!stop.await(EVERY));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What does not add up; empty if all does. Any thread. */
  String gap() {
    Balance seen = last;
    return seen == null ? "" : seen.detail();
  }

  private void look() {
    String before = gap();
    Balance now = sheet.draw();
    last = now;
    if (!now.detail().equals(before)) {
      if (now.balanced()) {
        LOG.log(Level.INFO, "the balance holds again");
      } else {
        LOG.log(Level.ERROR, "the balance does not hold: {0}", now.detail());
      }
    }
  }

  void stop() {
    stop.give();
  }
}
