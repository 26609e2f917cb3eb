package dev.leat.server;

import dev.leat.pipeline.Definition;
import dev.leat.pipeline.MetricSpec;
import dev.leat.pipeline.Step;
import dev.leat.pipeline.StreamSpec;
import dev.leat.query.JsonWriter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What happens to the events of each stream, in the order in which it happens, for a drawing. */
final class StagesJson {
  private StagesJson() {}

  /** The member {@code streams}. */
  static void write(JsonWriter json, Definition definition) throws IOException {
    json.name("streams").beginArray();
    for (StreamSpec stream : definition.streams()) {
      json.beginObject()
          .field("name", stream.name())
          .field("match", stream.match())
          .field("key", stream.key())
          .field("schema", stream.schema())
          .name("rules")
          .beginArray();
      for (StreamSpec.Rule rule : stream.rules()) {
        json.beginObject()
            .field("name", rule.name())
            .field("check", rule.check())
            .field("otherwise", rule.otherwise().name().toLowerCase(Locale.ROOT))
            .endObject();
      }
      json.endArray()
          .field("dedupSeconds", stream.dedup().toSeconds())
          .field("enrich", stream.enrich().stream().map(StagesJson::words).toList())
          .field("entity", stream.entity() == null ? null : stream.entity().key())
          .field("metrics", metrics(definition, stream.name()))
          .endObject();
    }
    json.endArray();
  }

  private static List<String> metrics(Definition definition, String stream) {
    return definition.metrics().stream()
        .filter(metric -> metric.from().equals(stream))
        .map(MetricSpec::name)
        .toList();
  }

  private static String words(Step step) {
    return switch (step) {
      case Step.LookupStep lookup -> "lookup " + lookup.lookup() + " into " + lookup.into();
      case Step.ComputeStep compute -> "compute " + compute.into();
      case Step.CustomStep custom -> custom.kind();
    };
  }
}
