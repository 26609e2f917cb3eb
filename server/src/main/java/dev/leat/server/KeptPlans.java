package dev.leat.server;

import dev.leat.engine.Plans;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import java.io.IOException;

/** Makes plans again of the copies that records in the log name. For one thread. */
final class KeptPlans implements Plans {
  private final DefinitionLoader loader;

  /** Plans by a loader that no other thread uses. */
  KeptPlans(DefinitionLoader loader) {
    this.loader = loader;
  }

  @Override
  public Plan load(byte[] definition) {
    try {
      DefinitionBundle bundle = DefinitionBundle.decode(definition);
      return switch (loader.load(bundle).compile(loader.kinds())) {
        case Planning.Valid valid -> valid.plan();
        case Planning.Invalid invalid ->
            throw new IllegalStateException(
                "definition %d, which the log names, can't be made to run again: %s"
                    .formatted(bundle.version(), invalid.mistakes()));
      };
    } catch (IOException lost) {
      throw new IllegalStateException(
          "a definition that the log names can't be read: %s; restore the directory 'definitions'"
              .formatted(lost.getMessage()),
          lost);
    }
  }
}
