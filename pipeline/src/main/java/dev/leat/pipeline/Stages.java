package dev.leat.pipeline;

import static java.util.stream.Collectors.toSet;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.Memory.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stages of one stream, in their order: decode, schema, rules, dedup, correction, entity,
 * enrich. This is the one place that says so; a new stage is a class and a line here. For one
 * thread.
 */
final class Stages {
  private final List<Stage> all = new ArrayList<>();
  private final List<Stage> ofRetraction = new ArrayList<>();
  private final CorrectionStage correction;

  Stages(
      StreamPlan stream,
      DataSchema schema,
      Memory memory,
      SystemRows rows,
      StreamAggregates counted,
      Map<String, LookupTable> lookups,
      Kinds kinds) {
    StreamSpec spec = stream.spec();
    EventSchema declared = stream.schema();
    Seen seen = spec.dedup().isZero() ? null : memory.seen(spec.name(), spec.dedup());
    correction =
        new CorrectionStage(
            spec.name(), seen, memory.versions("corrected:" + spec.name()), rows, counted);
    Shredder shredder =
        new Shredder(
            schema,
            declared == null ? null : declared.type(),
            stream.outputs().keySet().stream().map(FieldPath::toString).collect(toSet()));
    all.add(new DecodeStage(shredder, declared != null, spec.raw() == StreamSpec.Raw.ALWAYS));
    if (declared != null) {
      all.add(new SchemaStage(new SchemaCheck(declared, schema)));
    }
    for (int i = 0; i < spec.rules().size(); i++) {
      all.add(new RuleStage(spec.rules().get(i), stream.rules().get(i).instance(schema)));
    }
    dedup(seen);
    all.add(correction);
    ofRetraction.add(correction);
    StreamSpec.Entity entity = spec.entity();
    if (entity != null) {
      all.add(
          new EntityStage(
              entity,
              reader(stream, entity.key(), schema),
              reader(stream, entity.version(), schema),
              memory.versions(spec.name())));
    }
    for (int i = 0; i < spec.enrich().size(); i++) {
      all.add(enrich(stream, i, schema, lookups, kinds));
    }
  }

  private void dedup(@Nullable Seen seen) {
    if (seen != null) {
      DedupStage dedup = new DedupStage(seen);
      all.add(dedup);
      ofRetraction.add(dedup);
    }
  }

  private static Stage enrich(
      StreamPlan stream,
      int index,
      DataSchema schema,
      Map<String, LookupTable> lookups,
      Kinds kinds) {
    return switch (stream.spec().enrich().get(index)) {
      case Step.LookupStep step ->
          new LookupStage(
              step,
              reader(stream, step.on(), schema),
              Objects.requireNonNull(lookups.get(step.lookup())),
              schema);
      case Step.ComputeStep step ->
          new ComputeStage(
              step,
              Objects.requireNonNull(stream.computed().get(index)).instance(schema),
              new FieldWriter(
                  FieldPath.of(step.into()),
                  Objects.requireNonNull(stream.computed().get(index)).type(),
                  schema));
      case Step.CustomStep step ->
          new CustomStage(
              step.kind(),
              kinds
                  .step(step.kind())
                  .compile(step, new StepScope(schema, path -> reader(stream, path, schema))));
    };
  }

  private static KeyReader reader(StreamPlan stream, String path, DataSchema schema) {
    KeyPath known = stream.paths().get(path);
    if (known != null) {
      return reader(stream, known, schema);
    }
    return switch (KeyPath.read(path, ExpressionScope.of(stream.type()))) {
      case KeyPath.Ready ready -> reader(stream, ready.path(), schema);
      case KeyPath.Wrong wrong -> throw new IllegalArgumentException(wrong.message());
    };
  }

  private static KeyReader reader(StreamPlan stream, KeyPath path, DataSchema schema) {
    boolean written =
        path.field() == KeyPath.Place.DATA
            && stream.outputs().keySet().stream().anyMatch(new FieldPath(path.members())::overlaps);
    return new KeyReader(path, schema, written);
  }

  /**
   * What an event has to pass. A retraction has no data that rules could be about: it only has to
   * be new, and to undo something.
   */
  List<Stage> of(Row row) {
    return correction.of(row.event()) == Correction.RETRACT ? ofRetraction : all;
  }

  /** Whether the event that was checked last is a retraction, which itself counts nowhere. */
  boolean isRetraction() {
    return correction.present() == Correction.RETRACT;
  }
}
