package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataFormat;
import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;

/** Events for tests of expressions. */
final class Events {
  private Events() {}

  static EventDraft draft(String data) {
    EventDraft draft = new EventDraft();
    draft.id.set("id-1");
    draft.source.set("/airport");
    draft.type.set("flight.departed");
    draft.subject.set("LAS-7");
    draft.timeMicros = 1_700_000_000_123_456L;
    draft.receivedMicros = 1_700_000_001_000_000L;
    draft.data.set(data);
    draft.dataFormat = DataFormat.JSON;
    return draft;
  }

  static EventCursor cursor(EventDraft draft) {
    EventBatch.Writer writer = new EventBatch.Writer(1_024);
    writer.add(draft);
    EventCursor cursor = new EventCursor();
    cursor.reset(writer.batch());
    if (!cursor.next()) {
      throw new AssertionError("the event is not there");
    }
    return cursor;
  }

  static EventCursor cursor(String data) {
    return cursor(draft(data));
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
