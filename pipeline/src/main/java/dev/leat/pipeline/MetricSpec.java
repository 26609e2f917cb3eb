package dev.leat.pipeline;

import dev.leat.event.TableSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that is counted over the events of a stream, as the definition says it. Immutable.
 *
 * @param from the stream
 * @param where the CEL expression that says which of its events count; null for all
 * @param by the paths to the values that each have results of their own
 * @param lateness how long after its end a window still takes events
 * @param series so many combinations of labels have results of their own in each stretch of time;
 *     the others share those of {@code __other__}
 */
public record MetricSpec(
    String name,
    String from,
    @Nullable String where,
    Window window,
    List<String> by,
    Duration lateness,
    List<Measure> measures,
    int series) {
  public static final Duration DEFAULT_LATENESS = Duration.ofHours(1);
  public static final int DEFAULT_SERIES = 10_000;
  public static final int DEFAULT_SESSION_SERIES = 1_000_000;
  public static final int MAX_SERIES = 10_000_000;
  public static final int MAX_BY = 16;
  public static final int MAX_MEASURES = 64;

  public MetricSpec {
    requireSqlName(name);
    Names.requireText("from", from);
    if (where != null) {
      Names.requireText("where", where);
    }
    by = List.copyOf(by);
    by.forEach(path -> Names.requirePath("by", path));
    requireDifferent("by", by);
    if (by.size() > MAX_BY) {
      throw new IllegalArgumentException("by has at most %d paths".formatted(MAX_BY));
    }
    if (lateness.isNegative()) {
      throw new IllegalArgumentException("lateness is negative");
    }
    if (series < 1 || series > MAX_SERIES) {
      throw new IllegalArgumentException(
          "series lie between 1 and %d, not %d".formatted(MAX_SERIES, series));
    }
    measures = List.copyOf(measures);
    requireDifferent("measures", measures.stream().map(Measure::name).toList());
    if (measures.isEmpty() || measures.size() > MAX_MEASURES) {
      throw new IllegalArgumentException(
          "a metric has between 1 and %d measures, not %d"
              .formatted(MAX_MEASURES, measures.size()));
    }
  }

  private static void requireSqlName(String name) {
    if (!TableSpec.isName(name)) {
      throw new IllegalArgumentException("expected %s, found '%s'".formatted(Names.TABLE, name));
    }
  }

  private static void requireDifferent(String what, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("%s has '%s' twice".formatted(what, name));
      }
    }
  }

  /** Which stretches of event time have results of their own. */
  public sealed interface Window {
    /** Stretches that follow one another, beginning at 1970-01-01T00:00Z. */
    record Tumbling(Duration size) implements Window {
      public Tumbling {
        requirePositive("tumbling", size);
      }
    }

    /**
     * Stretches that overlap.
     *
     * @param every how far apart they begin; their size is a multiple of it
     */
    record Sliding(Duration size, Duration every) implements Window {
      /** A window is combined from at most so many slices. */
      public static final int MAX_SLICES = 100_000;

      public Sliding {
        requirePositive("sliding", size);
        requirePositive("every", every);
        if (size.toMillis() % every.toMillis() != 0) {
          throw new IllegalArgumentException(
              "a sliding window of %s is no multiple of every %s"
                  .formatted(Quantities.duration(size), Quantities.duration(every)));
        }
        if (size.toMillis() / every.toMillis() > MAX_SLICES) {
          throw new IllegalArgumentException(
              "a sliding window of %s every %s has more than %,d slices"
                  .formatted(Quantities.duration(size), Quantities.duration(every), MAX_SLICES));
        }
      }
    }

    /**
     * Stretches that end when nothing came for a while.
     *
     * @param gap how long nothing came
     * @param key the path to what each has sessions of its own
     */
    record Session(Duration gap, String key) implements Window {
      public Session {
        requirePositive("session", gap);
        Names.requirePath("key", key);
      }
    }

    private static void requirePositive(String what, Duration duration) {
      if (duration.toMillis() < 1) {
        throw new IllegalArgumentException(what + " is at least a millisecond");
      }
    }
  }

  /** What is computed. */
  public enum Function {
    COUNT,
    SUM,
    MIN,
    MAX,
    AVG,
    DISTINCT,
    QUANTILE,
    TOPK,
    FREQUENCY,
    FIRST,
    LAST,
    RATE
  }

  /**
   * One number, or list of them, that a metric has for each window.
   *
   * @param path the path to the values; null for the events themselves, which only count and rate
   *     take
   * @param argument which quantile, from 0 to 1, or how many for topk; null for the others
   */
  public record Measure(
      String name, Function function, @Nullable String path, @Nullable Double argument) {
    public static final int MAX_TOPK = 1_000;

    public Measure {
      requireSqlName(name);
      if (path != null) {
        Names.requirePath("path", path);
      } else if (function != Function.COUNT && function != Function.RATE) {
        throw new IllegalArgumentException(MeasureText.usage(function));
      }
      boolean right =
          switch (function) {
            case QUANTILE -> argument != null && argument >= 0 && argument <= 1;
            case TOPK ->
                argument != null
                    && argument >= 1
                    && argument <= MAX_TOPK
                    && argument == Math.rint(argument);
            case COUNT, SUM, MIN, MAX, AVG, DISTINCT, FREQUENCY, FIRST, LAST, RATE ->
                argument == null;
          };
      if (!right) {
        throw new IllegalArgumentException(MeasureText.usage(function));
      }
    }

    /** As a definition spells it, {@code quantile(data.delay, 0.95)}. */
    public String text() {
      return MeasureText.write(this);
    }
  }
}
