package dev.leat.query;

import dev.leat.event.Metrics.Query;
import io.helidon.webserver.http.ServerRequest;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from a URL which results of a metric a request is about. For one request. */
final class MetricQuestion {
  private static final String WHERE = "where";
  private static final List<String> PARAMETERS =
      List.of("from", "to", "step", "by", WHERE, "value");

  private final UrlParameters parameters;
  private final Instant now;

  private MetricQuestion(UrlParameters parameters, Instant now) {
    this.parameters = parameters;
    this.now = now;
  }

  /** The parameters that there may be. */
  static UrlParameters parameters(ServerRequest request) {
    return UrlParameters.of(request, PARAMETERS, List.of(WHERE));
  }

  static Query of(String metric, UrlParameters parameters, Instant now, long maxPoints) {
    MetricQuestion question = new MetricQuestion(parameters, now);
    Long from = question.time("from");
    Long to = question.time("to");
    requireOrder(from, to);
    return new Query(
        metric,
        from,
        to,
        question.step(),
        question.by(),
        question.where(),
        parameters.text("value"),
        maxPoints);
  }

  /** A stretch of time ends after it begins. */
  static void requireOrder(@Nullable Long from, @Nullable Long to) {
    if (from != null && to != null && from >= to) {
      throw JsonBody.invalid(
          "from must be earlier than to: %s is not earlier than %s"
              .formatted(Times.ofMicros(from), Times.ofMicros(to)));
    }
  }

  private @Nullable Long time(String name) {
    String given = parameters.text(name);
    return given == null ? null : (Long) Times.micros(name, given, now);
  }

  private @Nullable Long step() {
    String given = parameters.text("step");
    return given == null ? null : (Long) Durations.micros("step", given);
  }

  /** Null to divide by all labels, empty by none. */
  private @Nullable List<String> by() {
    String given = parameters.text("by");
    if (given == null) {
      return null;
    }
    List<String> labels = given.isEmpty() ? List.of() : List.of(given.split(",", -1));
    if (labels.contains("") || new HashSet<>(labels).size() != labels.size()) {
      throw JsonBody.invalid(
          "by must be labels with commas between them, each once, or empty for none; not '%s'"
              .formatted(given));
    }
    return labels;
  }

  private Map<String, String> where() {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String condition : parameters.texts(WHERE)) {
      int equals = condition.indexOf('=');
      if (equals < 1) {
        throw JsonBody.invalid(
            "where must be a label and its value, where=origin=LAS, and may come several times; not '%s'"
                .formatted(condition));
      }
      String label = condition.substring(0, equals);
      if (wanted.put(label, condition.substring(equals + 1)) != null) {
        throw JsonBody.invalid("where asks for two values of '%s'".formatted(label));
      }
    }
    return wanted;
  }
}
