package dev.leat.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sending dead letters again: what to send, and how it goes. */
public final class Replay {
  private Replay() {}

  /**
   * Which dead letters; null means any.
   *
   * @param before only dead letters received before this time, in microseconds
   * @param offset only the dead letter at this log offset
   */
  public record Filter(
      @Nullable String stream,
      @Nullable String stage,
      @Nullable String reason,
      @Nullable String rule,
      @Nullable String pointer,
      @Nullable String source,
      @Nullable String id,
      @Nullable Long after,
      @Nullable Long before,
      @Nullable Long offset,
      @Nullable Long maxAttempt) {
    public static final Filter ALL =
        new Filter(null, null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * A request to send dead letters again.
   *
   * @param patch a CEL expression that yields the data to send instead, given {@code data} and the
   *     envelope; null to send what came
   * @param perSecond at most so many events per second; 0 for no limit
   * @param limit at most so many events
   */
  public record Request(
      Filter filter, boolean dryRun, @Nullable String patch, int perSecond, long limit) {}

  /** Every way a request can end. */
  public sealed interface Answer {
    /** The job runs, or is done already. */
    record Started(Job job) implements Answer {}

    /** What would happen under the present definition; nothing was sent. */
    record Dry(long matched, List<Outcome> outcomes) implements Answer {
      public Dry {
        outcomes = List.copyOf(outcomes);
      }
    }

    /** Another job is running. */
    record Busy(Job job) implements Answer {}

    /** The request is wrong: the patch does not compile, or the like. */
    record Refused(String reason) implements Answer {}
  }

  /** So many dead letters would get this verdict, for this reason, in this stream. */
  public record Outcome(
      String verdict,
      @Nullable String stream,
      @Nullable String reason,
      long count,
      String sample) {}

  /** How a job is. */
  public enum State {
    RUNNING,
    DONE,
    /** Stopped by a person. */
    STOPPED,
    /** It met an error that it can't go on from; the detail says which. */
    FAILED
  }

  /**
   * A job.
   *
   * @param matched dead letters that the filter met when the job began
   * @param sent appended to the log again
   * @param stored how many of them are in a stream now
   * @param failedAgain dead letters once more, with an attempt more
   * @param other duplicates and filtered ones
   */
  public record Job(
      long id,
      State state,
      Request request,
      long matched,
      long sent,
      long stored,
      long failedAgain,
      long other,
      String detail) {}
}
