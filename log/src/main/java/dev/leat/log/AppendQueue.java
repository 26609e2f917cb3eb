package dev.leat.log;

import dev.leat.event.EventLog.Append;
import dev.leat.event.Threads;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Batches between the appenders and the one writer, bounded by their bytes. */
final class AppendQueue {
  /**
   * A commit takes milliseconds; who is told to wait should not be back before the queue is worked
   * off.
   */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * Where so many waited for the same commit, the next begins no sooner after it than this: a
   * commit costs the same for ten as for one, and those that were just answered are about to bring
   * more. It takes eight thousand appends a second to keep this up; fewer are never kept waiting.
   */
  private static final long GATHER_NANOS = 1_000_000;

  private static final int COMPANY = 8;

  private final long maximumBytes;
  private final int softBytes;
  private final Threads threads;
  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to do for a writer that waits for anything at all. */
  private final Condition changed = lock.newCondition();

  /** There is no point in gathering any longer. */
  private final Condition enough = lock.newCondition();

  private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long takenAt;
  private int taken;
  private boolean woken;
  private @Nullable String closedBecause;

  /**
   * @param maximumBytes what may wait
   * @param softBytes what one commit takes at most, or one append if that is larger
   */
  AppendQueue(long maximumBytes, int softBytes, Threads threads) {
    this.maximumBytes = maximumBytes;
    this.softBytes = softBytes;
    this.threads = threads;
  }

  /** Puts it at the end, or answers at once why not. */
  void offer(PendingAppend append) {
    Append refusal = put(append);
    if (refusal != null) {
      append.answer(refusal);
    }
  }

  private @Nullable Append put(PendingAppend append) {
    lock.lock();
    try {
      if (closedBecause != null) {
        return new Append.Closed(closedBecause);
      }
      if (waitingBytes + append.batch.length() > maximumBytes) {
        return new Append.Overloaded(RETRY_AFTER);
      }
      waiting.add(append);
      waitingBytes += append.batch.length();
      changed.signal();
      if (waitingBytes >= softBytes) {
        enough.signal();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves what waits into {@code group}, as much as suits one commit; waits a while if there is
   * none.
   */
  void take(List<PendingAppend> group, long patienceNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patienceNanos;
      while (waiting.isEmpty() && !woken && closedBecause == null && left > 0) {
        left = threads.await(lock, changed, left);
      }
      woken = false;
      gather();
      long bytes = 0;
      for (PendingAppend next = waiting.peek();
          next != null && (bytes == 0 || bytes + next.batch.length() <= softBytes);
          next = waiting.peek()) {
        waiting.remove();
        waitingBytes -= next.batch.length();
        if (next.claim()) {
          group.add(next);
          bytes += next.batch.length();
        }
      }
      takenAt = threads.nanoTime();
      taken = group.size();
    } finally {
      lock.unlock();
    }
  }

  /** Lets more come in for a moment, where many came last time. */
  private void gather() throws InterruptedException {
    if (taken < COMPANY || waiting.isEmpty()) {
      return;
    }
    long left = takenAt + GATHER_NANOS - threads.nanoTime();
    while (left > 0 && waitingBytes < softBytes && closedBecause == null) {
      left = threads.await(lock, enough, left);
    }
  }

  /** Ends the writer's wait, because there is something else to do. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Answers everything that waits or comes later; the first reason stays. */
  void close(String reason) {
    List<PendingAppend> left;
    lock.lock();
    try {
      if (closedBecause == null) {
        closedBecause = reason;
      }
      left = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
      changed.signal();
      enough.signal();
    } finally {
      lock.unlock();
    }
    left.forEach(each -> each.answer(new Append.Closed(reason)));
  }

  /** Why nothing more is taken; null while the queue is open. */
  @Nullable String closedBecause() {
    lock.lock();
    try {
      return closedBecause;
    } finally {
      lock.unlock();
    }
  }
}
