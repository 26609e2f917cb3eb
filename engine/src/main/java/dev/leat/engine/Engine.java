package dev.leat.engine;

import dev.leat.event.EventLog;
import dev.leat.event.EventStore;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from the log into the store: shards on a few worker threads, and one thread that
 * commits. Any thread may call it.
 *
 * <p>After a start it continues where the last commit ended, so that an event whose row was lost
 * with the memory is processed again, and one whose row was committed is not. If a worker fails it
 * stops and says so: an event is never passed over to keep others going.
 */
public final class Engine implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());
  private static final Duration JOIN = Duration.ofSeconds(30);

  private final EventLog log;
  private final EventStore store;
  private final EngineCounts counts = new EngineCounts();
  private final Checkpointer checkpointer;
  private final List<Worker> workers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Throwable failure;
  private volatile boolean stopped;

  private Engine(EventLog log, EventStore store, EngineOptions options) {
    this.log = log;
    this.store = store;
    this.checkpointer = new Checkpointer(options, log, store, counts);
    for (int index = 0; index < options.workers(); index++) {
      workers.add(new Worker(index, options, log, store, checkpointer, counts));
    }
  }

  /**
   * Starts processing where the store's last commit ended.
   *
   * @throws IllegalArgumentException if the store holds another number of shards
   */
  public static Engine start(EventLog log, EventStore store, EngineOptions options) {
    int shards = store.committed().size();
    if (shards != options.partitions()) {
      throw new IllegalArgumentException(
          "the data directory has %d partitions, the definition says %d: a directory keeps the number it began with"
              .formatted(shards, options.partitions()));
    }
    Engine engine = new Engine(log, store, options);
    engine.startThreads();
    return engine;
  }

  private void startThreads() {
    for (int index = 0; index < workers.size(); index++) {
      start("leat-worker-" + index, workers.get(index));
    }
    start("leat-checkpointer", checkpointer);
  }

  private void start(String name, Runnable task) {
    threads.add(
        Thread.ofPlatform().name(name).daemon().uncaughtExceptionHandler(this::fail).start(task));
  }

  private void fail(Thread thread, Throwable cause) {
    failure = cause;
    LOG.log(
        Level.ERROR,
        "%s stopped: events are still accepted but no longer reach the tables; restart Leat to go on from the last commit"
            .formatted(thread.getName()),
        cause);
    stopThreads();
  }

  /**
   * Processes and commits everything that is in the log by now; false if that did not succeed in
   * time.
   */
  public boolean drain(Duration patience) throws InterruptedException {
    return store.awaitVisible(log.nextOffset(), patience) && checkpointer.commitNow(patience);
  }

  public EngineStatus status() {
    long processed = store.visibleOffset();
    Throwable cause = failure;
    String detail =
        cause == null
            ? checkpointer.failure()
            : "processing failed: %s; restart Leat".formatted(cause);
    return new EngineStatus(
        cause == null && !stopped,
        detail,
        processed,
        Math.max(0, log.nextOffset() - processed),
        counts.commits(),
        counts.failedCommits(),
        counts.unreadableEvents());
  }

  /** Stops without a commit: what was not committed will be processed again at the next start. */
  @Override
  public void close() {
    stopThreads();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        if (!thread.join(JOIN)) {
          LOG.log(Level.WARNING, "{0} does not stop", thread.getName());
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopThreads() {
    stopped = true;
    workers.forEach(Worker::stop);
    checkpointer.stop();
  }
}
