package dev.leat.server;

import dev.leat.pipeline.Contents;
import dev.leat.pipeline.Definition;
import dev.leat.pipeline.Kinds;
import dev.leat.pipeline.Mistake;
import dev.leat.pipeline.Places;
import dev.leat.pipeline.Plan;
import dev.leat.pipeline.Plan.Planning;
import java.security.SecureRandom;
import java.util.List;

/**
 * A definition and what its files hold, in memory: what a plan is made of. Immutable.
 *
 * @param places for mistakes that the plan finds
 * @param warnings what is odd about the lookups' files, but no reason to refuse them
 */
record DefinitionContent(
    Definition definition, Places places, Contents contents, List<Mistake> warnings) {
  /** One for all plans of this process; another one each time it starts. */
  private static final long SECRET = new SecureRandom().nextLong();

  DefinitionContent {
    warnings = List.copyOf(warnings);
  }

  /** Checks everything against everything else; a file that can't be read is a mistake here. */
  Planning compile(Kinds kinds) {
    return Plan.compile(definition, places, contents, kinds, SECRET);
  }
}
