package dev.leat.engine;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log in memory, as durable as the object. */
final class MemoryLog implements EventLog {
  private final List<LoggedBatch> batches = new ArrayList<>(); // guarded by this
  private long next;
  private long released;
  private long wanted;
  private @Nullable RuntimeException readFailure;

  @Override
  public synchronized Append append(EventBatch batch) {
    long first = next;
    byte[] copy = Arrays.copyOfRange(batch.bytes(), batch.from(), batch.from() + batch.length());
    batches.add(new LoggedBatch(new EventBatch(copy, 0, copy.length, batch.count()), first, 0));
    next += batch.count();
    notifyAll();
    return new Append.Kept(first, next - 1);
  }

  /** Loses everything below the offset of a batch, as damage does. */
  synchronized void lose(int batch) {
    batches.remove(batch);
  }

  synchronized void failReads(RuntimeException failure) {
    readFailure = failure;
    notifyAll();
  }

  @Override
  public Cursor read(long offset) {
    return new MemoryCursor(offset);
  }

  @Override
  public synchronized long firstOffset() {
    return batches.isEmpty() ? next : batches.getFirst().firstOffset();
  }

  @Override
  public synchronized long nextOffset() {
    return next;
  }

  @Override
  public synchronized void release(long offset) {
    released = offset;
  }

  @Override
  public synchronized void release(long offset, long from) {
    released = offset;
    wanted = from;
  }

  /** From where on it was asked to keep its records if it can. */
  synchronized long wanted() {
    return wanted;
  }

  /** Lets go of what ends at the offset or before, as for want of room. */
  synchronized void forgetBelow(long offset) {
    batches.removeIf(batch -> batch.nextOffset() <= offset);
  }

  synchronized long released() {
    return released;
  }

  @Override
  public Status status() {
    return new Status(true, "", 0, 0);
  }

  @Override
  public void close() {}

  private final class MemoryCursor implements Cursor {
    private long at;

    MemoryCursor(long offset) {
      at = offset;
    }

    @Override
    public @Nullable LoggedBatch next(Duration patience) throws InterruptedException {
      synchronized (MemoryLog.this) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
          if (readFailure != null) {
            throw readFailure;
          }
          for (LoggedBatch batch : batches) {
            if (batch.nextOffset() > at) {
              at = batch.nextOffset();
              return batch;
            }
          }
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            return null;
          }
          MemoryLog.this.wait(left);
        }
      }
    }

    @Override
    public void close() {}
  }
}
