package dev.leat.bench;

import java.time.Duration;
import java.util.Locale;

/** The questions of Nexmark that are about windows, in the form in which both sides answer them. */
enum Query {
  /** The highest bid of every ten seconds. */
  Q7("window: {tumbling: 10s}", "max(data.price)"),
  /** How many bids each auction had in the last ten seconds, every two seconds. */
  Q5("window: {sliding: 10s, every: 2s}\n    by: [data.auction]", "count()"),
  /** How many bids each bidder made without a pause of ten seconds. */
  Q11("window: {session: 10s, key: data.bidder}", "count()"),
  /** How many bids each bidder made in every ten seconds. */
  Q12("window: {tumbling: 10s}\n    by: [data.bidder]", "count()"),
  /** What sliding windows cost is told by the two that follow; Leat only. */
  TUMBLING_1S("window: {tumbling: 1s}\n    by: [data.auction]", "count()"),
  SLIDING_1H_1S("window: {sliding: 1h, every: 1s}\n    by: [data.auction]", "count()");

  static final Duration SIZE = Duration.ofSeconds(10);
  static final Duration EVERY = Duration.ofSeconds(2);

  /** Bids are in order; both sides are told to wait a second for those that are not. */
  static final Duration DISORDER = Duration.ofSeconds(1);

  private final String window;
  private final String measure;

  Query(String window, String measure) {
    this.window = window;
    this.measure = measure;
  }

  /** Whether Flink answers it too. */
  boolean hasPeer() {
    return this != TUMBLING_1S && this != SLIDING_1H_1S;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The question as a definition. */
  String definition() {
    return """
        streams:
          - name: bids
            match: type == 'bid'
            time: {disorder: 1s}
        metrics:
          - name: answer
            from: bids
            %s
            lateness: 0s
            series: 1000000
            measures: {value: %s}
        """
        .formatted(window.replace("\n", "\n    "), measure)
        .replace("\n        by", "\n    by");
  }
}
