package dev.leat.server;

import dev.leat.event.EventBatch;
import dev.leat.event.EventLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A log that only collects what is appended, to be decided on again and again. For one thread. */
final class CapturedLog implements EventLog {
  private final List<EventBatch> batches = new ArrayList<>();
  private long next;

  List<EventBatch> batches() {
    return List.copyOf(batches);
  }

  @Override
  public Append append(EventBatch batch) {
    byte[] copy = Arrays.copyOfRange(batch.bytes(), batch.from(), batch.from() + batch.length());
    batches.add(new EventBatch(copy, 0, copy.length, batch.count()));
    long first = next;
    next += batch.count();
    return new Append.Kept(first, next - 1);
  }

  @Override
  public Cursor read(long offset) {
    throw new UnsupportedOperationException("the batches are handed out as they are");
  }

  @Override
  public long firstOffset() {
    return 0;
  }

  @Override
  public long nextOffset() {
    return next;
  }

  @Override
  public void release(long offset) {
    throw new UnsupportedOperationException("everything stays");
  }

  @Override
  public Status status() {
    return new Status(true, "", 0, 0);
  }

  @Override
  public void close() {
    batches.clear();
  }
}
