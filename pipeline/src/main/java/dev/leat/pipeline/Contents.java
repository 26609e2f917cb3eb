package dev.leat.pipeline;

import java.util.Map;

/**
 * What the files that a definition names hold. Immutable.
 *
 * @param schemas the text of each schema file, by its path as written
 * @param lookups the table of each lookup, by its name
 * @param problems why a schema file (by path) or a lookup (by name) is not among them
 */
public record Contents(
    Map<String, String> schemas, Map<String, LookupTable> lookups, Map<String, String> problems) {
  public static final Contents NONE = new Contents(Map.of(), Map.of(), Map.of());

  public Contents {
    schemas = Map.copyOf(schemas);
    lookups = Map.copyOf(lookups);
    problems = Map.copyOf(problems);
  }

  String problem(String what) {
    return problems.getOrDefault(what, "it was not read");
  }
}
