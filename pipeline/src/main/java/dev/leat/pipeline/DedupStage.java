package dev.leat.pipeline;

import dev.leat.event.EventCursor;
import dev.leat.pipeline.Memory.Seen;
import org.jspecify.annotations.Nullable;

/**
 * Whether an event with this source and id was stored within the window. An event that fails a
 * stage is not remembered, so that it can be sent again when it has been repaired.
 */
final class DedupStage implements Stage {
  private static final String NAME = "dedup";

  private final Seen seen;

  DedupStage(Seen seen) {
    this.seen = seen;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Rejection check(Row row) {
    EventCursor event = row.event();
    long first =
        seen.first(
            event.bytes(), event.sourceAt(), event.sourceLength(), event.idAt(), event.idLength());
    // What was learned at this position or later is from a life before a crash: not a copy.
    return first == Seen.NEVER || first >= row.position() ? null : new Rejection.Copied(first);
  }

  @Override
  public void stored(Row row) {
    EventCursor event = row.event();
    seen.add(
        event.bytes(),
        event.sourceAt(),
        event.sourceLength(),
        event.idAt(),
        event.idLength(),
        row.position());
  }
}
