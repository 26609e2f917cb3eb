package dev.leat.event;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where the house's own threads come from and how time passes for them, so that a simulation can
 * stand in for both: whoever starts a thread, reads a ticker or waits with a limit asks here. Safe
 * for use by several threads.
 *
 * <p>Waits without a limit need nothing of this, nor do locks. What time of day it is says an
 * {@link java.time.InstantSource}.
 */
public interface Threads {
  /** Platform threads and real time. */
  static Threads real() {
    return RealThreads.INSTANCE;
  }

  /** A named daemon thread that is not started yet. */
  Thread unstarted(String name, Runnable task);

  /** Starts a named daemon thread. */
  default Thread start(String name, Runnable task) {
    Thread thread = unstarted(name, task);
    thread.start();
    return thread;
  }

  /** Nanoseconds since an arbitrary moment. */
  long nanoTime();

  /**
   * Waits for a signal of the condition, at most so long; may return without a reason, as all such
   * waits. The caller holds the lock.
   *
   * @return what is left of the time, in nanoseconds; zero or less if it is over
   */
  long await(ReentrantLock lock, Condition condition, long nanos) throws InterruptedException;

  /** Waits for the end of a thread, at most so long; whether it has ended. */
  boolean join(Thread thread, Duration patience) throws InterruptedException;
}
