package dev.leat.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A system under test, in processes of its own on this machine. Started and asked by one thread;
 * its sinks are used by several.
 */
interface Subject extends AutoCloseable {
  /** Does what is done once on a machine, so that no run pays for it. */
  default void prepare() throws IOException, InterruptedException {}

  /** Starts it in an empty directory and returns when it takes events. */
  void start(Path directory) throws IOException, InterruptedException;

  /** How many threads are to send, if the workload suggests so many. */
  default int lanes(int suggested) {
    return suggested;
  }

  /**
   * For one thread.
   *
   * @param paced whether each request is to be kept soon; if not, several may be sent as one
   */
  Sink sink(boolean paced) throws IOException;

  /**
   * How many of the events sent so far have come to all results this system has: rows that a query
   * sees, or files that are written; cells of windows; or a decision to refuse.
   *
   * @param acked events acknowledged so far, which is the answer of a system that does nothing else
   */
  long decided(long acked) throws IOException, InterruptedException;

  /** What came of them; asked once, after all are decided. */
  Results results(long closedBy) throws IOException, InterruptedException;

  /** What the stored events take on disk once the system has settled, its log not included. */
  long bytesAtRest() throws IOException, InterruptedException;

  /**
   * What else was measured, by the names that stand in the files of results; asked after the
   * results.
   */
  default Map<String, Double> figures() {
    return Map.of();
  }

  /** Its processes. */
  List<Daemon> daemons();

  /** Ends its processes, and lets go of whatever else it holds. */
  @Override
  default void close() {
    daemons().forEach(Daemon::close);
  }
}
