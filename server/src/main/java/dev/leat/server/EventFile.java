package dev.leat.server;

import java.io.IOException;

/** The events of one input, one after the other. For one thread. */
interface EventFile extends AutoCloseable {
  /** Writes the next event into the batch, its line end included; false if there is none. */
  boolean next(Batch into) throws IOException;

  /** How much of it has been read, from 0 to 1; negative if nobody knows. */
  double fraction();

  /** Whether a second run gives the events the same ids, so that sending again is harmless. */
  boolean repeatable();

  @Override
  void close() throws IOException;
}
