package dev.leat.server;

import dev.leat.event.EventStore;
import dev.leat.query.LiveFeed;
import dev.leat.server.MeasuredLog.Arrival;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Feels the house's pulse: once a second it has a sample taken, for the dashboard, and five times a
 * second it follows one event from the door until queries see it. Two threads of its own; what it
 * costs does not depend on how many events come, nor on how many look on.
 */
final class Pulse implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Pulse.class.getName());
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration FOLLOW_EVERY = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(5);

  private final MeasuredLog log;
  private final EventStore store;
  private final Function<Latency.Reading, byte[]> sampler;
  private final LiveFeed feed;
  private final Latency showing = new Latency();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private final Thread samples;
  private final Thread follows;
  private volatile boolean stopped; // written under lock

  /**
   * Starts at once.
   *
   * @param sampler makes one JSON object of figures; is given how long events took to show
   */
  Pulse(
      MeasuredLog log, EventStore store, Function<Latency.Reading, byte[]> sampler, LiveFeed feed) {
    this.log = log;
    this.store = store;
    this.sampler = sampler;
    this.feed = feed;
    samples = Thread.ofPlatform().daemon().name("leat-pulse").start(this::sample);
    follows = Thread.ofPlatform().daemon().name("leat-follow").start(this::follow);
  }

  private void sample() {
    String before = "";
    while (!stopped) {
      try {
        feed.publish(sampler.apply(showing.turn()));
        before = "";
      } catch (RuntimeException failed) {
        String now = String.valueOf(failed);
        if (!now.equals(before)) {
          LOG.log(Level.WARNING, "the dashboard gets no figures", failed);
        }
        before = now;
      }
      rest(EVERY);
    }
  }

  private void follow() {
    Arrival before = null;
    while (!stopped) {
      Arrival latest = log.latest();
      if (latest == null || latest.equals(before)) {
        rest(FOLLOW_EVERY);
        continue;
      }
      before = latest;
      follow(latest);
      rest(FOLLOW_EVERY);
    }
  }

  /** Until the event shows. One that is not decided on for long counts as it stands. */
  private void follow(Arrival event) {
    try {
      boolean shows = false;
      while (!shows && !stopped) {
        shows = store.awaitVisible(event.nextOffset(), PATIENCE);
        if (shows || System.nanoTime() - event.nanos() > PATIENCE.toNanos()) {
          showing.record(System.nanoTime() - event.nanos());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest(Duration time) {
    long nanos = time.toNanos();
    lock.lock();
    try {
      while (!stopped && nanos > 0) {
        nanos = stopping.awaitNanos(nanos);
      }
    } catch (InterruptedException interrupted) {
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      samples.join(JOIN);
      follows.join(JOIN);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
