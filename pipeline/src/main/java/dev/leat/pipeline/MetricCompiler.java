package dev.leat.pipeline;

import dev.leat.pipeline.KeyPath.Use;
import dev.leat.pipeline.MetricSpec.Function;
import dev.leat.pipeline.MetricSpec.Measure;
import dev.leat.pipeline.MetricSpec.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks what metrics say against their streams, and that their names can stand side by side as the
 * tables and columns that they become. For one definition.
 */
final class MetricCompiler {
  /** The columns of the table of a metric, and those of the table of all. */
  private static final Set<String> RESERVED =
      Set.of("start", "end", "revision", "final", "exact", "metric", "labels", "measures");

  private final List<StreamPlan> streams;
  private final BiConsumer<String, String> mistakes;
  private final long secret;

  /**
   * @param mistakes takes the place and the message of each
   * @param secret what the metrics hash keys with
   */
  MetricCompiler(List<StreamPlan> streams, BiConsumer<String, String> mistakes, long secret) {
    this.streams = streams;
    this.mistakes = mistakes;
    this.secret = secret;
  }

  /** The plan of a metric that stands at this place; null if its stream is not there. */
  @Nullable MetricPlan compile(MetricSpec metric, String at) {
    for (StreamPlan stream : streams) {
      if (stream.name().equals(metric.from())) {
        return compile(metric, stream, at);
      }
    }
    return null;
  }

  private MetricPlan compile(MetricSpec metric, StreamPlan stream, String at) {
    ExpressionScope scope = ExpressionScope.of(stream.type());
    ExpressionCompiler.Compiled where = condition(metric.where(), scope, at);
    List<String> texts = new ArrayList<>(metric.by());
    List<KeyPath> paths = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String place = Places.element(Places.member(at, "by"), i);
      addTo(paths, path(texts.get(i), scope, Use.VALUE, place));
    }
    if (metric.window() instanceof Window.Session session) {
      String place = Places.member(Places.member(at, "window"), "key");
      if (texts.contains(session.key())) {
        mistakes.accept(place, "the key of sessions is a label anyway; leave it out of 'by'");
      }
      texts.add(session.key());
      addTo(paths, path(session.key(), scope, Use.VALUE, place));
    }
    List<String> labels = labels(texts);
    Map<String, KeyPath> values = new HashMap<>();
    for (Measure measure : metric.measures()) {
      measure(measure, labels, scope, Places.member(at, "measures"), values);
    }
    return new MetricPlan(metric, stream, where, labels, paths, values, secret);
  }

  private ExpressionCompiler.@Nullable Compiled condition(
      @Nullable String text, ExpressionScope scope, String at) {
    if (text == null) {
      return null;
    }
    return switch (new ExpressionCompiler(scope).compile(text, DataType.Scalar.BOOLEAN)) {
      case ExpressionCompiler.Compiled compiled -> compiled;
      case ExpressionCompiler.Wrong wrong -> {
        String place = Places.member(at, "where");
        wrong.problems().forEach(problem -> mistakes.accept(place, problem.message()));
        yield null;
      }
    };
  }

  private @Nullable KeyPath path(String text, ExpressionScope scope, Use use, String at) {
    return switch (KeyPath.read(text, scope, use)) {
      case KeyPath.Ready ready -> ready.path();
      case KeyPath.Wrong wrong -> {
        mistakes.accept(at, wrong.message());
        yield null;
      }
    };
  }

  private static void addTo(List<KeyPath> paths, @Nullable KeyPath path) {
    if (path != null) {
      paths.add(path);
    }
  }

  /** The last names of the paths; all of a path where another ends so, or a column is called so. */
  static List<String> labels(List<String> paths) {
    Map<String, Integer> times = new HashMap<>();
    paths.forEach(path -> times.merge(column(lastName(path)), 1, Integer::sum));
    return paths.stream()
        .map(
            path -> {
              String name = lastName(path);
              boolean unambiguous =
                  times.getOrDefault(column(name), 0) == 1 && !RESERVED.contains(column(name));
              return unambiguous ? name : path;
            })
        .toList();
  }

  private static String lastName(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** A name as SQL compares it. */
  private static String column(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void measure(
      Measure measure,
      List<String> labels,
      ExpressionScope scope,
      String measures,
      Map<String, KeyPath> values) {
    String at = Places.member(measures, measure.name());
    String name = measure.name();
    Set<String> taken = new HashSet<>();
    labels.forEach(label -> taken.add(column(label)));
    if (RESERVED.contains(name)) {
      mistakes.accept(at, StreamSpec.reserved(name));
    } else if (taken.contains(name)) {
      mistakes.accept(
          at, "a label is called '%s' too, and both are columns in SQL".formatted(name));
    }
    String text = measure.path();
    if (text != null) {
      KeyPath path = path(text, scope, use(measure.function()), at);
      if (path != null) {
        values.put(text, path);
      }
    }
  }

  private static Use use(Function function) {
    return switch (function) {
      case SUM, AVG, MIN, MAX, QUANTILE, RATE -> Use.NUMBER;
      case COUNT, DISTINCT, TOPK, FREQUENCY, FIRST, LAST -> Use.VALUE;
    };
  }
}
