package dev.leat.query;

import dev.leat.event.Metrics;
import java.util.ArrayList;
import java.util.List;

/** Answers what the test says, and remembers what it was asked. */
final class FakeMetrics implements Metrics {
  final List<Query> queries = new ArrayList<>();
  final List<String> recomputations = new ArrayList<>();
  List<MetricInfo> infos = List.of();
  Answer answer = new Answer.Unknown(List.of());
  Recomputation recomputation = new Recomputation.Refused("no script");

  /** A metric with two labels and two measures, one of them not exact. */
  static MetricInfo departures() {
    return new MetricInfo(
        "departures",
        "flights",
        "{tumbling: 1h}",
        List.of("origin", "carrier"),
        List.of(
            new MeasureInfo("flights", "count()", null),
            new MeasureInfo(
                "busiest", "topk(data.destination, 2)", new Bound("count", 0.001, 1.0))),
        1_000_000L,
        -1_000_000L,
        7,
        new Counts(90, 5, 4, 3, List.of(1L, 2L, 3L, 3L), 2, 1),
        "");
  }

  @Override
  public List<MetricInfo> metrics() {
    return infos;
  }

  @Override
  public Answer query(Query query) {
    queries.add(query);
    return answer;
  }

  @Override
  public Recomputation recompute(String metric, long from, long to) {
    recomputations.add("recompute %s %d %d".formatted(metric, from, to));
    return recomputation;
  }

  @Override
  public Recomputation verify(String metric, long from, long to) {
    recomputations.add("verify %s %d %d".formatted(metric, from, to));
    return recomputation;
  }
}
