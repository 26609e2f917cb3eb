package dev.leat.engine;

import dev.leat.event.EventLog;
import dev.leat.event.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;

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

  private final StopSignal stop;

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

  Ticker(Duration every, EventLog log, LiveMetrics live, Appender appender, Threads threads) {
    this.stop = new StopSignal(threads);
    this.every = every;
    this.log = log;
    this.live = live;
    this.appender = appender;
  }

  @Override
  public void run() {
    try {
      while (!stop.await(every)) {
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

  void stop() {
    stop.give();
  }
}
