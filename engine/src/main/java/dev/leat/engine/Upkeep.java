package dev.leat.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Rolls results of metrics up into hours and days, and lets go of those that are too old: a thread
 * that looks now and then, and goes on without a pause while there is much to do.
 */
final class Upkeep implements Runnable {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final RollUp rollUp;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private boolean stopped; // guarded by lock

  Upkeep(RollUp rollUp) {
    this.rollUp = rollUp;
  }

  @Override
  public void run() {
    try {
      while (!awaitStop(LOOK_AGAIN)) {
        boolean more = true;
        while (more && !awaitStop(Duration.ZERO)) {
          more = rollUp.run();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread soon. Any thread. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitStop(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (!stopped && nanos > 0) {
        nanos = stopping.awaitNanos(nanos);
      }
      return stopped;
    } finally {
      lock.unlock();
    }
  }
}
