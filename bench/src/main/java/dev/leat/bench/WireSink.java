package dev.leat.bench;

import dev.leat.server.WireConnection;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Posts requests over one connection, each when the one before is answered. For one thread. */
final class WireSink implements Sink {
  private final WireConnection connection;

  WireSink(URI server) throws IOException {
    connection = new WireConnection(server);
  }

  @Override
  public void send(Chunk chunk, Ack ack) throws IOException, InterruptedException {
    int status = connection.post(chunk.bytes, chunk.length);
    while (status == 429 || status == 503) {
      Thread.sleep(Duration.ofMillis(Math.max(20, connection.retryAfterSeconds() * 1_000L)));
      status = connection.post(chunk.bytes, chunk.length);
    }
    if (status != 200 && status != 202) {
      throw new IOException("status %d: %s".formatted(status, connection.body()));
    }
    ack.kept();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
