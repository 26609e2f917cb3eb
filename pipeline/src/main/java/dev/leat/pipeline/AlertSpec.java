package dev.leat.pipeline;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody wants to be told of, as the definition says it: a metric or a signal of
 * Leat's own, and what about it is out of the ordinary. Immutable.
 *
 * @param metric the metric; null if it is about a signal
 * @param measure which of the metric's measures; null for its only one
 * @param signal the signal; null if it is about a metric
 * @param by labels of the metric that each have an alert of their own
 * @param above a value above it is out of the ordinary; null to learn what is, if below is null too
 * @param below a value below it is
 * @param lasting for how long it has to be so
 */
public record AlertSpec(
    String name,
    @Nullable String metric,
    @Nullable String measure,
    @Nullable Signal signal,
    List<String> by,
    Direction direction,
    Severity severity,
    Sensitivity sensitivity,
    @Nullable Double above,
    @Nullable Double below,
    Duration lasting) {
  public static final Duration DEFAULT_LASTING = Duration.ofMinutes(5);
  public static final int MAX_ALERTS = 500;

  /** What Leat measures of itself. */
  public enum Signal {
    /** Events accepted in a minute. */
    INGEST,
    /** Events that wait to be decided on. */
    LAG,
    /** The share of events that became dead letters, in a minute. */
    DEAD_LETTER_RATE,
    /** The share of requests that were answered with 5xx or 429, in a minute. */
    ERROR_RATE,
    /** The share of the disk that is free. */
    DISK_FREE,
    /** Seconds since the last commit, while there is something to commit. */
    CHECKPOINT_AGE,
    /** Events that are not where they should be, or were lost. */
    BALANCE_GAP
  }

  /** On which side. */
  public enum Direction {
    UP,
    DOWN,
    BOTH
  }

  /** How bad it is. */
  public enum Severity {
    INFO,
    WARNING,
    CRITICAL
  }

  /** How little is worth an alert. */
  public enum Sensitivity {
    LOW,
    MEDIUM,
    HIGH
  }

  public AlertSpec {
    Names.requireName("name", name);
    by = List.copyOf(by);
    if ((metric == null) == (signal == null)) {
      throw new IllegalArgumentException("an alert is about a 'metric' or about a 'signal'");
    }
    if (signal != null && (measure != null || !by.isEmpty())) {
      throw new IllegalArgumentException("a signal has no measures and no labels");
    }
    if (new HashSet<>(by).size() != by.size()) {
      throw new IllegalArgumentException("by has a label twice");
    }
    if (above != null && below != null && above < below) {
      throw new IllegalArgumentException(
          "every value is above %s or below %s".formatted(above, below));
    }
  }

  /** Whether what is out of the ordinary is learned. */
  public boolean isLearned() {
    return above == null && below == null;
  }
}
