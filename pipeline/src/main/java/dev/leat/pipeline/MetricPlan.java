package dev.leat.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A metric, compiled: what was found out about it when the definition was read. Immutable. */
public final class MetricPlan {
  private static final long HOUR_MICROS = Level.HOUR.micros();

  private final MetricSpec spec;
  private final StreamPlan stream;
  private final ExpressionCompiler.@Nullable Compiled where;
  private final List<String> labels;
  private final List<KeyPath> labelPaths;
  private final Map<String, KeyPath> valuePaths;
  private final long secret;
  private final long id;

  /**
   * @param labelPaths of the labels, the key of sessions last
   * @param valuePaths of the measures, as they were read
   * @param secret what keys are hashed with in memory
   */
  MetricPlan(
      MetricSpec spec,
      StreamPlan stream,
      ExpressionCompiler.@Nullable Compiled where,
      List<String> labels,
      List<KeyPath> labelPaths,
      Map<String, KeyPath> valuePaths,
      long secret) {
    this.spec = spec;
    this.stream = stream;
    this.where = where;
    this.labels = List.copyOf(labels);
    this.labelPaths = List.copyOf(labelPaths);
    this.valuePaths = Map.copyOf(valuePaths);
    this.secret = secret;
    this.id = hash(identity(spec));
  }

  /**
   * Which results belong to it: a hash of everything in the definition that says what they are
   * (name, stream, condition, window, labels, measures). Another one begins anew.
   */
  public long id() {
    return id;
  }

  public MetricSpec spec() {
    return spec;
  }

  public String name() {
    return spec.name();
  }

  /** How event time of its stream is judged. */
  public StreamSpec.Time time() {
    return stream.spec().time();
  }

  /** How long results of each level are kept, counted from the watermark; null for ever. */
  public StreamSpec.@Nullable Retention retention() {
    return stream.spec().retention();
  }

  /**
   * Names of the labels, in the order of {@code by}, the key of sessions last: the last name of
   * each path where that is unambiguous, else the whole path.
   */
  public List<String> labels() {
    return labels;
  }

  /** Whether windows are sessions. */
  public boolean isSession() {
    return spec.window() instanceof Window.Session;
  }

  /** How long a bucket of {@link Level#BASE} is: the slice, or the stretch sessions begin in. */
  public long bucketMicros() {
    return switch (spec.window()) {
      case Window.Tumbling tumbling -> micros(tumbling.size());
      case Window.Sliding sliding -> micros(sliding.every());
      case Window.Session session ->
          Math.max(1, Math.ceilDiv(micros(session.gap()), HOUR_MICROS)) * HOUR_MICROS;
    };
  }

  /** How long a window is; for sessions the gap. */
  public long windowMicros() {
    return switch (spec.window()) {
      case Window.Tumbling tumbling -> micros(tumbling.size());
      case Window.Sliding sliding -> micros(sliding.size());
      case Window.Session session -> micros(session.gap());
    };
  }

  private static long micros(Duration duration) {
    return duration.toMillis() * 1_000;
  }

  /** The bucket of a level that a time is in, rounded towards the past. */
  public long bucketOf(Level level, long micros) {
    long size = level == Level.BASE ? bucketMicros() : level.micros();
    return Math.floorDiv(micros, size) * size;
  }

  /** How its cells are laid out, for one thread and the rows of a table with this schema. */
  public CellLayout layout(DataSchema schema) {
    return new CellLayout(
        isSession(),
        spec.series(),
        Accumulators.of(spec.measures(), valuePaths, schema, secret),
        secret);
  }

  long secret() {
    return secret;
  }

  /** Where the labels are in an event, the key of sessions last. */
  List<KeyPath> labelPaths() {
    return labelPaths;
  }

  /** The labels of rows of a table with this schema, for one thread. */
  SeriesReader series(DataSchema schema) {
    return new SeriesReader(labelPaths, schema);
  }

  /**
   * Says which events count, for one thread and the rows of a table with this schema; null if all
   * do. An event that it can't be evaluated for does not count.
   */
  @Nullable CelExpression condition(DataSchema schema) {
    return where == null ? null : where.instance(schema);
  }

  /** The fields that enrichment writes into the rows that it counts, with their types. */
  Map<FieldPath, DataType> outputs() {
    return stream.outputs();
  }

  private static String identity(MetricSpec spec) {
    StringBuilder text = new StringBuilder();
    append(text, spec.name());
    append(text, spec.from());
    append(text, spec.where() == null ? "" : spec.where());
    append(
        text,
        switch (spec.window()) {
          case Window.Tumbling tumbling -> "tumbling " + micros(tumbling.size());
          case Window.Sliding sliding ->
              "sliding %d %d".formatted(micros(sliding.size()), micros(sliding.every()));
          case Window.Session session ->
              "session %d %s".formatted(micros(session.gap()), session.key());
        });
    append(text, Integer.toString(spec.by().size()));
    spec.by().forEach(path -> append(text, path));
    for (Measure measure : spec.measures()) {
      append(text, measure.name());
      append(text, measure.text());
    }
    return text.toString();
  }

  /** No two lists of parts become the same text. */
  private static void append(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }

  /** FNV-1a with a last mixing. It is part of the data on disk and never changes. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte each : text.getBytes(UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    long mixed = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    return mixed ^ mixed >>> 33;
  }
}
