package dev.leat.collector;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps events in memory and answers what a test wants to hear. */
final class MemoryLog implements EventLog {
  private final List<SeenEvent> events = new ArrayList<>();
  private Optional<Append> nextAnswer = Optional.empty();
  private int appends;

  /** The next append keeps nothing and gets this answer. */
  synchronized void answerNext(Append answer) {
    nextAnswer = Optional.of(answer);
  }

  synchronized List<SeenEvent> events() {
    return List.copyOf(events);
  }

  synchronized int appends() {
    return appends;
  }

  synchronized void forget() {
    events.clear();
  }

  @Override
  public synchronized Append append(EventBatch batch) {
    appends++;
    if (nextAnswer.isPresent()) {
      Append answer = nextAnswer.get();
      nextAnswer = Optional.empty();
      return answer;
    }
    int first = events.size();
    EventCursor cursor = new EventCursor();
    cursor.reset(batch);
    while (cursor.next()) {
      events.add(SeenEvent.of(cursor));
    }
    if (events.size() - first != batch.count()) {
      throw new AssertionError(
          "batch says %d events, has %d".formatted(batch.count(), events.size() - first));
    }
    return new Append.Kept(first, events.size() - 1L);
  }

  @Override
  public Cursor read(long offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long firstOffset() {
    return 0;
  }

  @Override
  public synchronized long nextOffset() {
    return events.size();
  }

  @Override
  public void release(long offset) {
    throw new UnsupportedOperationException("nothing to release at " + offset);
  }

  @Override
  public Status status() {
    return new Status(true, "", 0, 0);
  }

  @Override
  public void close() {}

  static Append overloaded() {
    return new Append.Overloaded(Duration.ofMillis(2_500));
  }
}
