package dev.leat.engine;

import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.EventStore.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Decides when rows become durable, and sees that they do: one thread that asks every worker for
 * the rows it has shown, commits them with the offsets they reach, and lets the log go up to there.
 *
 * <p>Workers never wait for a commit, only for memory: while the rows of one commit are sealed,
 * they fill new chunks, up to {@link EngineOptions#maxUncommittedBytes}. A commit that fails keeps
 * its rows and is tried again, less and less often; the pause at the limit then travels to the
 * producers as a log that nobody releases.
 */
final class Checkpointer implements Runnable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final EngineOptions options;
  private final EventLog log;
  private final EventStore store;
  private final EngineCounts counts;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private long uncommittedBytes;
  private long bytesAtCut;
  private long round;
  private int awaited;
  private boolean requested;
  private boolean stopped;
  private List<Cut> gathered = new ArrayList<>();
  private String failure = "";

  // Read without the lock, once per batch; the lock decides.
  private volatile long openRound;
  private volatile boolean full;

  Checkpointer(EngineOptions options, EventLog log, EventStore store, EngineCounts counts) {
    this.options = options;
    this.log = log;
    this.store = store;
    this.counts = counts;
  }

  /** Commits now and then until stopped. */
  @Override
  public void run() {
    try {
      while (awaitReason()) {
        commit(gather());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called by a worker after a batch: so many bytes of log have become rows. */
  void added(long bytes) {
    lock.lock();
    try {
      uncommittedBytes += bytes;
      full = uncommittedBytes >= options.maxUncommittedBytes();
      if (uncommittedBytes - bytesAtCut >= options.commitBytes()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Called by a worker between batches: hands over its rows if a commit waits for them, and waits
   * while too much is uncommitted.
   *
   * @param lastRound what the worker's call before this one returned; 0 for the first
   * @return the round met, to be brought along the next time
   */
  long meet(long lastRound, Supplier<List<Cut>> cut) throws InterruptedException {
    if (openRound == lastRound && !full) {
      return lastRound;
    }
    lock.lockInterruptibly();
    try {
      long met = handOver(lastRound, cut);
      while (uncommittedBytes >= options.maxUncommittedBytes() && !stopped) {
        changed.await();
        met = handOver(met, cut);
      }
      return met;
    } finally {
      lock.unlock();
    }
  }

  private long handOver(long lastRound, Supplier<List<Cut>> cut) {
    if (round != lastRound) {
      gathered.addAll(cut.get());
      awaited--;
      changed.signalAll();
    }
    return round;
  }

  /**
   * Asks for a commit of everything shown so far and waits for it; false if it did not succeed in
   * time.
   */
  boolean commitNow(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      requested = true;
      changed.signalAll();
      long nanos = patience.toNanos();
      while (requested && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return !requested;
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why commits fail at present; empty if they do not. */
  String failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitReason() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = options.commitEvery().toNanos();
      while (!stopped && !requested && uncommittedBytes < options.commitBytes()) {
        if (nanos <= 0) {
          if (uncommittedBytes > 0) {
            break;
          }
          nanos = options.commitEvery().toNanos();
        }
        nanos = changed.awaitNanos(nanos);
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** Lets every worker hand over its rows, each at a moment that suits it. */
  private Gathered gather() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      gathered = new ArrayList<>();
      awaited = options.workers();
      boolean answersRequest = requested;
      round++;
      openRound = round;
      changed.signalAll(); // Workers that pause must meet this round, or it never ends.
      while (awaited > 0 && !stopped) {
        changed.await();
      }
      bytesAtCut = uncommittedBytes;
      return new Gathered(gathered, uncommittedBytes, answersRequest);
    } finally {
      lock.unlock();
    }
  }

  /** What one commit is made of. */
  private record Gathered(List<Cut> cuts, long bytes, boolean answersRequest) {}

  private void commit(Gathered gathered) throws InterruptedException {
    Duration retry = FIRST_RETRY;
    while (!isStopped()) {
      switch (store.commit(gathered.cuts())) {
        case Commit.Done done -> {
          counts.committed();
          succeed(gathered);
          return;
        }
        case Commit.Failed failed -> {
          counts.commitFailed();
          fail(failed.reason());
          pause(retry);
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
        }
      }
    }
  }

  private void succeed(Gathered gathered) {
    log.release(store.committed().stream().mapToLong(Long::longValue).min().orElse(0));
    lock.lock();
    try {
      failure = "";
      uncommittedBytes -= gathered.bytes();
      bytesAtCut = 0;
      full = uncommittedBytes >= options.maxUncommittedBytes();
      if (gathered.answersRequest()) {
        requested = false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(String reason) {
    lock.lock();
    try {
      failure = reason;
    } finally {
      lock.unlock();
    }
  }

  private void pause(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = time.toNanos();
      while (!stopped && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }
}
