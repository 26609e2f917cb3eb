package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.EventLayout;
import dev.leat.event.KeyRule;
import dev.leat.event.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Gives events the key that their stream's definition says, before they are written to the log. An
 * event that brings a {@code partitionkey} keeps it. Any thread: each borrows what it needs.
 */
final class DoorKeys implements KeyRule {
  private final List<StreamPlan> streams;
  private final ConcurrentLinkedQueue<Desk> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param streams in the order in which they are asked
   */
  DoorKeys(List<StreamPlan> streams) {
    this.streams = List.copyOf(streams);
  }

  @Override
  public void apply(EventDraft draft) {
    if (draft.partitionKey.isPresent()) {
      return;
    }
    Desk desk = idle.poll();
    if (desk == null) {
      desk = new Desk(streams);
    }
    desk.apply(draft);
    idle.add(desk);
  }

  /** What one thread needs to look at one event. */
  private static final class Desk {
    private final List<Lane> lanes = new ArrayList<>();
    private final EnvelopeCursor envelope = new EnvelopeCursor();
    private final Slice found = new Slice();

    private record Lane(@Nullable CelExpression match, @Nullable KeyReader key) {}

    Desk(List<StreamPlan> streams) {
      for (StreamPlan stream : streams) {
        ExpressionCompiler.Compiled match = stream.match();
        KeyPath key = stream.key();
        lanes.add(
            new Lane(
                match == null ? null : match.instance(new DataSchema()),
                key == null ? null : key.reader()));
      }
    }

    void apply(EventDraft draft) {
      EventCursor event = envelope.of(draft);
      for (Lane lane : lanes) {
        if (lane.match() == null || Routing.takes(lane.match(), event)) {
          set(draft, lane.key());
          return;
        }
      }
    }

    private void set(EventDraft draft, @Nullable KeyReader key) {
      if (key != null) {
        key.read(draft, found);
        if (found.length() > 0 && found.length() <= EventLayout.MAX_ATTRIBUTE_BYTES) {
          draft.partitionKey.set(found.toBytes());
        }
      }
    }
  }
}
