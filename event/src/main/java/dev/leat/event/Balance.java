package dev.leat.event;

import java.util.Map;

/**
 * Where all events are: {@code accepted = stored + duplicates + deadLettered + filtered +
 * inFlight}. Computed from what is durable: the log's offsets, the rows of the tables, and verdicts
 * committed with them.
 *
 * @param position the log offset up to which events are counted by stream
 * @param total over all streams, with what is still in flight
 * @param streams by stream, without what is in flight: nobody knows its stream yet
 * @param lost events that were durable once and can't be read any more; they are the gap
 * @param balanced whether everything adds up and nothing is lost
 * @param detail what does not add up, in words for the operator; empty if all does
 */
public record Balance(
    long position,
    Totals total,
    Map<String, Totals> streams,
    long lost,
    boolean balanced,
    String detail) {
  public Balance {
    streams = Map.copyOf(streams);
  }

  /**
   * Numbers of events.
   *
   * @param deadLettered dead letters that were not sent again
   */
  public record Totals(
      long accepted,
      long stored,
      long duplicates,
      long deadLettered,
      long filtered,
      long inFlight) {

    /** What is not where it should be; 0 if the balance holds. */
    public long gap() {
      return accepted - stored - duplicates - deadLettered - filtered - inFlight;
    }
  }
}
