package dev.leat.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT whose result is kept as a table, so that asking for it costs little.
 *
 * @param name the table's, in lower case as those of streams
 * @param select one SELECT over streams, metrics and views before it
 * @param refresh how often the result is computed anew; null if it is to follow every event, which
 *     not every SELECT can
 */
public record ViewSpec(String name, String select, @Nullable Duration refresh) {
  public ViewSpec {
    if (!TableSpec.isName(name)) {
      throw new IllegalArgumentException("'%s' is no name for a view".formatted(name));
    }
    if (select.isBlank()) {
      throw new IllegalArgumentException("a view has a SELECT");
    }
    if (refresh != null && !refresh.isPositive()) {
      throw new IllegalArgumentException("a view is refreshed after longer than nothing");
    }
  }

  /**
   * How a view is.
   *
   * @param incremental whether only new events are looked at to bring it up to date
   * @param asOf every event below this position is in it; -1 if it has never been computed
   * @param asOfMicros when it was computed last
   * @param problem why it is not up to date; empty if all is well
   */
  public record Status(
      String name, boolean incremental, long asOf, long asOfMicros, long rows, String problem) {}
}
