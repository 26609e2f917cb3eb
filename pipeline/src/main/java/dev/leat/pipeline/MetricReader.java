package dev.leat.pipeline;

import dev.leat.event.TableSpec;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the {@code metrics} of a definition. */
final class MetricReader {
  private static final List<String> KEYS =
      List.of("name", "from", "where", "window", "by", "lateness", "series", "measures");

  private final Set<String> streams;
  private final List<Mistake> mistakes;
  private final TableNames names;

  /** Reads metrics that may be from these streams, and not be called as they are. */
  MetricReader(Set<String> streams, TableNames names, List<Mistake> mistakes) {
    this.streams = streams;
    this.names = names;
    this.mistakes = mistakes;
  }

  List<MetricSpec> read(YamlMap top) {
    return top.list("metrics", this::metric);
  }

  private @Nullable MetricSpec metric(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, KEYS);
    String name = map.table(names, TableNames.Kind.METRIC);
    String from = map.required("from");
    if (!from.isEmpty() && !streams.contains(from)) {
      map.mistake("from", Spelling.unknown("stream", from, streams));
    }
    String where = map.someText("where");
    Window window = window(map);
    List<String> by = map.texts("by", Names.PATH, Names::isPath);
    Duration lateness = map.duration("lateness", MetricSpec.DEFAULT_LATENESS);
    List<Measure> measures = measures(map);
    if (window == null || measures == null) {
      return null;
    }
    int series =
        map.integer(
            "series",
            window instanceof Window.Session
                ? MetricSpec.DEFAULT_SESSION_SERIES
                : MetricSpec.DEFAULT_SERIES);
    return map.build(
        () -> new MetricSpec(name, from, where, window, by, lateness, measures, series));
  }

  private static @Nullable Window window(YamlMap metric) {
    String expected =
        "a window such as {tumbling: 1h}, {sliding: 1h, every: 1m} or {session: 30m, key: subject}";
    YamlMap map = metric.map("window", "tumbling", "sliding", "every", "session", "key");
    Duration tumbling = map.positive("tumbling");
    Duration sliding = map.positive("sliding");
    Duration every = map.positive("every");
    Duration session = map.positive("session");
    boolean keyed = map.has("key");
    if (map.isSpoiled()) {
      return null;
    }
    if (tumbling != null && sliding == null && every == null && session == null && !keyed) {
      return map.build(() -> new Window.Tumbling(tumbling));
    }
    if (sliding != null && every != null && tumbling == null && session == null && !keyed) {
      return map.build(() -> new Window.Sliding(sliding, every));
    }
    if (session != null && keyed && tumbling == null && sliding == null && every == null) {
      String key = map.path("key");
      return map.build(() -> new Window.Session(session, key));
    }
    metric.mistake("window", "expected " + expected);
    return null;
  }

  /** The measures in the order of the file; null if some are wrong. */
  private @Nullable List<Measure> measures(YamlMap metric) {
    YamlMap map = metric.named("measures", Names.TABLE, TableSpec::isName);
    List<Measure> measures = new ArrayList<>(map.entries(this::measure).values());
    if (map.isSpoiled()) {
      return null;
    }
    return measures;
  }

  private @Nullable Measure measure(Node node, String path) {
    if (!(node instanceof ScalarNode scalar) || YamlNodes.isNull(node)) {
      String message = "expected a measure such as count(), found " + YamlNodes.describe(node);
      mistakes.add(YamlNodes.mistake(node, path, message));
      return null;
    }
    try {
      return MeasureText.parse(path.substring(path.lastIndexOf('.') + 1), scalar.getValue());
    } catch (IllegalArgumentException e) {
      mistakes.add(YamlNodes.mistake(node, path, String.valueOf(e.getMessage())));
      return null;
    }
  }
}
