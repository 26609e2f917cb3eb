package dev.leat.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLayout;
import dev.leat.event.EventLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The records of another log in batches of other lengths, all there from the start. It takes
 * nothing more: what an engine would write at its start is left out, so that every engine has the
 * same log.
 */
final class FrozenLog implements EventLog {
  private final MemoryLog batches = new MemoryLog();

  /**
   * @param longest so many records a batch has at most, but for one that must not be torn
   */
  FrozenLog(EventLog log, int longest, RandomGenerator chance) throws InterruptedException {
    EventBatch.Writer writer = new EventBatch.Writer(1 << 12);
    EventCursor event = new EventCursor();
    EventDraft draft = new EventDraft();
    int left = 1;
    try (Cursor cursor = log.read(0)) {
      for (long end = 0; end < log.nextOffset(); ) {
        LoggedBatch batch = java.util.Objects.requireNonNull(cursor.next(Duration.ofSeconds(1)));
        event.reset(batch.events());
        while (event.next()) {
          copy(event, draft);
          writer.add(draft);
          left--;
          if (left <= 0 && !isResend(event)) {
            batches.append(writer.batch());
            writer.clear();
            left = 1 + chance.nextInt(longest);
          }
        }
        end = batch.nextOffset();
      }
    }
    if (writer.count() > 0) {
      batches.append(writer.batch());
    }
  }

  private static void copy(EventCursor event, EventDraft draft) {
    byte[] bytes = event.bytes();
    draft.clear();
    draft.kind = event.kind();
    draft.dataFormat = event.dataFormat();
    draft.timeMicros = event.timeMicros();
    draft.receivedMicros = event.receivedMicros();
    draft.sampledRate = event.sampledRate();
    draft.id.set(bytes, event.idAt(), event.idLength());
    draft.source.set(bytes, event.sourceAt(), event.sourceLength());
    draft.type.set(bytes, event.typeAt(), event.typeLength());
    if (event.hasSubject()) {
      draft.subject.set(bytes, event.subjectAt(), event.subjectLength());
    }
    if (event.hasPartitionKey()) {
      draft.partitionKey.set(bytes, event.partitionKeyAt(), event.partitionKeyLength());
    }
    draft.attributes.set(bytes, event.attributesAt(), event.attributesLength());
    draft.data.set(bytes, event.dataAt(), event.dataLength());
  }

  /** Whether a record is followed by its event in the same batch. */
  private static boolean isResend(EventCursor event) {
    return event.kind() == EventLayout.KIND_CONTROL
        && new String(
                Arrays.copyOfRange(
                    event.bytes(), event.typeAt(), event.typeAt() + event.typeLength()),
                UTF_8)
            .equals("leat.replay.event");
  }

  @Override
  public Append append(EventBatch batch) {
    return new Append.Kept(nextOffset() - 1, nextOffset() - 1);
  }

  @Override
  public Cursor read(long offset) {
    return batches.read(offset);
  }

  @Override
  public long firstOffset() {
    return batches.firstOffset();
  }

  @Override
  public long nextOffset() {
    return batches.nextOffset();
  }

  @Override
  public void release(long offset) {
    batches.release(offset);
  }

  @Override
  public Status status() {
    return batches.status();
  }

  @Override
  public void close() {}
}
