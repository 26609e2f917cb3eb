package dev.leat.pipeline;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A kind of place that lookup tables come from: one class per kind, in the list of {@link Kinds}.
 * Safe for use by several threads.
 */
public interface LookupKind {
  /** The key that tells a lookup of this kind from others, as {@code file}. */
  String key();

  /** The keys it has beside that, {@code key} and {@code refresh}. */
  List<String> settings();

  /**
   * Reads a lookup, as {@link StepKind#read} does a step.
   *
   * @param column the column whose values rows are found by
   * @param refresh how often to look for a change
   * @throws IllegalArgumentException if the settings don't go together, saying why
   */
  Lookup read(Settings settings, String column, Duration refresh);

  /**
   * What the lookup holds now. Called on a thread that may wait, first when the definition is read
   * and then as often as {@code refresh} says; if it fails later on, the content before stays. Only
   * asked of kinds that read a {@link Lookup.CustomLookup}.
   *
   * @throws IOException saying why there is none
   */
  default LookupContent fetch(Lookup.CustomLookup lookup) throws IOException {
    throw new UnsupportedOperationException("lookups of kind %s are Leat's own".formatted(key()));
  }
}
