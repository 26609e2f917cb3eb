package dev.leat.pipeline;

import dev.leat.event.DataSchema;
import dev.leat.pipeline.MetricSpec.Measure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accumulators that the measures of a metric need: path by path in the order in which the
 * measures name them, so that each value of an event is read once, and none twice for a path.
 */
final class Accumulators {
  /** What measures share. The order is that of an encoded cell; never change it. */
  enum Kind {
    COUNT,
    SUM,
    MIN,
    MAX,
    FIRST,
    LAST,
    DISTINCT,
    QUANTILE,
    TOPK,
    FREQUENCY
  }

  /** The accumulators that take the values of one path; no path for the events themselves. */
  record OfPath(
      @Nullable KeyPath path, @Nullable ValueReader reader, List<Accumulator> accumulators) {}

  private final List<Measure> measures;
  private final List<OfPath> paths;
  private final List<Accumulator> ofMeasures;

  private Accumulators(List<Measure> measures, List<OfPath> paths, List<Accumulator> ofMeasures) {
    this.measures = measures;
    this.paths = paths;
    this.ofMeasures = ofMeasures;
  }

  /**
   * @param paths those that the measures name, as they were read
   * @param secret what values are hashed with where they are looked up
   */
  static Accumulators of(
      List<Measure> measures, Map<String, KeyPath> paths, DataSchema schema, long secret) {
    Map<String, EnumMap<Kind, List<Measure>>> needed = new LinkedHashMap<>();
    for (Measure measure : measures) {
      needed
          .computeIfAbsent(path(measure), _ -> new EnumMap<>(Kind.class))
          .computeIfAbsent(kind(measure), _ -> new ArrayList<>())
          .add(measure);
    }
    List<OfPath> all = new ArrayList<>();
    Map<Measure, Accumulator> byMeasure = new LinkedHashMap<>();
    needed.forEach(
        (path, kinds) -> {
          List<Accumulator> accumulators = new ArrayList<>();
          kinds.forEach(
              (kind, users) -> {
                Accumulator made = make(kind, users, secret);
                accumulators.add(made);
                users.forEach(user -> byMeasure.put(user, made));
              });
          KeyPath read = paths.get(path);
          all.add(
              new OfPath(
                  read,
                  read == null ? null : ValueReader.of(read, schema),
                  List.copyOf(accumulators)));
        });
    return new Accumulators(
        measures, List.copyOf(all), measures.stream().map(byMeasure::get).toList());
  }

  private static String path(Measure measure) {
    return measure.path() == null ? "" : measure.path();
  }

  private static Kind kind(Measure measure) {
    return switch (measure.function()) {
      case COUNT -> Kind.COUNT;
      case RATE -> measure.path() == null ? Kind.COUNT : Kind.SUM;
      case SUM, AVG -> Kind.SUM;
      case MIN -> Kind.MIN;
      case MAX -> Kind.MAX;
      case FIRST -> Kind.FIRST;
      case LAST -> Kind.LAST;
      case DISTINCT -> Kind.DISTINCT;
      case QUANTILE -> Kind.QUANTILE;
      case TOPK -> Kind.TOPK;
      case FREQUENCY -> Kind.FREQUENCY;
    };
  }

  private static Accumulator make(Kind kind, List<Measure> users, long secret) {
    return switch (kind) {
      case COUNT -> new CountAccumulator(users.getFirst().path() == null);
      case SUM -> new SumAccumulator();
      case MIN -> new ExtremeAccumulator(false);
      case MAX -> new ExtremeAccumulator(true);
      case FIRST -> new EdgeAccumulator(false);
      case LAST -> new EdgeAccumulator(true);
      case DISTINCT -> new DistinctAccumulator(false, secret);
      case QUANTILE -> new QuantileAccumulator(arguments(users), false);
      case TOPK -> {
        double[] counts = arguments(users);
        yield new TopAccumulator((int) counts[counts.length - 1], false, secret);
      }
      case FREQUENCY -> new FrequencyAccumulator();
    };
  }

  private static double[] arguments(List<Measure> users) {
    return users.stream().mapToDouble(QuantileAccumulator::argument).sorted().distinct().toArray();
  }

  List<Measure> measures() {
    return measures;
  }

  List<OfPath> paths() {
    return paths;
  }

  /** The one that has the value of a measure, by its index. */
  Accumulator of(int measure) {
    return ofMeasures.get(measure);
  }

  /** In the order of words, objects and encoded cells. */
  List<Accumulator> all() {
    return paths.stream().flatMap(path -> path.accumulators().stream()).toList();
  }

  /** The same for a batch, each in its place. */
  Accumulators exact() {
    Map<Accumulator, Accumulator> exact = new LinkedHashMap<>();
    all().forEach(each -> exact.put(each, each.exact()));
    return new Accumulators(
        measures,
        paths.stream()
            .map(
                path ->
                    new OfPath(
                        path.path(),
                        path.reader(),
                        path.accumulators().stream().map(exact::get).toList()))
            .toList(),
        ofMeasures.stream().map(exact::get).toList());
  }
}
