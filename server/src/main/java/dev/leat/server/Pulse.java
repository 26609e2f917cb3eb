package dev.leat.server;

import dev.leat.event.EventStore;
import dev.leat.event.Histogram;
import dev.leat.query.LiveFeed;
import dev.leat.server.MeasuredLog.Arrival;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
  private final Histogram showNanos = Histogram.ofDurations();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread samples;
  private final Thread follows;

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

  /** How long the events that were followed took from the door until queries saw them. */
  Histogram.Reading showNanos() {
    return showNanos.read();
  }

  private void sample() {
    String before = "";
    try {
      do {
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
      } while (!isClosedWithin(EVERY));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    Arrival before = null;
    try {
      do {
        Arrival latest = log.latest();
        if (latest != null && !latest.equals(before)) {
          before = latest;
          follow(latest);
        }
      } while (!isClosedWithin(FOLLOW_EVERY));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the event shows. One that is not decided on for long counts as it stands. */
  private void follow(Arrival event) throws InterruptedException {
    boolean shows = false;
    while (!shows && !isClosedWithin(Duration.ZERO)) {
      shows = store.awaitVisible(event.nextOffset(), PATIENCE);
      long nanos = System.nanoTime() - event.nanos();
      if (shows || nanos > PATIENCE.toNanos()) {
        showing.record(nanos);
      }
      if (shows) {
        showNanos.record(nanos);
      }
    }
  }

  private boolean isClosedWithin(Duration time) throws InterruptedException {
    return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      samples.join(JOIN);
      follows.join(JOIN);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
