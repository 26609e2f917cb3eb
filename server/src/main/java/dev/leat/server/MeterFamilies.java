package dev.leat.server;

import dev.leat.event.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The families of one scrape, as they are put together. For one thread. */
final class MeterFamilies {
  static final Unit EVENTS = new Unit("events");
  static final Unit BATCHES = new Unit("batches");

  private static final double NANOS = 1e9;

  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  MetricSnapshots build() {
    return all.build();
  }

  void info(String name, String help, Labels labels) {
    InfoDataPointSnapshot point = InfoDataPointSnapshot.builder().labels(labels).build();
    all.metricSnapshot(InfoSnapshot.builder().name(name).help(help).dataPoint(point).build());
  }

  void gauge(String name, @Nullable Unit unit, String help, Number value) {
    gauges(name, unit, help, Map.of(Labels.EMPTY, value));
  }

  /** 1 for yes, 0 for no. */
  void truth(String name, String help, boolean value) {
    gauge(name, null, help, value ? 1 : 0);
  }

  /** Nothing for a value below zero, which the system does not tell. */
  void known(String name, @Nullable Unit unit, String help, Number value) {
    if (value.doubleValue() >= 0) {
      gauge(name, unit, help, value);
    }
  }

  void gauges(String name, @Nullable Unit unit, String help, Map<Labels, ? extends Number> values) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
    if (unit != null) {
      family.unit(unit);
    }
    values.forEach(
        (labels, value) ->
            family.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value.doubleValue())
                    .build()));
    all.metricSnapshot(family.build());
  }

  /** The name is without {@code _total}. */
  void counter(String name, @Nullable Unit unit, String help, Number value) {
    counters(name, unit, help, Map.of(Labels.EMPTY, value));
  }

  void counters(
      String name, @Nullable Unit unit, String help, Map<Labels, ? extends Number> values) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    if (unit != null) {
      family.unit(unit);
    }
    values.forEach(
        (labels, value) ->
            family.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(value.doubleValue())
                    .build()));
    all.metricSnapshot(family.build());
  }

  /** Of nanoseconds, shown as seconds. */
  void durations(String name, String help, Map<Labels, Histogram.Reading> readings) {
    histograms(name, Unit.SECONDS, help, readings, NANOS, Exemplars.EMPTY);
  }

  void durations(String name, String help, Histogram.Reading reading) {
    durations(name, help, Map.of(Labels.EMPTY, reading));
  }

  /** The same, with one value that has a trace to look at; null for none. */
  void durations(
      String name, String help, Histogram.Reading reading, MeterReading.@Nullable Traced traced) {
    Exemplars exemplars =
        traced == null
            ? Exemplars.EMPTY
            : Exemplars.of(
                Exemplar.builder()
                    .value(traced.showNanos() / NANOS)
                    .traceId(traced.trace())
                    .spanId(traced.span())
                    .timestampMillis(traced.millis())
                    .build());
    histograms(name, Unit.SECONDS, help, Map.of(Labels.EMPTY, reading), NANOS, exemplars);
  }

  void sizes(String name, Unit unit, String help, Histogram.Reading reading) {
    histograms(name, unit, help, Map.of(Labels.EMPTY, reading), 1, Exemplars.EMPTY);
  }

  private void histograms(
      String name,
      Unit unit,
      String help,
      Map<Labels, Histogram.Reading> readings,
      double perUnit,
      Exemplars exemplars) {
    HistogramSnapshot.Builder family = HistogramSnapshot.builder().name(name).unit(unit).help(help);
    readings.forEach(
        (labels, reading) ->
            family.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(bounds(reading, perUnit), reading.counts()))
                    .sum(reading.sum() / perUnit)
                    .exemplars(exemplars)
                    .build()));
    all.metricSnapshot(family.build());
  }

  private static double[] bounds(Histogram.Reading reading, double perUnit) {
    long[] whole = reading.bounds();
    double[] bounds = new double[whole.length + 1];
    for (int i = 0; i < whole.length; i++) {
      bounds[i] = whole[i] / perUnit;
    }
    bounds[whole.length] = Double.POSITIVE_INFINITY;
    return bounds;
  }
}
