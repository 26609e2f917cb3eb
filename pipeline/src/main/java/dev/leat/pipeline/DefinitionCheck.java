package dev.leat.pipeline;

import dev.leat.event.ViewSpec;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.TableNames.Kind;
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
      List<StreamSpec> streams,
      Map<String, Lookup> lookups,
      List<MetricSpec> metrics,
      List<ViewSpec> views) {
    TableNames tables = new TableNames();
    Set<String> names = new HashSet<>();
    for (StreamSpec stream : streams) {
      requireFree(tables.take(Kind.STREAM, stream.name()));
      names.add(stream.name());
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
    for (MetricSpec metric : metrics) {
      requireFree(tables.take(Kind.METRIC, metric.name()));
      require(
          names.contains(metric.from()),
          "metric '%s' is from a stream that is not there".formatted(metric.name()));
    }
    views.forEach(view -> requireFree(tables.take(Kind.VIEW, view.name())));
  }

  static String twice(String what, String name) {
    return "two %s are called '%s'".formatted(what, name);
  }

  static String tooMany() {
    return "there are at most %d streams".formatted(Definition.MAX_STREAMS);
  }

  private static void requireFree(String problem) {
    require(problem.isEmpty(), problem);
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
