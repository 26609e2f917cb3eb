package dev.leat.engine;

import dev.leat.engine.StateCatalogue.Work;
import dev.leat.event.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Writes full tables as runs and merges runs, in a thread of its own, so that neither the
 * processing nor the committing thread waits for it. What it makes changes no answer, only where it
 * is found, and is part of the state from the next manifest on.
 *
 * <p>Runs of one size are merged when there are enough of them, so each entry is written a few
 * times in its life; a bucket to which nothing is added any more becomes one run. After a failure
 * it goes on when the next cut was written.
 */
final class RunMerger implements Runnable {
  private static final System.Logger LOG = System.getLogger(RunMerger.class.getName());
  private static final Duration JOIN = Duration.ofSeconds(30);
  private static final int PAGES_AT_ONCE = 32;

  private final StateCatalogue catalogue;
  private final StateFiles files;
  private final StateOptions options;
  private Threads threads = Threads.real();
  private @Nullable Thread thread;

  /** Of the merger's thread, and of the one that opens. */
  private final Map<StateIndex, FilterKeeper> keepers = new HashMap<>();

  private volatile boolean stopped;

  // Guarded by the catalogue's lock.
  private @Nullable Exception failure;
  private long failedAtCut;

  RunMerger(StateCatalogue catalogue, StateFiles files, StateOptions options) {
    this.catalogue = catalogue;
    this.files = files;
    this.options = options;
  }

  void start(Threads threads) {
    this.threads = threads;
    thread = threads.start("leat-state-merger", this);
  }

  /** True if its thread is gone, or never was. */
  boolean stop() throws InterruptedException {
    stopped = true;
    catalogue.lock.lock();
    try {
      catalogue.changed.signalAll();
    } finally {
      catalogue.lock.unlock();
    }
    return thread == null || threads.join(thread, JOIN);
  }

  @Override
  public void run() {
    try {
      while (!stopped) {
        if (!tryStep()) {
          await();
        }
      }
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("the merger was interrupted", interrupted);
    }
  }

  private boolean tryStep() {
    try {
      boolean worked = step();
      setFailure(null);
      return worked;
    } catch (CancellationException cancelled) {
      return false;
    } catch (IOException | RuntimeException failed) {
      LOG.log(
          Level.ERROR, "writing or merging the state failed; tries again after a commit", failed);
      setFailure(failed);
      return false;
    }
  }

  private void setFailure(@Nullable Exception cause) {
    catalogue.lock.lock();
    try {
      failure = cause;
      failedAtCut = catalogue.writtenCut();
      catalogue.changed.signalAll();
    } finally {
      catalogue.lock.unlock();
    }
  }

  private void await() throws InterruptedException {
    catalogue.lock.lockInterruptibly();
    try {
      while (!stopped && !hasWork()) {
        catalogue.changed.await();
      }
    } finally {
      catalogue.lock.unlock();
    }
  }

  private boolean hasWork() {
    if (failure != null) {
      return catalogue.writtenCut() > failedAtCut;
    }
    return catalogue.hasClosable() || catalogue.nextWork() != null;
  }

  /** Waits until so few entries wait to become runs. The thread that commits. */
  void awaitRoom() throws IOException, InterruptedException {
    if (thread == null) {
      return;
    }
    long most = (long) options.waitingTables() * options.tableEntries();
    catalogue.lock.lockInterruptibly();
    try {
      while (!stopped && failure == null && catalogue.waitingEntries() >= most) {
        catalogue.changed.await();
      }
      if (failure instanceof StateDamagedException damaged) {
        throw damaged;
      }
      if (failure != null && catalogue.waitingEntries() >= most) {
        // Lets the merger try again, although no cut is written.
        failedAtCut--;
        catalogue.changed.signalAll();
        throw new IOException("the state can't be written: " + failure.getMessage(), failure);
      }
    } finally {
      catalogue.lock.unlock();
    }
  }

  /** Why it fails at present; empty if it does not. */
  String failure() {
    catalogue.lock.lock();
    try {
      return failure == null ? "" : String.valueOf(failure.getMessage());
    } finally {
      catalogue.lock.unlock();
    }
  }

  /** Does one piece of work; false if there is none. */
  boolean step() throws IOException {
    catalogue.closeRetired();
    Work work = catalogue.nextWork();
    if (work == null) {
      return false;
    }
    RunWriter.Plan plan = plan(work);
    Run run = write(work, plan);
    if (!install(work, run)) {
      run.close();
    }
    return true;
  }

  private RunWriter.Plan plan(Work work) {
    long entries = 0;
    long min = Long.MAX_VALUE;
    long max = 0;
    if (work.table() != null) {
      entries = work.table().size();
      min = work.table().minPosition();
      max = work.table().maxPosition();
    }
    for (Run run : work.runs()) {
      entries += run.layout().entries();
      min = Math.min(min, run.layout().minPosition());
      max = Math.max(max, run.layout().maxPosition());
    }
    long number = files.nextNumber();
    return new RunWriter.Plan(
        StateFiles.runName(number),
        number,
        work.index().versioned(),
        entries,
        min,
        max,
        isLast(work) ? 0 : options.filterBits());
  }

  /**
   * Whether a bucket's runs become one for good. Then only the filter that the buckets share says
   * whether to look into it; before, a run's own filter says into which of the bucket's runs.
   */
  private static boolean isLast(Work work) {
    return work.closed() && work.bucket().tag != 0;
  }

  private Run write(Work work, RunWriter.Plan plan) throws IOException {
    boolean written = false;
    try {
      Run run = RunWriter.write(files.disk(), plan, cursor(work), () -> stopped);
      try {
        files.disk().forceDirectory(StateFiles.DIRECTORY);
        written = true;
        return run;
      } finally {
        if (!written) {
          run.close();
        }
      }
    } finally {
      if (!written) {
        files.discard(plan.name());
      }
    }
  }

  private EntryCursor cursor(Work work) throws IOException {
    if (work.table() != null) {
      return work.index().versioned()
          ? work.table().sorted()
          : keeper(work.index()).marking(work.bucket(), work.table());
    }
    List<EntryCursor> inputs = new ArrayList<>();
    for (Run run : work.runs()) {
      inputs.add(run.cursor(PAGES_AT_ONCE));
    }
    return new MergeCursor(inputs);
  }

  private FilterKeeper keeper(StateIndex index) {
    return keepers.computeIfAbsent(
        index, _ -> new FilterKeeper(index, catalogue, options.tableEntries()));
  }

  /** Makes the filters for what the indexes have by a commit. Before any thread works. */
  void restoreFilters() throws IOException {
    for (StateIndex index : catalogue.indexes()) {
      if (!index.versioned()) {
        keeper(index).restore();
      }
    }
  }

  private boolean install(Work work, Run run) {
    catalogue.lock.lock();
    try {
      // Under the lock, so that nobody finds the file without a use in between.
      files.written(run.name());
      return catalogue.replace(work, run);
    } finally {
      catalogue.lock.unlock();
    }
  }
}
