package dev.leat.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far rows are published, and who waits for it. Any thread. */
final class Visibility {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long next;

  Visibility(long next) {
    this.next = next;
  }

  /** After the rows were published: who sees the offset sees the rows. */
  void publish(long nextOffset) {
    next = nextOffset;
    // Either this sees the waiting, or the one about to wait sees the offset: both are volatile.
    if (waiting.get() > 0) {
      lock.lock();
      try {
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The offset below which everything is published. */
  long offset() {
    return next;
  }

  boolean await(long nextOffset, Duration patience) throws InterruptedException {
    if (next >= nextOffset) {
      return true;
    }
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      while (next < nextOffset) {
        if (nanos <= 0) {
          return false;
        }
        nanos = moved.awaitNanos(nanos);
      }
      return true;
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }
}
