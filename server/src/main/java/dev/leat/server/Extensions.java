package dev.leat.server;

import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.LookupKind;
import dev.leat.pipeline.StepKind;
import java.util.ServiceLoader;

/** The kinds of steps and lookups that there are: Leat's own, and those found on the class path. */
final class Extensions {
  private Extensions() {}

  /**
   * All of them.
   *
   * @throws CommandFailure if two have the same key
   */
  static Kinds kinds() {
    Kinds kinds = Kinds.BUILT_IN;
    try {
      for (StepKind kind : ServiceLoader.load(StepKind.class)) {
        kinds = kinds.with(kind);
      }
      for (LookupKind kind : ServiceLoader.load(LookupKind.class)) {
        kinds = kinds.with(kind);
      }
    } catch (IllegalArgumentException twice) {
      throw new CommandFailure("extensions don't go together: " + twice.getMessage(), twice);
    }
    return kinds;
  }
}
