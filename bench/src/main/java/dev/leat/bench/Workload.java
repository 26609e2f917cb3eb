package dev.leat.bench;

import java.io.IOException;
import java.util.List;

/**
 * What is sent, and to whom.
 *
 * @param about what is done, in a sentence
 * @param lanes connections, or threads that send
 * @param pacedRate events a second of the phase on a schedule
 * @param stream made anew for each comparison, so that its times are of today
 */
record Workload(
    String name,
    String about,
    int lanes,
    double pacedRate,
    List<Candidate> candidates,
    StreamMaker stream) {
  /** Makes the events. */
  interface StreamMaker {
    EventStream make(long baseMillis) throws IOException;
  }
}
