package dev.leat.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** How far each shard has published, and who waits for it. Any thread. */
final class Visibility {
  private final AtomicLongArray next;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();

  Visibility(List<Long> offsets) {
    next = new AtomicLongArray(offsets.size());
    for (int shard = 0; shard < offsets.size(); shard++) {
      next.set(shard, offsets.get(shard));
    }
  }

  /** After the rows were published: who sees the offset sees the rows. */
  void publish(int shard, long nextOffset) {
    next.set(shard, nextOffset);
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

  /** The offset below which all shards have published everything. */
  long offset() {
    long lowest = next.get(0);
    for (int shard = 1; shard < next.length(); shard++) {
      lowest = Math.min(lowest, next.get(shard));
    }
    return lowest;
  }

  boolean await(long nextOffset, Duration patience) throws InterruptedException {
    if (offset() >= nextOffset) {
      return true;
    }
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    lock.lockInterruptibly();
    try {
      waiting.incrementAndGet();
      while (offset() < nextOffset) {
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
