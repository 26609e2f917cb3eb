package dev.leat.bench;

import dev.leat.server.ShopPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Leat as far as its log: it decides as always, on what acknowledging leaves of the machine, but
 * nobody waits until it has.
 */
final class AcknowledgingLeat implements OnlyAcknowledging {
  private final LeatSubject leat;

  AcknowledgingLeat(Path home) {
    leat = new LeatSubject(home, ShopPipeline::write, false);
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    leat.prepare();
  }

  @Override
  public void start(Path directory) throws IOException, InterruptedException {
    leat.start(directory);
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    return leat.sink(paced);
  }

  @Override
  public List<Daemon> daemons() {
    return leat.daemons();
  }

  @Override
  public void close() {
    leat.close();
  }
}
