package dev.leat.alert;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Somebody's wish not to be told of some series for some time. Immutable.
 *
 * @param id counted up
 * @param alert the name of the alert; empty for all
 * @param labels that a series has to have
 * @param by who wants it
 * @param why for the others
 */
public record Silence(
    long id,
    String alert,
    SortedMap<String, String> labels,
    Instant from,
    Instant to,
    String by,
    String why) {
  public Silence {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("a silence ends after it begins");
    }
  }

  /** Whether it holds a series back at a time. */
  public boolean covers(Finding.Series series, Instant now) {
    return !now.isBefore(from)
        && now.isBefore(to)
        && (alert.isEmpty() || alert.equals(series.alert()))
        && series.labels().entrySet().containsAll(labels.entrySet());
  }
}
