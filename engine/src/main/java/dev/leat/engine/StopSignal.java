package dev.leat.engine;

import dev.leat.event.Threads;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends the pauses of a thread that does something now and then, and tells it to stop. Any thread.
 */
final class StopSignal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private final Threads threads;
  private boolean stopped; // guarded by lock

  StopSignal(Threads threads) {
    this.threads = threads;
  }

  /** Waits so long at most; whether the signal has been given. */
  boolean await(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = patience.toNanos();
      while (!stopped && nanos > 0) {
        nanos = threads.await(lock, given, nanos);
      }
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  boolean isGiven() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  void give() {
    lock.lock();
    try {
      stopped = true;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
