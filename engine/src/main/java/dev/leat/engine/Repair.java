package dev.leat.engine;

import dev.leat.event.EventBatch;
import dev.leat.event.EventCursor;
import dev.leat.event.EventDraft;
import dev.leat.event.KeyRule;
import dev.leat.pipeline.DataPatch;
import org.jspecify.annotations.Nullable;

/** Makes events of dead letters, with the data that a patch says. For one thread. */
final class Repair {
  private final @Nullable DataPatch patch;
  private final EventBatch.Writer scratch = new EventBatch.Writer(1 << 12);

  /**
   * @param patch null to send what came
   */
  Repair(@Nullable DataPatch patch) {
    this.patch = patch;
  }

  /** Writes the event into the draft; why the patch does not go with it, or null if it does. */
  @Nullable String write(DeadLetter letter, EventDraft draft, KeyRule keys, long nowMicros) {
    letter.write(draft, keys, nowMicros);
    if (patch == null) {
      return null;
    }
    scratch.clear();
    scratch.add(draft);
    EventCursor event = new EventCursor();
    event.reset(scratch.batch());
    event.next();
    return switch (patch.apply(event)) {
      case DataPatch.Patched changed -> {
        DeadLetter.replaceData(draft, changed.data());
        letter.setKey(draft, keys);
        yield null;
      }
      case DataPatch.Failed failed -> failed.reason();
    };
  }
}
