package dev.leat.engine;

import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import dev.leat.event.EventStore.Commit;
import dev.leat.event.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides when rows become durable, and sees that they do: one thread that asks the worker for a
 * checkpoint, commits it, and lets the log go up to there, though from the oldest version that can
 * be gone back to on only where it has no room.
 *
 * <p>The worker never waits for a commit, only for memory: while the rows of one commit are sealed
 * it fills new chunks, up to {@link EngineOptions#maxUncommittedBytes}. A commit that fails keeps
 * its rows and is tried again, less and less often; the pause at the limit then travels to the
 * producers as a log that nobody releases.
 */
final class Checkpointer implements Runnable {
  private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  private final EngineOptions options;
  private final EventLog log;
  private final EventStore store;
  private final StateStore memory;
  private final CellStore cells;
  private final LiveMetrics live;
  private final EngineCounts counts;
  private final Reserve reserve;
  private final Threads threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private long uncommittedBytes;
  private long bytesAtCut;
  private boolean requested;
  private boolean stopped;
  private @Nullable Checkpoint handedOver;
  private String failure = "";

  // Read without the lock, once per batch; the lock decides.
  private volatile boolean wanted;
  private volatile boolean full;

  Checkpointer(
      EngineOptions options,
      EventLog log,
      EventStore store,
      StateStore memory,
      CellStore cells,
      LiveMetrics live,
      EngineCounts counts,
      Reserve reserve,
      Threads threads) {
    this.options = options;
    this.log = log;
    this.store = store;
    this.memory = memory;
    this.cells = cells;
    this.live = live;
    this.counts = counts;
    this.reserve = reserve;
    this.threads = threads;
  }

  /** Commits now and then until stopped. */
  @Override
  public void run() {
    try {
      while (awaitReason()) {
        Gathered gathered = gather();
        if (gathered != null) {
          commit(gathered);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Called by the worker after a batch: so many bytes of log were dealt with. */
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
   * Called by the worker between batches: hands over a checkpoint if a commit waits for one, and
   * waits while too much is uncommitted.
   */
  void meet(Supplier<Checkpoint> checkpoint) throws InterruptedException {
    if (!wanted && !full) {
      return;
    }
    lock.lockInterruptibly();
    try {
      handOver(checkpoint);
      while (uncommittedBytes >= options.maxUncommittedBytes() && !stopped) {
        changed.await();
        handOver(checkpoint);
      }
    } finally {
      lock.unlock();
    }
  }

  private void handOver(Supplier<Checkpoint> checkpoint) {
    if (wanted) {
      handedOver = checkpoint.get();
      wanted = false;
      changed.signalAll();
    }
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
        nanos = threads.await(lock, changed, nanos);
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

  /** Bytes of log that were dealt with and are in no commit yet. */
  long uncommittedBytes() {
    lock.lock();
    try {
      return uncommittedBytes;
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
          if (uncommittedBytes > 0 || cells.hasRequests()) {
            break;
          }
          nanos = options.commitEvery().toNanos();
        }
        nanos = threads.await(lock, changed, nanos);
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** A checkpoint at a moment that suits the worker; null if all was stopped before. */
  private @Nullable Gathered gather() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean answersRequest = requested;
      wanted = true;
      changed.signalAll(); // A worker that pauses must hear of it, or it pauses for ever.
      while (wanted && !stopped) {
        changed.await();
      }
      Checkpoint checkpoint = handedOver;
      handedOver = null;
      bytesAtCut = uncommittedBytes;
      return checkpoint == null ? null : new Gathered(checkpoint, uncommittedBytes, answersRequest);
    } finally {
      lock.unlock();
    }
  }

  /** A checkpoint, the bytes of log it covers, and whether somebody waits for it. */
  private record Gathered(Checkpoint checkpoint, long bytes, boolean answersRequest) {}

  private void commit(Gathered gathered) throws InterruptedException {
    Duration retry = FIRST_RETRY;
    while (!isStopped()) {
      String reason = tryCommit(gathered);
      if (reason.isEmpty()) {
        return;
      }
      counts.commitFailed();
      fail(reason);
      if (!reserve.giveUp()) {
        pause(retry);
        retry =
            retry.multipliedBy(2).compareTo(LAST_RETRY) < 0 ? retry.multipliedBy(2) : LAST_RETRY;
      }
    }
  }

  /** Why the commit failed; empty if it did not. */
  private String tryCommit(Gathered gathered) throws InterruptedException {
    long begun = threads.nanoTime();
    Checkpoint checkpoint = gathered.checkpoint();
    byte[] manifest;
    byte[] cellsManifest;
    try {
      manifest = memory.write(checkpoint.memory());
      cellsManifest = cells.write(checkpoint.metrics());
    } catch (IOException failed) {
      LOG.log(Level.WARNING, "writing the state failed", failed);
      return "the state could not be written, it is still in memory: " + failed.getMessage();
    }
    return switch (store.commit(checkpoint.rows(), checkpoint.encode(manifest, cellsManifest))) {
      case Commit.Done _ -> {
        counts.committed(threads.nanoTime() - begun);
        List<EventStore.Version> versions = store.versions();
        Set<String> kept = VersionFiles.all(versions);
        memory.keep(kept);
        memory.committed(manifest);
        cells.keep(kept);
        cells.committed(cellsManifest);
        live.committed(checkpoint.metrics().number());
        log.release(store.committed(), oldest(versions));
        succeed(gathered);
        yield "";
      }
      case Commit.Failed failed -> failed.reason();
    };
  }

  /** From where on the log is needed to go back to the oldest version. */
  private long oldest(List<EventStore.Version> versions) {
    return versions.stream()
        .mapToLong(EventStore.Version::nextOffset)
        .min()
        .orElseGet(store::committed);
  }

  private void succeed(Gathered gathered) {
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
        nanos = threads.await(lock, changed, nanos);
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
