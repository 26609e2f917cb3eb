package dev.leat.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * The verdicts on everything below an offset: one side of the balance. Immutable.
 *
 * @param position everything below it was dealt with
 * @param controls records below it that are no events
 * @param resent events below it that are dead letters sent again; the producers did not send them
 * @param lost offsets below it that the log could not give any more
 */
record Ledger(
    long position, long controls, long resent, long lost, Map<String, StreamCounts> streams) {
  Ledger {
    streams = Map.copyOf(streams);
  }

  /**
   * The verdicts of one stream.
   *
   * @param deadLettered all dead letters there have been
   * @param sentAgain those of them that were sent again and got another verdict
   */
  record StreamCounts(
      long stored, long duplicates, long deadLettered, long sentAgain, long filtered) {
    static final StreamCounts NONE = new StreamCounts(0, 0, 0, 0, 0);

    private StreamCounts minus(StreamCounts before) {
      return new StreamCounts(
          stored - before.stored,
          duplicates - before.duplicates,
          deadLettered - before.deadLettered,
          sentAgain - before.sentAgain,
          filtered - before.filtered);
    }

    /** Dead letters that nobody has sent again. */
    long open() {
      return deadLettered - sentAgain;
    }
  }

  /** The verdicts by stream that an earlier ledger did not have yet. */
  Map<String, StreamCounts> since(Ledger before) {
    Map<String, StreamCounts> more = new HashMap<>();
    streams.forEach(
        (stream, counts) ->
            more.put(stream, counts.minus(before.streams.getOrDefault(stream, StreamCounts.NONE))));
    return more;
  }

  /** Events from producers below the position. */
  long events() {
    return position - controls - resent - lost;
  }
}
