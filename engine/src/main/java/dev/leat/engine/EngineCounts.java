package dev.leat.engine;

import java.util.concurrent.atomic.LongAdder;

/** What happened since the start. Any thread. */
final class EngineCounts {
  private final LongAdder commits = new LongAdder();
  private final LongAdder failedCommits = new LongAdder();

  void committed() {
    commits.increment();
  }

  void commitFailed() {
    failedCommits.increment();
  }

  long commits() {
    return commits.sum();
  }

  long failedCommits() {
    return failedCommits.sum();
  }
}
