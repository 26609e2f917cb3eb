package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is asked of an event, or done to it, on its way into a stream. For one thread. The
 * order of the stages is that of {@link Stages}.
 */
interface Stage {
  /** Its name, as {@code dead_letters.stage} has it. */
  String name();

  /** Why the event goes no further; null if it does. */
  @Nullable Rejection check(Row row);

  /** Called when the event has passed all stages and is stored: now it may be remembered. */
  default void stored(Row row) {}
}
