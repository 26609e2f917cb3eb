package dev.leat.engine;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The records by which Leat steers its own processing, for whoever copies a log. For one thread.
 */
public final class SteeringRecords {
  private static final byte[] WITHDRAWN =
      ControlRecord.Type.WITHDRAWN_PREFIX.getBytes(StandardCharsets.US_ASCII);

  private final EventCursor cursor = new EventCursor();

  /** The definitions that records of a batch put in force, in their order. */
  public List<byte[]> definitions(EventBatch batch) {
    List<byte[]> definitions = new ArrayList<>();
    cursor.reset(batch);
    while (cursor.next()) {
      if (cursor.kind() == EventLayout.KIND_CONTROL
          && ControlRecord.read(cursor) instanceof ControlRecord.Define define) {
        definitions.add(define.definition());
      }
    }
    return definitions;
  }

  /**
   * Takes back, in the bytes of a batch, what would steer a second view that begins at an offset as
   * the first one was steered: changes of the definition, jobs that send dead letters again, and
   * that an event is a dead letter sent again if the second view has not seen that dead letter.
   * Such an event counts like any other there. Nothing moves, and times stay.
   *
   * @return whether anything was taken back
   */
  public boolean withdraw(EventBatch batch, long begin) {
    boolean changed = false;
    cursor.reset(batch);
    while (cursor.next()) {
      if (cursor.kind() == EventLayout.KIND_CONTROL && steersTheFirst(begin)) {
        System.arraycopy(WITHDRAWN, 0, cursor.bytes(), cursor.typeAt(), WITHDRAWN.length);
        changed = true;
      }
    }
    return changed;
  }

  private boolean steersTheFirst(long begin) {
    return switch (ControlRecord.read(cursor)) {
      case ControlRecord.Define _, ControlRecord.BeginReplay _, ControlRecord.EndReplay _ -> true;
      case ControlRecord.Resend resend -> resend.deadLetter() < begin;
      case ControlRecord.Tick _, ControlRecord.Withdrawn _ -> false;
    };
  }
}
