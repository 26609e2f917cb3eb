package dev.leat.engine;

import dev.leat.pipeline.MemoryException;

/**
 * A file of the state, or of the results of metrics, does not hold what was written to it. Nothing
 * is answered from it: a wrong answer would lose an event or store it twice. If it is met in
 * deciding, the engine stops.
 */
final class StateDamagedException extends MemoryException {
  private static final long serialVersionUID = 1L;

  StateDamagedException(String file, String what) {
    this(file, what, "stop Leat and have the state rebuilt by processing the log again");
  }

  private StateDamagedException(String file, String what, String otherwise) {
    super(
        "%s is damaged: %s. Restore the file from a copy; or %s".formatted(file, what, otherwise));
  }

  /** A file of the results of metrics. */
  static StateDamagedException cells(String file, String what) {
    return new StateDamagedException(
        file, what, "have the metrics that it holds computed anew from the rows");
  }
}
