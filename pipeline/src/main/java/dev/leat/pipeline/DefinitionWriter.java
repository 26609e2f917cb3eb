package dev.leat.pipeline;

import dev.leat.event.ViewSpec;
import dev.leat.pipeline.Alerting.Maintenance;
import dev.leat.pipeline.Alerting.Stretch;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.pipeline.Lookup.CustomLookup;
import dev.leat.pipeline.Lookup.FileLookup;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import dev.leat.pipeline.Step.ComputeStep;
import dev.leat.pipeline.Step.CustomStep;
import dev.leat.pipeline.Step.LookupStep;
import dev.leat.pipeline.StreamSpec.Entity;
import dev.leat.pipeline.StreamSpec.Retention;
import dev.leat.pipeline.StreamSpec.Rule;

/** Writes a definition as YAML, every default spelled out, so that reading gives the same again. */
final class DefinitionWriter {
  private final YamlText out = new YamlText();

  private DefinitionWriter() {}

  static String all(Definition definition) {
    DefinitionWriter writer = new DefinitionWriter();
    writer.place(definition);
    writer.work(definition);
    writer.alerting(definition.alerting());
    return writer.out.toString();
  }

  static String pipeline(Definition definition) {
    DefinitionWriter writer = new DefinitionWriter();
    writer.work(definition);
    return writer.out.toString();
  }

  private void place(Definition definition) {
    out.map("server")
        .quoted("host", definition.server().host())
        .raw("port", Integer.toString(definition.server().port()))
        .end();
    out.quoted("data", definition.data());
    out.map("log")
        .raw("partitions", Integer.toString(definition.log().partitions()))
        .duration("retention", definition.log().retention())
        .raw("budget", Quantities.size(definition.log().budgetBytes()))
        .end();
  }

  private void work(Definition definition) {
    out.list("streams", definition.streams(), this::stream);
    if (definition.lookups().isEmpty()) {
      out.raw("lookups", "{}");
    } else {
      out.map("lookups");
      definition.lookups().forEach(this::lookup);
      out.end();
    }
    out.list("metrics", definition.metrics(), this::metric);
    out.list("views", definition.views(), this::view);
  }

  private void alerting(Alerting alerting) {
    out.list("alerts", alerting.alerts(), this::alert);
    out.list("notify", alerting.targets(), this::target);
    out.list("maintenance", alerting.maintenance(), this::maintenance);
  }

  private void alert(AlertSpec alert) {
    out.text("name", alert.name());
    if (alert.signal() == null) {
      out.text("metric", alert.metric()).text("measure", alert.measure()).texts("by", alert.by());
    } else {
      out.raw("signal", YamlMap.word(alert.signal()));
    }
    out.raw("direction", YamlMap.word(alert.direction()))
        .raw("severity", YamlMap.word(alert.severity()))
        .raw("sensitivity", YamlMap.word(alert.sensitivity()))
        .raw("above", String.valueOf(alert.above()))
        .raw("below", String.valueOf(alert.below()))
        .duration("for", alert.lasting());
  }

  private void target(Target target) {
    out.text(YamlMap.word(target.protocol()), target.url())
        .raw("severity", YamlMap.word(target.least()))
        .raw("per-hour", Integer.toString(target.perHour()));
  }

  private void maintenance(Maintenance window) {
    switch (window.stretch()) {
      case Stretch.Once once ->
          out.quoted("from", once.from().toString()).quoted("to", once.to().toString());
      case Stretch.Repeated repeated ->
          out.raw("every", repeated.day() == null ? "day" : YamlMap.word(repeated.day()))
              .quoted("at", repeated.at().toString())
              .duration("for", repeated.length());
    }
    out.texts("alerts", window.alerts());
  }

  private void stream(StreamSpec stream) {
    out.text("name", stream.name());
    if (!stream.isCatchAll()) {
      out.text("match", stream.match());
    }
    out.text("key", stream.key());
    out.text("schema", stream.schema());
    out.list("rules", stream.rules(), this::rule);
    if (stream.dedup().isZero()) {
      out.raw("dedup", "off");
    } else {
      out.map("dedup").duration("window", stream.dedup()).end();
    }
    out.list("enrich", stream.enrich(), this::step);
    entity(stream);
    out.raw("raw", YamlMap.word(stream.raw()));
    retention(stream);
    out.map("time")
        .duration("disorder", stream.time().disorder())
        .duration("idle", stream.time().idle())
        .duration("ahead", stream.time().ahead())
        .end();
  }

  private void rule(Rule rule) {
    out.text("name", rule.name());
    out.text("check", rule.check());
    out.raw("otherwise", YamlMap.word(rule.otherwise()));
  }

  private void step(Step step) {
    switch (step) {
      case LookupStep lookup ->
          out.text("lookup", lookup.lookup())
              .text("on", lookup.on())
              .text("into", lookup.into())
              .raw("missing", YamlMap.word(lookup.missing()));
      case ComputeStep compute ->
          out.text("compute", compute.compute()).text("into", compute.into());
      case CustomStep custom -> out.settings(custom.settings());
    }
  }

  private void entity(StreamSpec stream) {
    Entity entity = stream.entity();
    if (entity == null) {
      out.raw("entity", "null");
    } else {
      out.map("entity")
          .text("key", entity.key())
          .text("version", entity.version())
          .raw("order", YamlMap.word(entity.order()))
          .end();
    }
  }

  private void retention(StreamSpec stream) {
    Retention retention = stream.retention();
    if (retention == null) {
      out.raw("retention", "null");
    } else {
      out.map("retention")
          .duration("raw", retention.raw())
          .duration("minute", retention.minute())
          .duration("hour", retention.hour())
          .duration("day", retention.day())
          .end();
    }
  }

  private void lookup(String name, Lookup lookup) {
    out.map(name);
    switch (lookup) {
      case FileLookup file -> out.text("file", file.file());
      case CustomLookup custom -> out.settings(custom.settings());
    }
    out.text("key", lookup.key()).duration("refresh", lookup.refresh()).end();
  }

  private void view(ViewSpec view) {
    out.text("name", view.name()).text("select", view.select()).duration("refresh", view.refresh());
  }

  private void metric(MetricSpec metric) {
    out.text("name", metric.name()).text("from", metric.from()).text("where", metric.where());
    out.map("window");
    switch (metric.window()) {
      case Window.Tumbling tumbling -> out.duration("tumbling", tumbling.size());
      case Window.Sliding sliding ->
          out.duration("sliding", sliding.size()).duration("every", sliding.every());
      case Window.Session session ->
          out.duration("session", session.gap()).text("key", session.key());
    }
    out.end();
    out.texts("by", metric.by());
    out.duration("lateness", metric.lateness()).raw("series", Integer.toString(metric.series()));
    out.map("measures");
    for (Measure measure : metric.measures()) {
      out.text(measure.name(), measure.text());
    }
    out.end();
  }
}
