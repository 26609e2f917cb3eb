package dev.leat.server;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides when to try again: soon at first, then later and later; after some failures in a row the
 * circuit is open, and only one attempt is made every now and then until one succeeds. For one
 * thread.
 */
final class Breaker {
  private static final int FAILURES = 5;
  private static final int MAX_DOUBLINGS = 10;

  private final Backoff backoff;
  private final Duration pause;
  private final Duration longestPause;
  private int failures;
  private Instant next = Instant.MIN;

  /**
   * Closed at first.
   *
   * @param backoff between attempts while the circuit is closed
   * @param pause between the first attempts while it is open
   * @param longestPause between later ones
   */
  Breaker(Backoff backoff, Duration pause, Duration longestPause) {
    this.backoff = backoff;
    this.pause = pause;
    this.longestPause = longestPause;
  }

  /** When the next attempt may be made. */
  Instant next() {
    return next;
  }

  boolean isOpen() {
    return failures >= FAILURES;
  }

  /** Which attempt the next one is, counted from 1. */
  int attempt() {
    return failures + 1;
  }

  void succeeded() {
    failures = 0;
    next = Instant.MIN;
  }

  void failed(Instant now) {
    Duration wait = backoff.delay(failures, null);
    failures++;
    if (isOpen()) {
      Duration longer = pause.multipliedBy(1L << Math.min(failures - FAILURES, MAX_DOUBLINGS));
      wait = longer.compareTo(longestPause) < 0 ? longer : longestPause;
    }
    next = now.plus(wait);
  }
}
