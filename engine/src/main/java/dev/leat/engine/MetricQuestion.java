package dev.leat.engine;

import dev.leat.event.Metrics;
import dev.leat.pipeline.Level;
import dev.leat.pipeline.MetricPlan;
import dev.leat.pipeline.WindowText;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what a question asks of a metric, and fills in what it leaves open. Any thread. */
final class MetricQuestion {
  /** So many windows, or steps, an answer has if nobody says where it begins. */
  static final int DEFAULT_WINDOWS = 100;

  /** Sessions have no length to go by: so much time, if nobody says where it begins. */
  static final long DEFAULT_SESSION_MICROS = Level.DAY.micros();

  private MetricQuestion() {}

  /** What is wrong with it, or null. */
  static Metrics.Answer.@Nullable Wrong mistake(MetricPlan metric, Metrics.Query query) {
    Metrics.Answer.Wrong labels = labels(metric, query);
    if (labels != null) {
      return labels;
    }
    Long step = query.step();
    if (step != null) {
      long own = metric.bucketMicros();
      if (metric.isSession()) {
        return new Metrics.Answer.Wrong(
            "step", "a metric of sessions has a point for each session and no step");
      }
      if (step <= 0 || step % own != 0) {
        return new Metrics.Answer.Wrong(
            "step",
            "the step of '%s' is a multiple of %s, and %s is none"
                .formatted(metric.name(), WindowText.duration(own), text(step)));
      }
    }
    if (query.from() != null && query.to() != null && query.from() >= query.to()) {
      return new Metrics.Answer.Wrong("from", "it lies before 'to'");
    }
    if (query.maxPoints() < 1) {
      return new Metrics.Answer.Wrong("maxPoints", "it is at least 1");
    }
    return null;
  }

  private static String text(long micros) {
    return micros % 1_000 == 0 && micros > 0 ? WindowText.duration(micros) : micros + " us";
  }

  private static Metrics.Answer.@Nullable Wrong labels(MetricPlan metric, Metrics.Query query) {
    List<String> known = metric.labels();
    List<String> by = query.by();
    if (by != null) {
      for (String label : by) {
        if (!known.contains(label)) {
          return unknown("by", label, metric);
        }
      }
      if (new HashSet<>(by).size() < by.size()) {
        return new Metrics.Answer.Wrong("by", "it names a label twice");
      }
    }
    for (String label : query.where().keySet()) {
      if (!known.contains(label)) {
        return unknown("where", label, metric);
      }
    }
    return null;
  }

  private static Metrics.Answer.Wrong unknown(String parameter, String label, MetricPlan metric) {
    String known =
        metric.labels().isEmpty() ? "it has none" : "it has " + String.join(", ", metric.labels());
    return new Metrics.Answer.Wrong(
        parameter, "'%s' has no label '%s'; %s".formatted(metric.name(), label, known));
  }

  static Metrics.Answer.Wrong tooMany(Metrics.Query query) {
    return new Metrics.Answer.Wrong(
        "maxPoints",
        "the answer has more than %d points; ask for less time, fewer series or a longer step"
            .formatted(query.maxPoints()));
  }

  /** How much time an answer covers if nobody says where it begins. */
  static long defaultMicros(MetricPlan metric, @Nullable Long step) {
    if (metric.isSession()) {
      return DEFAULT_SESSION_MICROS;
    }
    long apart = step == null ? metric.bucketMicros() : step;
    return Math.multiplyExact(DEFAULT_WINDOWS, apart);
  }
}
