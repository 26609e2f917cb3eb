package dev.leat.query;

import dev.leat.event.DataSchema;
import dev.leat.event.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Answers what the test says, and remembers what it was asked. */
final class FakeStore implements EventStore {
  /** What a query does with its receiver before it ends. */
  interface Script {
    Answer run(Question question, Receiver receiver);
  }

  final List<Question> questions = new ArrayList<>();
  Script script = (_, _) -> new Answer.Refused(Reason.FAILED, "no script");
  long visible;

  @Override
  public Answer query(Question question, Receiver receiver) {
    questions.add(question);
    return script.run(question, receiver);
  }

  @Override
  public boolean awaitVisible(long nextOffset, Duration patience) {
    return visible >= nextOffset;
  }

  @Override
  public long visibleOffset() {
    return visible;
  }

  @Override
  public Status status() {
    return new Status(true, "", 70, 7, 3, 4_096, 5);
  }

  @Override
  public DataSchema schema() {
    return new DataSchema();
  }

  @Override
  public List<Long> committed() {
    return List.of(0L);
  }

  @Override
  public Sink sink(int shard) {
    throw new UnsupportedOperationException("nothing is written here");
  }

  @Override
  public Commit commit(List<Cut> cuts) {
    throw new UnsupportedOperationException("nothing is written here");
  }

  @Override
  public void close() {}
}
