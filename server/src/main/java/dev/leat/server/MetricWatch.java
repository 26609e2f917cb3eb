package dev.leat.server;

import dev.leat.alert.Detector;
import dev.leat.alert.Finding;
import dev.leat.alert.Scale;
import dev.leat.alert.Threshold;
import dev.leat.alert.Verdict;
import dev.leat.event.Metrics;
import dev.leat.event.Metrics.Answer;
import dev.leat.event.Metrics.MeasureInfo;
import dev.leat.event.Metrics.MetricInfo;
import dev.leat.event.Metrics.Point;
import dev.leat.event.Metrics.Query;
import dev.leat.pipeline.AlertSpec;
import dev.leat.pipeline.MetricSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches a measure of a metric: windows that closed since the last look, series by series. What is
 * usual it learns from the metric's own past, five weeks of it, a day at each look. Nothing is said
 * while windows lie long ago, as when an old file is sent. For the thread of the desk.
 */
final class MetricWatch implements Watch {
  private static final int MAX_SERIES = 200;
  private static final long MAX_POINTS = 250_000;
  private static final long MINUTE = 60_000_000L;
  private static final long DAY = 1_440 * MINUTE;
  private static final long LEARNED = 35 * DAY;
  private static final long RECENT = 2 * 60 * MINUTE;

  /** So many days are caught up with at one look. */
  private static final int DAYS_AT_ONCE = 2;

  private final AlertSpec spec;
  private final MetricSpec metric;
  private final Metrics metrics;
  private final int measure;
  private final Scale scale;
  private final double factor;
  private final long bucket;
  private final boolean countsNothing;
  private final Map<SortedMap<String, String>, Series> series = new LinkedHashMap<>();
  private long next = Long.MIN_VALUE;
  private boolean isFull;

  /** One series: what judges it, and what it found last. */
  private static final class Series {
    final @Nullable Detector detector;
    final @Nullable Threshold threshold;
    @Nullable Finding found;

    Series(@Nullable Detector detector, @Nullable Threshold threshold) {
      this.detector = detector;
      this.threshold = threshold;
    }
  }

  MetricWatch(AlertSpec spec, MetricSpec metric, Metrics metrics) {
    this.spec = spec;
    this.metric = metric;
    this.metrics = metrics;
    List<String> names = metric.measures().stream().map(MetricSpec.Measure::name).toList();
    measure = names.indexOf(Objects.requireNonNull(spec.measure()));
    MetricSpec.Measure of = metric.measures().get(measure);
    long step = step(metric.window());
    bucket = spec.isLearned() ? Math.max(step, MINUTE) : step;
    boolean rateOfEvents = of.function() == MetricSpec.Function.RATE && of.path() == null;
    scale =
        switch (of.function()) {
          case COUNT, DISTINCT -> Scale.COUNTS;
          case RATE -> rateOfEvents ? Scale.COUNTS : Scale.VALUES;
          default -> Scale.VALUES;
        };
    // Noise of counts is known of numbers of events, not of events a second.
    factor = spec.isLearned() && rateOfEvents ? bucket / 1e6 : 1;
    countsNothing =
        switch (of.function()) {
          case COUNT, DISTINCT, RATE, SUM -> true;
          default -> false;
        };
  }

  private static long step(MetricSpec.Window window) {
    Duration step =
        switch (window) {
          case MetricSpec.Window.Tumbling tumbling -> tumbling.size();
          case MetricSpec.Window.Sliding sliding -> sliding.every();
          case MetricSpec.Window.Session _ -> Duration.ofMinutes(1);
        };
    return step.toMillis() * 1_000;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public List<Finding> look(Now now) throws IOException, InterruptedException {
    MetricInfo info =
        metrics.metrics().stream()
            .filter(one -> one.name().equals(metric.name()))
            .findFirst()
            .orElse(null);
    Long watermark = info == null ? null : info.watermark();
    if (watermark == null) {
      return new ArrayList<>();
    }
    long end = Math.floorDiv(watermark, bucket) * bucket;
    if (next == Long.MIN_VALUE) {
      next = end - Math.floorDiv(spec.isLearned() ? LEARNED : 2 * DAY / 24, bucket) * bucket;
    }
    for (int days = 0; days < DAYS_AT_ONCE && next < end; days++) {
      long to = Math.min(end, next + Math.max(bucket, DAY / bucket * bucket));
      if (!read(next, to)) {
        break;
      }
      next = to;
    }
    boolean recent = ChronoUnit.MICROS.between(Instant.EPOCH, now.at()) - next <= RECENT + bucket;
    return recent ? found() : new ArrayList<>();
  }

  private List<Finding> found() {
    List<Finding> found = new ArrayList<>();
    for (Series one : series.values()) {
      Finding finding = one.found;
      if (finding != null) {
        found.add(finding);
      }
    }
    return found;
  }

  /** Judges the windows of a stretch; false if they can't be had. */
  private boolean read(long from, long to) throws IOException, InterruptedException {
    boolean session = metric.window() instanceof MetricSpec.Window.Session;
    Query query =
        new Query(
            metric.name(),
            from,
            to,
            session ? null : (Long) bucket,
            spec.by(),
            Map.of(),
            null,
            MAX_POINTS);
    Answer answer = metrics.query(query);
    if (answer instanceof Answer.Wrong wrong) {
      throw new IOException(wrong.parameter() + ": " + wrong.message());
    }
    if (!(answer instanceof Answer.Results results)) {
      return false;
    }
    int at = indexOf(results.metric());
    if (at < 0) {
      return false;
    }
    Map<SortedMap<String, String>, Map<Long, Double>> read = new HashMap<>();
    for (Metrics.Series one : results.series()) {
      Map<Long, Double> values = new HashMap<>();
      for (Point point : one.points()) {
        values.put(Math.floorDiv(point.start(), bucket), number(point.values()[at]));
      }
      read.put(labels(results.labels(), one.labels()), values);
    }
    read.keySet().forEach(this::meet);
    series.forEach(
        (labels, one) -> judge(labels, one, read.getOrDefault(labels, Map.of()), from, to));
    return true;
  }

  private int indexOf(MetricInfo info) {
    List<String> names = info.measures().stream().map(MeasureInfo::name).toList();
    return names.indexOf(metric.measures().get(measure).name());
  }

  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static SortedMap<String, String> labels(
      List<String> names, List<@Nullable String> values) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      labels.put(names.get(i), String.valueOf(values.get(i)));
    }
    return labels;
  }

  /** A series is known from its first value on. */
  private void meet(SortedMap<String, String> labels) {
    if (series.containsKey(labels)) {
      return;
    }
    if (series.size() >= MAX_SERIES) {
      isFull = true;
      return;
    }
    int minutes = (int) Math.max(1, bucket / MINUTE);
    series.put(
        labels,
        spec.isLearned()
            ? new Series(new Detector(SignalWatch.options(spec, minutes, scale)), null)
            : new Series(null, new Threshold(spec.above(), spec.below(), spec.lasting())));
  }

  private void judge(
      SortedMap<String, String> labels, Series one, Map<Long, Double> values, long from, long to) {
    for (long at = from / bucket; at < to / bucket; at++) {
      double value = values.getOrDefault(at, countsNothing ? 0.0 : Double.NaN) * factor;
      Detector detector = one.detector;
      one.found =
          detector == null
              ? bounded(labels, Objects.requireNonNull(one.threshold), at, value, one.found)
              : learned(labels, detector.observe(at, usable(value)));
    }
  }

  /** What a detector of this scale takes. */
  private double usable(double value) {
    boolean right = Double.isFinite(value) && (scale == Scale.VALUES || value >= 0);
    return right ? value : Double.NaN;
  }

  private @Nullable Finding learned(SortedMap<String, String> labels, Verdict verdict) {
    if (!verdict.isOpen()) {
      return null;
    }
    Instant since = instant(verdict.since() * bucket);
    Verdict said =
        new Verdict(
            verdict.status(),
            verdict.kind(),
            verdict.value() / factor,
            verdict.expected() / factor,
            verdict.low() / factor,
            verdict.high() / factor,
            verdict.since());
    return Findings.learned(spec, labels, said, since);
  }

  private @Nullable Finding bounded(
      SortedMap<String, String> labels,
      Threshold threshold,
      long at,
      double value,
      @Nullable Finding before) {
    Instant since = threshold.observe(instant((at + 1) * bucket), value);
    if (since == null) {
      return null;
    }
    if (Double.isNaN(value) && before != null) {
      return before;
    }
    return Findings.bounded(spec, labels, threshold, value, since);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  @Override
  public String blindSpot() {
    return !isFull
        ? ""
        : "the first %d series of %s are watched, and no others: choose fewer labels in 'by'"
            .formatted(MAX_SERIES, name());
  }
}
