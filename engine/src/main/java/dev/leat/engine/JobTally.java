package dev.leat.engine;

import dev.leat.event.Metrics.Difference;
import dev.leat.event.Metrics.Recomputation;
import dev.leat.event.Threads;
import java.util.ArrayList;
import java.util.List;

/** What a recomputation or verification has done so far. For one thread. */
final class JobTally {
  /** A person reads no more. */
  static final int MAX_DIFFERENCES = 20;

  private final Threads threads;
  private final long begunNanos;
  private final List<Difference> differences = new ArrayList<>();
  private long windows;
  private long rows;
  private long different;
  private long pending;
  private long left;

  JobTally(Threads threads) {
    this.threads = threads;
    this.begunNanos = threads.nanoTime();
  }

  void addWindows(long more) {
    windows += more;
  }

  void addRows(long more) {
    rows += more;
  }

  /** A cell differs. */
  void addDifferent() {
    different++;
  }

  void add(Difference difference) {
    if (differences.size() < MAX_DIFFERENCES) {
      differences.add(difference);
    }
  }

  /** A bucket waits for a recomputation, so that nothing is said of it. */
  void addPending() {
    pending++;
  }

  /** A bucket was left as it is, since rows of it are gone. */
  void addLeft() {
    left++;
  }

  long left() {
    return left;
  }

  long windows() {
    return windows;
  }

  long rows() {
    return rows;
  }

  Recomputation.Done done() {
    return new Recomputation.Done(
        windows,
        rows,
        different,
        List.copyOf(differences),
        pending,
        (threads.nanoTime() - begunNanos) / 1_000_000);
  }
}
