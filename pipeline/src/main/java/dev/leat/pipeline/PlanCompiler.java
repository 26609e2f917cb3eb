package dev.leat.pipeline;

import dev.leat.pipeline.Plan.Planning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a definition says against what its files hold and against itself, and notes every
 * mistake with its place. For one definition.
 */
final class PlanCompiler {
  private final Places places;
  private final Contents contents;
  private final Kinds kinds;
  private final long secret;
  private final List<Mistake> mistakes = new ArrayList<>();

  PlanCompiler(Places places, Contents contents, Kinds kinds, long secret) {
    this.places = places;
    this.contents = contents;
    this.kinds = kinds;
    this.secret = secret;
  }

  Planning compile(Definition definition) {
    List<StreamPlan> streams = new ArrayList<>();
    StreamPlan last = null;
    for (int i = 0; i < definition.streams().size(); i++) {
      StreamSpec spec = definition.streams().get(i);
      StreamPlan plan = stream(spec, Places.element("streams", i));
      if (spec.isCatchAll()) {
        last = plan;
      } else {
        streams.add(plan);
      }
    }
    streams.add(last == null ? stream(StreamSpec.catchAll(), "streams") : last);
    definition.lookups().keySet().stream()
        .filter(name -> !contents.lookups().containsKey(name))
        .forEach(
            name -> mistake(Places.member("lookups", name), "lookup: " + contents.problem(name)));
    List<MetricPlan> metrics = metrics(definition.metrics(), streams);
    if (mistakes.isEmpty()) {
      return new Planning.Valid(
          new Plan(streams, contents.lookups(), metrics, kinds, definition.views()));
    }
    mistakes.sort(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
    return new Planning.Invalid(mistakes);
  }

  private List<MetricPlan> metrics(List<MetricSpec> specs, List<StreamPlan> streams) {
    MetricCompiler compiler = new MetricCompiler(streams, this::mistake, secret);
    List<MetricPlan> metrics = new ArrayList<>();
    for (int i = 0; i < specs.size(); i++) {
      MetricPlan metric = compiler.compile(specs.get(i), Places.element("metrics", i));
      if (metric != null) {
        metrics.add(metric);
      }
    }
    return metrics;
  }

  private StreamPlan stream(StreamSpec spec, String path) {
    EventSchema schema = schema(spec, path);
    DataType.ObjectOf sent = schema == null ? DataType.unknown() : schema.type();
    ExpressionScope scope = ExpressionScope.of(sent);
    ExpressionCompiler.Compiled match =
        spec.match() == null
            ? null
            : expression(
                ExpressionScope.envelope(),
                spec.match(),
                DataType.Scalar.BOOLEAN,
                Places.member(path, "match"));
    List<ExpressionCompiler.Compiled> rules = new ArrayList<>();
    for (int i = 0; i < spec.rules().size(); i++) {
      String at = Places.element(Places.member(path, "rules"), i);
      ExpressionCompiler.Compiled rule =
          expression(
              scope,
              spec.rules().get(i).check(),
              DataType.Scalar.BOOLEAN,
              Places.member(at, "check"));
      if (rule != null) {
        rules.add(rule);
      }
    }
    Map<String, KeyPath> paths = new HashMap<>();
    if (spec.key() != null) {
      path(scope, spec.key(), Places.member(path, "key"), paths);
    }
    StreamSpec.Entity entity = spec.entity();
    if (entity != null) {
      String at = Places.member(path, "entity");
      path(scope, entity.key(), Places.member(at, "key"), paths);
      path(scope, entity.version(), Places.member(at, "version"), paths);
    }
    Enrichment enrichment = new Enrichment(sent, schema != null, paths);
    for (int i = 0; i < spec.enrich().size(); i++) {
      enrichment.add(i, spec.enrich().get(i), Places.element(Places.member(path, "enrich"), i));
    }
    return new StreamPlan(
        spec,
        match,
        schema,
        enrichment.type,
        rules,
        enrichment.computed,
        paths,
        enrichment.outputs);
  }

  private @Nullable EventSchema schema(StreamSpec spec, String path) {
    String file = spec.schema();
    if (file == null) {
      return null;
    }
    String at = Places.member(path, "schema");
    String text = contents.schemas().get(file);
    if (text == null) {
      mistake(at, "schema %s: %s".formatted(file, contents.problem(file)));
      return null;
    }
    return switch (EventSchema.parse(file, text)) {
      case EventSchema.Valid valid -> valid.schema();
      case EventSchema.Invalid invalid -> {
        invalid
            .problems()
            .forEach(problem -> mistake(at, "schema %s: %s".formatted(file, problem)));
        yield null;
      }
    };
  }

  private ExpressionCompiler.@Nullable Compiled expression(
      ExpressionScope scope, String text, @Nullable DataType wanted, String at) {
    return switch (new ExpressionCompiler(scope).compile(text, wanted)) {
      case ExpressionCompiler.Compiled compiled -> compiled;
      case ExpressionCompiler.Wrong wrong -> {
        wrong.problems().forEach(problem -> mistake(at, problem.message()));
        yield null;
      }
    };
  }

  private void path(ExpressionScope scope, String text, String at, Map<String, KeyPath> paths) {
    switch (KeyPath.read(text, scope)) {
      case KeyPath.Ready ready -> paths.put(text, ready.path());
      case KeyPath.Wrong wrong -> mistake(at, wrong.message());
    }
  }

  private void mistake(String at, String message) {
    mistakes.add(places.at(at, message));
  }

  /** The steps of one stream, each of which may use what those before it have added. */
  private final class Enrichment {
    private final boolean typed;
    private final Map<String, KeyPath> paths;
    private final Map<Integer, ExpressionCompiler.Compiled> computed = new HashMap<>();
    private final Map<FieldPath, DataType> outputs = new LinkedHashMap<>();
    private DataType.ObjectOf type;

    Enrichment(DataType.ObjectOf sent, boolean typed, Map<String, KeyPath> paths) {
      this.type = sent;
      this.typed = typed;
      this.paths = paths;
    }

    void add(int index, Step step, String at) {
      switch (step) {
        case Step.LookupStep lookup -> {
          path(ExpressionScope.of(type), lookup.on(), Places.member(at, "on"), paths);
          LookupTable table = contents.lookups().get(lookup.lookup());
          if (table != null) {
            output(lookup.into(), table.type(), Places.member(at, "into"));
          }
        }
        case Step.ComputeStep compute -> {
          ExpressionCompiler.Compiled value =
              expression(
                  ExpressionScope.of(type), compute.compute(), null, Places.member(at, "compute"));
          if (value != null) {
            computed.put(index, value);
            output(compute.into(), value.type(), Places.member(at, "into"));
          }
        }
        case Step.CustomStep custom -> {
          kinds.step(custom.kind()).outputs(custom).forEach((path, made) -> output(path, made, at));
        }
      }
    }

    /** Only enrichment writes there: what events bring at that path is kept in the rest. */
    private void output(String text, DataType made, String at) {
      FieldPath path = FieldPath.of(text);
      DataType.ObjectOf wider = typed ? Outputs.add(type, path, made) : type;
      boolean taken = outputs.keySet().stream().anyMatch(path::overlaps);
      if (wider == null || taken) {
        mistake(at, "%s is written already".formatted(text));
        return;
      }
      type = wider;
      outputs.put(path, made);
    }
  }
}
