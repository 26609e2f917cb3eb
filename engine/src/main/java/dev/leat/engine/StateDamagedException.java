package dev.leat.engine;

import dev.leat.pipeline.MemoryException;

/**
 * A file of the state does not hold what was written to it. Nothing is answered from it: a wrong
 * answer would lose an event or store it twice. The engine stops.
 */
final class StateDamagedException extends MemoryException {
  private static final long serialVersionUID = 1L;

  StateDamagedException(String file, String what) {
    super(
        ("%s is damaged: %s. Restore the file from a copy; or stop Leat and have the state rebuilt by processing the"
                + " log again")
            .formatted(file, what));
  }
}
