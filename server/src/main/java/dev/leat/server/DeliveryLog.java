package dev.leat.server;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What was sent to whom, and what came of it: the last some hundred times. Any thread. */
final class DeliveryLog {
  static final int KEPT = 500;

  /** How it ended. */
  enum Outcome {
    SENT,
    FAILED,
    REFUSED,
    DROPPED
  }

  /**
   * One attempt.
   *
   * @param what was to be sent, in words
   * @param attempt counted from 1
   * @param detail the status of the answer, or what went wrong
   */
  record Entry(
      Instant at,
      String target,
      String what,
      int attempt,
      Outcome outcome,
      String detail,
      long millis) {}

  private final Deque<Entry> entries = new ArrayDeque<>(); // guarded by this

  synchronized void add(Entry entry) {
    entries.addFirst(entry);
    while (entries.size() > KEPT) {
      entries.removeLast();
    }
  }

  /** The newest first. */
  synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }
}
