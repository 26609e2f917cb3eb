package dev.leat.collector;

import dev.leat.event.DataFormat;
import dev.leat.event.EventDraft;
import dev.leat.event.JsonException;
import dev.leat.event.Slice;

/** Finds out how data that came as plain bytes is to be read. For one thread. */
final class Payload {
  private final JsonWalk walk;
  private final int maxDepth;

  Payload(int maxDepth, long seed) {
    this.walk = new JsonWalk(maxDepth, seed);
    this.maxDepth = maxDepth;
  }

  /**
   * Sets the draft's data format from the bytes and their declared type. Bytes that are not what
   * their type says are a fault where {@code strict}, else just bytes. Without a declared type they
   * are just bytes, too.
   */
  void understand(Envelope envelope, boolean strict) {
    EventDraft draft = envelope.draft();
    MediaType.Kind kind =
        envelope.has(Attribute.DATACONTENTTYPE) ? envelope.dataKind() : MediaType.Kind.OTHER;
    draft.dataFormat =
        switch (kind) {
          case JSON -> isJson(envelope, draft.data, strict) ? DataFormat.JSON : DataFormat.BINARY;
          case TEXT -> Text.isUtf8(draft.data) ? DataFormat.TEXT : DataFormat.BINARY;
          case OTHER, INVALID -> DataFormat.BINARY;
        };
  }

  private boolean isJson(Envelope envelope, Slice data, boolean strict) {
    try {
      walk.document(data);
    } catch (JsonException broken) {
      if (strict) {
        String pointer = pointer(data, broken.offset());
        envelope.fault(pointer, FaultCode.of(broken.code()), broken.expected(), broken.found());
      }
      return false;
    }
    boolean unique = walk.duplicateAt() == JsonWalk.NOWHERE;
    if (!unique && strict) {
      String pointer = pointer(data, walk.duplicateAt());
      envelope.fault(pointer, FaultCode.DUPLICATE_KEY, "each name once", "the name a second time");
    }
    return unique;
  }

  private String pointer(Slice data, int offset) {
    int end = data.from() + data.length();
    return Attribute.DATA.pointer()
        + JsonPointer.to(data.array(), data.from(), end, offset, maxDepth);
  }
}
