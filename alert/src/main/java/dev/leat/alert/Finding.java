package dev.leat.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that is out of the ordinary now, in one series. Immutable.
 *
 * @param alert the name of the alert
 * @param labels of the series
 * @param value what was measured; NaN if nothing was
 * @param expected what was expected; NaN if there is a threshold instead
 * @param low the lower end of the band in which nothing is said; infinite or NaN if there is none
 * @param high the upper end
 * @param since when it began
 * @param words all of it as a sentence
 */
public record Finding(
    String alert,
    SortedMap<String, String> labels,
    Severity severity,
    double value,
    double expected,
    double low,
    double high,
    Instant since,
    String words) {
  public Finding {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** What tells it from all others. */
  public Series series() {
    return new Series(alert, labels);
  }

  /** One series of one alert. Immutable. */
  public record Series(String alert, SortedMap<String, String> labels) {
    public Series {
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    @Override
    public String toString() {
      return labels.isEmpty() ? alert : alert + labels;
    }
  }
}
