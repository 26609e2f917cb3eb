package dev.leat.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the read side may ask of the metrics: results of windows, open and closed alike, without
 * touching a row. Times are microseconds since 1970 in UTC. Any thread may call it.
 */
public interface Metrics {
  /** Every metric of the definition in force, in the order of the file. */
  List<MetricInfo> metrics();

  /** The results of a metric. */
  Answer query(Query query) throws InterruptedException;

  /**
   * Computes the windows that begin in the stretch of time anew from the stored rows, exactly, and
   * puts the results in the place of those there are. Blocks; readers see the old results until
   * they are replaced.
   */
  Recomputation recompute(String metric, long from, long to) throws InterruptedException;

  /** Computes the same, changes nothing, and says where the results differ. Blocks. */
  Recomputation verify(String metric, long from, long to) throws InterruptedException;

  /**
   * A metric and how it is.
   *
   * @param window as the definition spells it, {@code {tumbling: 1h}}
   * @param labels the names of what results are divided by
   * @param watermark how far event time has come; null before the first event
   * @param finalBefore windows that end up to here change no more by events; null before the first
   * @param series in the windows that still take events
   * @param detail in words for the operator; empty if all is well
   */
  record MetricInfo(
      String name,
      String stream,
      String window,
      List<String> labels,
      List<MeasureInfo> measures,
      @Nullable Long watermark,
      @Nullable Long finalBefore,
      long series,
      Counts counts,
      String detail) {
    public MetricInfo {
      labels = List.copyOf(labels);
      measures = List.copyOf(measures);
    }
  }

  /**
   * A measure.
   *
   * @param text as the definition spells it, {@code quantile(data.delay, 0.95)}
   * @param bound of its error; null if it is exact
   */
  record MeasureInfo(String name, String text, @Nullable Bound bound) {}

  /**
   * How far a result may be off.
   *
   * @param kind {@code relative} to the value, {@code rank} as a share of all values, or {@code
   *     count} as a share of all counts
   * @param error 0.02 is two percent
   * @param confidence the probability that a result is within it; 1 for always
   */
  record Bound(String kind, double error, double confidence) {}

  /**
   * Where the events of a metric went.
   *
   * @param counted went into their window while it was open
   * @param late went into a window that was closed, within its lateness
   * @param tooLate came after that: stored, and brought in by a recomputation
   * @param ahead have a time in the future that can't be: stored, and brought in by a recomputation
   * @param lateUpTo how many of the late and too late were late by at most a minute, an hour, a
   *     day, and more
   * @param pending stretches, and corrections of the stream, that wait for a recomputation
   * @param overflow events that went into the series {@code __other__}
   */
  record Counts(
      long counted,
      long late,
      long tooLate,
      long ahead,
      List<Long> lateUpTo,
      long pending,
      long overflow) {
    public Counts {
      lateUpTo = List.copyOf(lateUpTo);
    }
  }

  /**
   * A question.
   *
   * @param from windows that begin at it or later; null for the {@code to} less a default stretch
   * @param to windows that begin before it; null for the end of what there is
   * @param step how far apart the points are, a multiple of the window's own step; null for that
   * @param by labels to divide by, some of the metric's; null for all of them
   * @param where only series whose labels have these values
   * @param value what the measures of frequency are asked for; null for nothing
   * @param maxPoints an answer with more is refused
   */
  record Query(
      String metric,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Long step,
      @Nullable List<String> by,
      Map<String, String> where,
      @Nullable String value,
      long maxPoints) {
    public Query {
      where = Map.copyOf(where);
    }
  }

  /** Every way a question can end. */
  sealed interface Answer {
    /**
     * Results.
     *
     * @param series sorted by their labels
     * @param labels the names of the labels that every series has a value for
     * @param watermark how far event time has come; null before the first event
     * @param position every event below it was looked at
     * @param approximate the measures that are not exact in all points
     * @param parts from when to when the results come from which level
     */
    record Results(
        MetricInfo metric,
        List<String> labels,
        List<Series> series,
        @Nullable Long watermark,
        long position,
        List<MeasureInfo> approximate,
        List<Part> parts)
        implements Answer {}

    /** There is no metric of this name; these are there. */
    record Unknown(List<String> known) implements Answer {}

    /** The question is wrong: which of its parts, and why. */
    record Wrong(String parameter, String message) implements Answer {}
  }

  /** The results of one combination of labels, in the order of time. */
  record Series(List<@Nullable String> labels, List<Point> points) {}

  /**
   * The results of one window.
   *
   * @param values as many as the metric has measures: null, Long, Double, BigDecimal, BigInteger,
   *     String, Boolean, or for topk a list of maps from {@code item} and {@code count}
   * @param revision 0 while the window is open, 1 when it closed, more for each change since
   * @param isFinal whether no event can change it any more
   * @param exact whether every value is
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Point(
      long start,
      long end,
      @Nullable Object[] values,
      long revision,
      boolean isFinal,
      boolean exact) {}

  /**
   * A stretch of an answer.
   *
   * @param resolution {@code window}, {@code hour} or {@code day}: how long the stretches are that
   *     it was combined from
   */
  record Part(long from, long to, String resolution) {}

  /** How a recomputation or a verification ended. */
  sealed interface Recomputation {
    /**
     * It was done.
     *
     * @param windows how many were computed
     * @param rows how many were read
     * @param differences at most so many as a person reads; empty if there are none
     * @param different how many there are in all
     * @param pending stretches or sessions that wait for a recomputation, and so are not compared
     */
    record Done(
        long windows,
        long rows,
        long different,
        List<Difference> differences,
        long pending,
        long millis)
        implements Recomputation {
      public Done {
        differences = List.copyOf(differences);
      }

      /** One that nothing waits for. */
      public Done(
          long windows, long rows, long different, List<Difference> differences, long millis) {
        this(windows, rows, different, differences, 0, millis);
      }
    }

    /** There is no metric of this name; these are there. */
    record Unknown(List<String> known) implements Recomputation {}

    /** It could not be done; the message says what to do. */
    record Refused(String reason) implements Recomputation {}
  }

  /** A result that differs from what the rows yield. */
  record Difference(
      List<@Nullable String> labels,
      long start,
      String measure,
      String served,
      String recomputed) {}
}
