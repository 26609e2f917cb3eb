package dev.leat.engine;

import dev.leat.pipeline.MemoryException;

/**
 * A file of the state, or of the results of metrics, does not hold what was written to it. Nothing
 * is answered from it: a wrong answer would lose an event or store it twice. If it is met in
 * deciding, the engine stops; {@link Restart} is what gets along without the file.
 */
final class StateDamagedException extends MemoryException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String what;

  StateDamagedException(String file, String what) {
    super(
        "%s is damaged: %s; restart Leat, which sets the file aside and goes back to the newest version that is whole"
            .formatted(file, what));
    this.file = file;
    this.what = what;
  }

  /** The name of the file, or of what else is damaged. */
  String file() {
    return file;
  }

  /** What is wrong with it. */
  String what() {
    return what;
  }
}
