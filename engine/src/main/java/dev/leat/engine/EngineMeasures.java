package dev.leat.engine;

import dev.leat.event.Histogram;
import java.util.Map;

/**
 * What an engine has done since it was started, which is not what was ever done: after a crash it
 * decides once more on what was in no commit.
 *
 * @param batchEvents how many events the batches had that it decided on; a batch is what one force
 *     of the log covered
 * @param decideNanos how long it took to decide on a batch and show its rows
 * @param commitNanos how long commits took that succeeded
 * @param stageNanos how long each stage took, of one event in each batch
 * @param uncommittedBytes of log that was decided on and is in no commit yet
 * @param deadLetters by their cause; only so many causes are told apart
 * @param streams verdicts by stream
 */
public record EngineMeasures(
    Histogram.Reading batchEvents,
    Histogram.Reading decideNanos,
    Histogram.Reading commitNanos,
    Map<String, Histogram.Reading> stageNanos,
    long uncommittedBytes,
    Map<Failing, Long> deadLetters,
    Map<String, Verdicts> streams) {
  public EngineMeasures {
    stageNanos = Map.copyOf(stageNanos);
    deadLetters = Map.copyOf(deadLetters);
    streams = Map.copyOf(streams);
  }

  /**
   * A cause of dead letters, without what is different from one to the next.
   *
   * @param stage where
   * @param reason a code
   */
  public record Failing(String stage, String reason) {
    /** Of all causes that are not told apart. */
    public static final Failing OTHER = new Failing("other", "other");
  }

  /**
   * Numbers of events.
   *
   * @param sentAgain dead letters that were sent again and got another verdict
   */
  public record Verdicts(
      long stored, long duplicates, long deadLettered, long sentAgain, long filtered) {}
}
