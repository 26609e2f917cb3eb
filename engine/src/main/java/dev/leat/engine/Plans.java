package dev.leat.engine;

import dev.leat.pipeline.Plan;

/**
 * Turns what the log records of a definition back into one that runs. Implemented by whoever keeps
 * the contents: the same bytes must give the same plan for as long as the log holds them.
 */
@FunctionalInterface
public interface Plans {
  /**
   * The plan of these bytes. May read files and take its time.
   *
   * @throws IllegalStateException saying what is missing and what to do; processing stops then,
   *     since events must not be decided on under another definition than theirs
   */
  Plan load(byte[] definition);
}
