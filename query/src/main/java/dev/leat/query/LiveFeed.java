package dev.leat.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The samples of late, each one JSON object of figures, for everyone who looks on. Whoever measures
 * publishes one a second; listeners wait for the next. What is kept is bounded in number and bytes,
 * and so is the number of listeners. A listener that is slow misses samples and holds up nobody.
 * Safe for any thread.
 */
public final class LiveFeed implements AutoCloseable {
  /** Each holds a connection and a virtual thread. */
  static final int MAX_LISTENERS = 32;

  /** Five minutes, at one a second. */
  static final int MAX_SAMPLES = 300;

  static final int MAX_BYTES = 2 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<byte[]> samples = new ArrayDeque<>(); // guarded by lock
  private int bytes; // guarded by lock
  private long published; // guarded by lock
  private int listeners; // guarded by lock
  private boolean closed; // guarded by lock

  /** Samples in their order; {@code end} is what to ask for next. */
  record Samples(List<byte[]> samples, long end) {}

  /**
   * Shows one more sample, which must not change any more.
   *
   * @param json one JSON object without line breaks
   */
  public void publish(byte[] json) {
    lock.lock();
    try {
      samples.addLast(json);
      bytes += json.length;
      published++;
      while (samples.size() > MAX_SAMPLES || (bytes > MAX_BYTES && samples.size() > 1)) {
        bytes -= samples.removeFirst().length;
      }
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets one more listener in; false if there are too many, or the feed has ended. */
  boolean enter() {
    lock.lock();
    try {
      if (closed || listeners == MAX_LISTENERS) {
        return false;
      }
      listeners++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** One listener is gone. */
  void leave() {
    lock.lock();
    try {
      listeners--;
    } finally {
      lock.unlock();
    }
  }

  /** What is kept now, perhaps nothing. */
  Samples all() {
    lock.lock();
    try {
      return new Samples(List.copyOf(samples), published);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What came since, as far as it is still kept; waits until there is something. Nothing is the
   * end.
   */
  Samples after(long seen) throws InterruptedException {
    lock.lock();
    try {
      while (published == seen && !closed) {
        news.await();
      }
      if (closed) {
        return new Samples(List.of(), published);
      }
      int fresh = (int) Math.min(published - seen, samples.size());
      List<byte[]> all = new ArrayList<>(samples);
      return new Samples(all.subList(all.size() - fresh, all.size()), published);
    } finally {
      lock.unlock();
    }
  }

  /** Ends every listener's answer. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
