package dev.leat.server;

import dev.leat.alert.Finding;
import dev.leat.pipeline.AlertSpec.Signal;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Looks at one thing that somebody wants to be told of. For the thread of the desk. */
interface Watch {
  /** The name of its alert. */
  String name();

  /** What it does not see of what it is to look at, in words; empty if it sees all. */
  default String blindSpot() {
    return "";
  }

  /** What is out of the ordinary now. */
  List<Finding> look(Now now) throws IOException, InterruptedException;

  /**
   * A moment, and what the house measures at it.
   *
   * @param signals all but those that are counted by the minute
   * @param minute of the last full minute, counted from 1970; -1 if none has ended since the last
   *     moment
   * @param counted the signals of that minute
   */
  record Now(Instant at, Map<Signal, Double> signals, long minute, Map<Signal, Double> counted) {}
}
