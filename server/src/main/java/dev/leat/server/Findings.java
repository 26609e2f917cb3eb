package dev.leat.server;

import dev.leat.alert.Finding;
import dev.leat.alert.Severity;
import dev.leat.alert.Threshold;
import dev.leat.alert.Verdict;
import dev.leat.pipeline.AlertSpec;
import java.time.Instant;
import java.util.SortedMap;

/** What a watch found, for one series of its alert, with the words for it. */
final class Findings {
  private Findings() {}

  private static Severity severity(AlertSpec spec) {
    return Severity.valueOf(spec.severity().name());
  }

  /** Against what is usual. */
  static Finding learned(
      AlertSpec spec, SortedMap<String, String> labels, Verdict verdict, Instant since) {
    return new Finding(
        spec.name(),
        labels,
        severity(spec),
        verdict.value(),
        verdict.expected(),
        verdict.low(),
        verdict.high(),
        since,
        AlertWords.learned(AlertWords.subject(spec), labels, verdict, since));
  }

  /** Against a bound. */
  static Finding bounded(
      AlertSpec spec,
      SortedMap<String, String> labels,
      Threshold threshold,
      double value,
      Instant since) {
    double low = threshold.low();
    double high = threshold.high();
    return new Finding(
        spec.name(),
        labels,
        severity(spec),
        value,
        Double.NaN,
        low,
        high,
        since,
        AlertWords.threshold(AlertWords.subject(spec), labels, value, low, high, since));
  }
}
