package dev.leat.bench;

import java.io.IOException;

/** How one thread of the generator sends. */
interface Sink extends AutoCloseable {
  /** Called once for each request when a system has acknowledged all of it; on any thread. */
  interface Ack {
    void kept();
  }

  /** Sends a request, again if it is pushed back; may return before the acknowledgement. */
  void send(Chunk chunk, Ack ack) throws IOException, InterruptedException;

  /** Waits for all acknowledgements. */
  @Override
  void close() throws IOException;
}
