package dev.leat.server;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The log as the front door sees it: the same, with a stopwatch. It costs two looks at the clock
 * for each batch, and nothing for an event. Any thread.
 */
final class MeasuredLog implements EventLog {
  private final EventLog log;
  private final Latency keeping = new Latency();
  private final LongAdder batches = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private volatile @Nullable Arrival latest;

  /**
   * The last batch that was kept.
   *
   * @param nextOffset behind it
   * @param nanos when it came, as {@link System#nanoTime} has it
   */
  record Arrival(long nextOffset, long nanos) {}

  MeasuredLog(EventLog log) {
    this.log = log;
  }

  /** How long it takes until a batch is durable, group commit included. */
  Latency keeping() {
    return keeping;
  }

  long batches() {
    return batches.sum();
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
    Append append = log.append(batch);
    if (append instanceof Append.Kept kept) {
      keeping.record(System.nanoTime() - begin);
      batches.increment();
      bytes.add(batch.length());
      latest = new Arrival(kept.lastOffset() + 1, begin);
    }
    return append;
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
