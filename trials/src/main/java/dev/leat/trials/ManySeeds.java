package dev.leat.trials;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of seeds, several worlds side by side: each on a thread of its own, with nothing shared
 * that changes. So what a seed does, and which is the first that fails, does not depend on how many
 * there are.
 */
final class ManySeeds {
  private static final Duration TELL_EVERY = Duration.ofSeconds(1);

  /**
   * What has been run so far.
   *
   * @param traceHash the same for the same seeds, however many ran at a time
   */
  record Totals(long seeds, long acknowledged, long steps, long traceHash) {
    private static final Totals NONE = new Totals(0, 0, 0, 0);

    private Totals plus(Simulation.Outcome outcome) {
      return new Totals(
          seeds + 1,
          acknowledged + outcome.acknowledged(),
          steps + outcome.steps(),
          traceHash + outcome.traceHash());
    }
  }

  /** The lowest seed that fails. */
  record Failed(long seed, Throwable cause) {}

  private final AtomicLong next;
  private final long end;

  // Guarded by this.
  private Totals totals = Totals.NONE;
  private @Nullable Failed failed;

  /** Of so many seeds from one on. */
  ManySeeds(long from, long count) {
    next = new AtomicLong(from);
    end = from + count;
  }

  /**
   * Runs them; once.
   *
   * @param progress is told on this thread, about once a second and at the end
   * @return null if none fails
   */
  @Nullable Failed run(int parallel, Consumer<Totals> progress) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < parallel; i++) {
      threads.add(Thread.ofPlatform().daemon().name("world-" + i).start(this::work));
    }
    for (Thread thread : threads) {
      while (!thread.join(TELL_EVERY)) {
        progress.accept(totals());
      }
    }
    progress.accept(totals());
    return failure();
  }

  /** Seeds are taken in their order, so that all below one that failed have been run in the end. */
  private void work() {
    for (long seed = next.getAndIncrement(); isWanted(seed); seed = next.getAndIncrement()) {
      try {
        add(Simulation.run(seed, Trace.silent()));
      } catch (RuntimeException | Error broken) {
        fail(new Failed(seed, broken));
      }
    }
  }

  private synchronized boolean isWanted(long seed) {
    return seed < end && (failed == null || seed < failed.seed());
  }

  private synchronized void add(Simulation.Outcome outcome) {
    totals = totals.plus(outcome);
  }

  private synchronized void fail(Failed found) {
    if (failed == null || found.seed() < failed.seed()) {
      failed = found;
    }
  }

  synchronized Totals totals() {
    return totals;
  }

  private synchronized @Nullable Failed failure() {
    return failed;
  }
}
