package dev.leat.log;

import dev.leat.event.Threads;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far the log is durable, and who waits for more. */
final class Tail {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Threads threads;
  private volatile long nextOffset;
  private volatile boolean closed;

  Tail(long nextOffset, Threads threads) {
    this.nextOffset = nextOffset;
    this.threads = threads;
  }

  long nextOffset() {
    return nextOffset;
  }

  boolean isClosed() {
    return closed;
  }

  /** Everything below is durable now. */
  void moveTo(long offset) {
    lock.lock();
    try {
      nextOffset = offset;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the event with this offset is durable; returns what is left of the patience, 0 if
   * nothing came.
   */
  long await(long offset, long patienceNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patienceNanos;
      while (nextOffset <= offset) {
        if (left <= 0 || closed) {
          return 0;
        }
        left = threads.await(lock, moved, left);
      }
      return Math.max(left, 1);
    } finally {
      lock.unlock();
    }
  }
}
