package dev.leat.pipeline;

import java.util.List;
import java.util.Map;

/**
 * A kind of step that a definition may enrich events with: one class per kind, in the list of
 * {@link Kinds}. Safe for use by several threads.
 */
public interface StepKind {
  /** The key that tells a step of this kind from others, as {@code lookup}. */
  String key();

  /** The other keys a step of this kind may have. */
  List<String> settings();

  /**
   * Reads a step. What is wrong with a setting is noted by reading it; a step that comes of such
   * settings is thrown away.
   *
   * @throws IllegalArgumentException if the settings don't go together, saying why
   */
  Step read(Settings settings);

  /**
   * The paths in the data that a step of this kind writes at, as {@code data.device}, and what it
   * writes there. Only asked of kinds that read a {@link Step.CustomStep}.
   */
  default Map<String, DataType> outputs(Step.CustomStep step) {
    throw new UnsupportedOperationException("steps of kind %s are Leat's own".formatted(key()));
  }

  /**
   * The step, ready to run on one thread. Only asked of kinds that read a {@link Step.CustomStep}.
   *
   * @throws IllegalArgumentException if the step names what is not there
   */
  default StepRun compile(Step.CustomStep step, StepScope scope) {
    throw new UnsupportedOperationException("steps of kind %s are Leat's own".formatted(key()));
  }
}
