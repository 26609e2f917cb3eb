package dev.leat.pipeline;

import org.jspecify.annotations.Nullable;

/** A step of enrichment that runs. For one thread. */
@FunctionalInterface
public interface StepRun {
  /**
   * Adds to the event. It must be a function of the event and of what the step was made with: no
   * clock, no chance, no file, no network.
   *
   * @return why the event can't go on and becomes a dead letter; null if it can
   */
  @Nullable String apply(Row row);
}
