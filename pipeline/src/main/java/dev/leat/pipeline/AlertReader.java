package dev.leat.pipeline;

import dev.leat.pipeline.AlertSpec.Direction;
import dev.leat.pipeline.AlertSpec.Sensitivity;
import dev.leat.pipeline.AlertSpec.Severity;
import dev.leat.pipeline.AlertSpec.Signal;
import dev.leat.pipeline.Alerting.Maintenance;
import dev.leat.pipeline.Alerting.Protocol;
import dev.leat.pipeline.Alerting.Stretch;
import dev.leat.pipeline.Alerting.Target;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code alerts}, {@code notify} and {@code maintenance} of a definition. */
final class AlertReader {
  private static final List<String> KEYS =
      List.of(
          "name",
          "metric",
          "measure",
          "signal",
          "by",
          "direction",
          "severity",
          "sensitivity",
          "above",
          "below",
          "for");
  private static final List<String> TARGET_KEYS =
      List.of("alertmanager", "webhook", "severity", "per-hour");
  private static final List<String> MAINTENANCE_KEYS =
      List.of("from", "to", "every", "at", "for", "alerts");
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Map<String, MetricSpec> metrics;
  private final List<Mistake> mistakes;
  private final Set<String> names = new HashSet<>();

  /** Reads alerts on these metrics. */
  AlertReader(List<MetricSpec> metrics, List<Mistake> mistakes) {
    this.metrics =
        metrics.stream().collect(Collectors.toMap(MetricSpec::name, m -> m, (one, _) -> one));
    this.mistakes = mistakes;
  }

  Alerting read(YamlMap top) {
    List<AlertSpec> alerts = top.list("alerts", this::alert);
    List<Target> targets = top.list("notify", this::target);
    List<Maintenance> windows = top.list("maintenance", this::maintenance);
    return top.check(() -> new Alerting(alerts, targets, windows), Alerting.NONE);
  }

  private @Nullable AlertSpec alert(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, KEYS);
    String name = map.required("name", Names.NAME, Names::isName);
    if (!name.isEmpty() && !names.add(name)) {
      map.mistake("name", DefinitionCheck.twice("alerts", name));
    }
    String metric = map.someText("metric");
    String measure = map.someText("measure");
    List<String> by = map.texts("by");
    Signal signal = map.has("signal") ? map.choice("signal", Signal.INGEST) : null;
    Direction direction = map.choice("direction", Direction.BOTH);
    Severity severity = map.choice("severity", Severity.WARNING);
    Sensitivity sensitivity = map.choice("sensitivity", Sensitivity.MEDIUM);
    Double above = map.has("above") ? (Double) map.number("above", 0) : null;
    Double below = map.has("below") ? (Double) map.number("below", 0) : null;
    Duration lasting = map.duration("for", AlertSpec.DEFAULT_LASTING);
    String of = metric == null ? measure : measure(map, metric, measure, by);
    boolean learned = above == null && below == null;
    if (metric != null && learned && metrics.containsKey(metric)) {
      checkWindow(map, metrics.get(metric));
    }
    return map.build(
        () ->
            new AlertSpec(
                name,
                metric,
                of,
                signal,
                by,
                direction,
                severity,
                sensitivity,
                above,
                below,
                lasting));
  }

  /** The measure that is meant. */
  private @Nullable String measure(
      YamlMap map, String metric, @Nullable String measure, List<String> by) {
    MetricSpec spec = metrics.get(metric);
    if (spec == null) {
      map.mistake("metric", Spelling.unknown("metric", metric, metrics.keySet()));
      return measure;
    }
    List<String> labels = labels(spec);
    for (String label : by) {
      if (!labels.contains(label)) {
        map.mistake("by", Spelling.unknown("label", label, labels));
      }
    }
    List<String> measures = spec.measures().stream().map(Measure::name).toList();
    if (measure == null && measures.size() == 1) {
      return measures.getFirst();
    }
    if (measure == null) {
      map.mistake(
          "metric",
          "'measure' is missing: the metric has %s".formatted(String.join(", ", measures)));
    } else if (!measures.contains(measure)) {
      map.mistake("measure", Spelling.unknown("measure", measure, measures));
    } else if (!isNumber(spec, measure)) {
      map.mistake("measure", "'%s' is no number".formatted(measure));
    }
    return measure;
  }

  private static boolean isNumber(MetricSpec spec, String measure) {
    return spec.measures().stream()
        .filter(one -> one.name().equals(measure))
        .noneMatch(one -> one.function() == Function.TOPK || one.function() == Function.FREQUENCY);
  }

  /** What the labels of a metric are called in its answers. */
  private static List<String> labels(MetricSpec spec) {
    List<String> paths = new ArrayList<>(spec.by());
    if (spec.window() instanceof Window.Session session) {
      paths.add(session.key());
    }
    return MetricCompiler.labels(paths);
  }

  private static void checkWindow(YamlMap map, MetricSpec metric) {
    Duration step =
        switch (metric.window()) {
          case Window.Tumbling tumbling -> tumbling.size();
          case Window.Sliding sliding -> sliding.every();
          case Window.Session _ -> null;
        };
    boolean fits =
        step != null
            && step.compareTo(LONGEST) <= 0
            && LONGEST.toMillis() % step.toMillis() == 0
            && (step.toMillis() % 60_000 == 0 || 60_000 % step.toMillis() == 0);
    if (!fits) {
      map.mistake(
          "metric",
          "what is usual can be learned of windows that an hour is a multiple of, and that are a multiple of a minute or divide one; this metric needs 'above' or 'below'");
    }
  }

  private @Nullable Target target(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, TARGET_KEYS);
    boolean manager = map.has("alertmanager");
    if (manager == map.has("webhook")) {
      map.mistake("alertmanager", "expected 'alertmanager' or 'webhook' with an address");
      return null;
    }
    Protocol protocol = manager ? Protocol.ALERTMANAGER : Protocol.WEBHOOK;
    String key = YamlMap.word(protocol);
    String url = map.required(key, Alerting.A_URL, Alerting::isUrl);
    Severity least = map.choice("severity", Severity.INFO);
    int perHour = map.integer("per-hour", Target.DEFAULT_PER_HOUR);
    return map.build(() -> new Target(protocol, url, least, perHour));
  }

  private @Nullable Maintenance maintenance(Node node, String path) {
    YamlMap map = YamlMap.of(node, path, mistakes, MAINTENANCE_KEYS);
    List<String> alerts = map.texts("alerts", Names.NAME, Names::isName);
    boolean once = map.has("from") || map.has("to");
    if (once == (map.has("every") || map.has("at"))) {
      map.mistake(
          "from",
          "expected {from: TIME, to: TIME} or {every: day or sunday, at: '02:00', for: 2h}");
      return null;
    }
    Stretch stretch = once ? once(map) : repeated(map);
    return stretch == null ? null : map.build(() -> new Maintenance(stretch, alerts));
  }

  private static @Nullable Stretch once(YamlMap map) {
    Instant from = time(map, "from");
    Instant to = time(map, "to");
    return from == null || to == null ? null : map.build(() -> new Stretch.Once(from, to));
  }

  private static @Nullable Instant time(YamlMap map, String key) {
    String text = map.required(key);
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notOne) {
      map.mistake(key, "expected a time like 2026-01-31T12:00:00Z, found '%s'".formatted(text));
      return null;
    }
  }

  private static @Nullable Stretch repeated(YamlMap map) {
    String every = map.required("every");
    String at = map.required("at");
    Duration length = map.positive("for");
    DayOfWeek day = day(every);
    if (day == null && !every.isEmpty() && !every.equals("day")) {
      map.mistake(
          "every",
          "expected day, or a day of the week such as sunday, found '%s'".formatted(every));
    }
    LocalTime time = null;
    try {
      time = at.isEmpty() ? null : LocalTime.parse(at);
    } catch (DateTimeException notOne) {
      map.mistake("at", "expected a time of the day in UTC like '02:00', found '%s'".formatted(at));
    }
    if (length == null && !map.isSpoiled()) {
      map.mistake("for", "'for' is missing");
    }
    LocalTime begin = time;
    return begin == null || length == null
        ? null
        : map.build(() -> new Stretch.Repeated(day, begin, length));
  }

  private static @Nullable DayOfWeek day(String word) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> day.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElse(null);
  }
}
