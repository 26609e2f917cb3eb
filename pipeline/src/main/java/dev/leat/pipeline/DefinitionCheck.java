package dev.leat.pipeline;

import dev.leat.pipeline.Step.LookupStep;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the parts of a definition must be to one another. */
final class DefinitionCheck {
  private DefinitionCheck() {}

  /**
   * Checks that names are given once, and that what is named is there.
   *
   * @throws IllegalArgumentException if not
   */
  static void check(
      List<StreamSpec> streams, Map<String, Lookup> lookups, List<MetricSpec> metrics) {
    Set<String> names = new HashSet<>();
    for (StreamSpec stream : streams) {
      require(names.add(stream.name()), twice("streams", stream.name()));
      for (Step step : stream.enrich()) {
        require(
            !(step instanceof LookupStep named) || lookups.containsKey(named.lookup()),
            "stream '%s' names a lookup that is not there".formatted(stream.name()));
      }
    }
    require(
        names.contains(StreamSpec.CATCH_ALL),
        "there is no stream '%s'".formatted(StreamSpec.CATCH_ALL));
    require(streams.size() <= Definition.MAX_STREAMS, tooMany());
    lookups.keySet().forEach(name -> Names.requireName("lookups", name));
    Set<String> metricNames = new HashSet<>();
    for (MetricSpec metric : metrics) {
      require(metricNames.add(metric.name()), twice("metrics", metric.name()));
      require(
          names.contains(metric.from()),
          "metric '%s' is from a stream that is not there".formatted(metric.name()));
    }
  }

  static String twice(String what, String name) {
    return "two %s are called '%s'".formatted(what, name);
  }

  static String tooMany() {
    return "there are at most %d streams".formatted(Definition.MAX_STREAMS);
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
