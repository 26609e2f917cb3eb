package dev.leat.event;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Platform threads and real time. */
final class RealThreads implements Threads {
  static final Threads INSTANCE = new RealThreads();

  private RealThreads() {}

  @Override
  public Thread unstarted(String name, Runnable task) {
    return Thread.ofPlatform().name(name).daemon().unstarted(task);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // The caller's loop, as with every condition.
  public long await(ReentrantLock lock, Condition condition, long nanos)
      throws InterruptedException {
    return condition.awaitNanos(nanos);
  }

  @Override
  public boolean join(Thread thread, Duration patience) throws InterruptedException {
    return thread.join(patience);
  }
}
