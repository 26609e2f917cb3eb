package dev.leat.server;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import dev.leat.event.Histogram;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The log as the front door sees it: the same, with a stopwatch. It costs two looks at the clock
 * and a dozen additions for each batch, and nothing for an event. Any thread.
 */
final class MeasuredLog implements EventLog {
  private final EventLog log;
  private final @Nullable Traces traces;
  private final Latency keeping = new Latency();
  private final Histogram keepNanos = Histogram.ofDurations();
  private final Histogram batchEvents = Histogram.ofCounts();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final LongAdder waitingBytes = new LongAdder();
  private volatile @Nullable Arrival latest;

  /**
   * The last batch that was kept.
   *
   * @param nextOffset behind it
   * @param nanos when it came, as {@link System#nanoTime} has it
   */
  record Arrival(long nextOffset, long nanos) {}

  MeasuredLog(EventLog log) {
    this(log, null);
  }

  /** The same, with some events followed further. */
  MeasuredLog(EventLog log, @Nullable Traces traces) {
    this.log = log;
    this.traces = traces;
  }

  /** How long it takes until a batch is durable, group commit included. */
  Latency keeping() {
    return keeping;
  }

  /** The same since the start, in nanoseconds. */
  Histogram.Reading keepNanos() {
    return keepNanos.read();
  }

  /** How many events the batches had that were kept. */
  Histogram.Reading batchEvents() {
    return batchEvents.read();
  }

  long batches() {
    return batchEvents.read().count();
  }

  /** Batches that somebody waits for now: not durable yet. */
  long waiting() {
    return waiting.sum();
  }

  /** The bytes of those. */
  long waitingBytes() {
    return waitingBytes.sum();
  }

  /** As they stand in the log, before it packs them. */
  long bytes() {
    return bytes.sum();
  }

  /** Null before the first. */
  @Nullable Arrival latest() {
    return latest;
  }

  @Override
  public Append append(EventBatch batch) throws InterruptedException {
    long begin = System.nanoTime();
    waiting.increment();
    waitingBytes.add(batch.length());
    try {
      Append append = log.append(batch);
      if (append instanceof Append.Kept kept) {
        kept(kept, batch, begin);
      }
      return append;
    } finally {
      waiting.decrement();
      waitingBytes.add(-batch.length());
    }
  }

  private void kept(Append.Kept kept, EventBatch batch, long begin) {
    long nanos = System.nanoTime() - begin;
    keeping.record(nanos);
    keepNanos.record(nanos);
    batchEvents.record(batch.count());
    bytes.add(batch.length());
    latest = new Arrival(kept.lastOffset() + 1, begin);
    if (traces != null) {
      traces.kept(kept.firstOffset(), kept.lastOffset(), begin, begin + nanos);
    }
  }

  @Override
  public Cursor read(long offset) {
    return log.read(offset);
  }

  @Override
  public long firstOffset() {
    return log.firstOffset();
  }

  @Override
  public long nextOffset() {
    return log.nextOffset();
  }

  @Override
  public void release(long offset) {
    log.release(offset);
  }

  @Override
  public void release(long offset, long wanted) {
    log.release(offset, wanted);
  }

  @Override
  public Status status() {
    return log.status();
  }

  @Override
  public void close() {
    log.close();
  }
}
