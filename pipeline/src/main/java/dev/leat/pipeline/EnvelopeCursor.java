package dev.leat.pipeline;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.Slice;

/**
 * Shows the envelope of a draft as a cursor does, so that a stream can be chosen at the door. The
 * data is left out, for it may be long. For one thread.
 */
final class EnvelopeCursor {
  private final EventBatch.Writer writer = new EventBatch.Writer(1_024);
  private final EventDraft envelope = new EventDraft();
  private final EventCursor cursor = new EventCursor();

  /** A cursor on the draft's envelope, good until the next call. */
  EventCursor of(EventDraft draft) {
    copy(draft.id, envelope.id);
    copy(draft.source, envelope.source);
    copy(draft.type, envelope.type);
    copy(draft.subject, envelope.subject);
    copy(draft.partitionKey, envelope.partitionKey);
    copy(draft.attributes, envelope.attributes);
    envelope.dataFormat = DataFormat.NONE;
    envelope.kind = draft.kind;
    envelope.timeMicros = draft.timeMicros;
    envelope.receivedMicros = draft.receivedMicros;
    envelope.sampledRate = draft.sampledRate;
    writer.clear();
    writer.add(envelope);
    cursor.reset(writer.batch());
    cursor.next();
    return cursor;
  }

  private static void copy(Slice from, Slice into) {
    if (from.isPresent()) {
      into.set(from.array(), from.from(), from.length());
    } else {
      into.clear();
    }
  }
}
