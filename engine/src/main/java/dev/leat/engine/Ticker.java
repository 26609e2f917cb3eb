package dev.leat.engine;

import dev.leat.event.EventLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets time pass in the log while nothing comes: a {@link ControlRecord.Tick} now and then, but
 * only as long as some window of a metric that has events is open. So the windows of silent streams
 * close, at the same place whenever the log is read again, and an idle system writes nothing.
 */
final class Ticker implements Runnable {
  private static final System.Logger LOG = System.getLogger(Ticker.class.getName());

  private final Duration every;
  private final EventLog log;
  private final LiveMetrics live;
  private final Appender appender;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private boolean stopped; // guarded by lock

  // Of the ticker's thread.
  private long seen = -1;
  private String failure = "";

  /** Appends records to the log. */
  @FunctionalInterface
  interface Appender {
    /**
     * Returns the offset after the record.
     *
     * @throws IllegalStateException if the log can't take it now; the message says why
     */
    long append(ControlRecord record) throws InterruptedException;
  }

  Ticker(Duration every, EventLog log, LiveMetrics live, Appender appender) {
    this.every = every;
    this.log = log;
    this.live = live;
    this.appender = appender;
  }

  @Override
  public void run() {
    try {
      while (!awaitStop()) {
        look();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    long end = log.nextOffset();
    boolean silent = end == seen;
    seen = end;
    if (silent && live.between(moment -> moment.aggregates().isWaiting())) {
      tick();
    }
  }

  private void tick() throws InterruptedException {
    try {
      seen = appender.append(new ControlRecord.Tick());
      failure = "";
    } catch (IllegalStateException cantNow) {
      String reason = String.valueOf(cantNow.getMessage());
      if (!reason.equals(failure)) {
        LOG.log(Level.WARNING, "the time can''t be recorded, windows stay open: {0}", reason);
      }
      failure = reason;
    }
  }

  private boolean awaitStop() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = every.toNanos();
      while (!stopped && nanos > 0) {
        nanos = stopping.awaitNanos(nanos);
      }
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
