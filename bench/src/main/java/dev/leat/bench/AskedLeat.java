package dev.leat.bench;

import dev.leat.server.ShopPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leat while somebody asks it one question after another, from the load on a schedule on. */
final class AskedLeat implements Subject {
  private final LeatSubject leat;
  private @Nullable Asker asker;
  private Map<String, Double> figures = Map.of();

  AskedLeat(Path home) {
    leat = new LeatSubject(home, ShopPipeline::write, true);
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
    if (paced && asker == null) {
      asker = new Asker(leat.url());
      asker.begin();
    }
    return leat.sink(paced);
  }

  @Override
  public long decided(long acked) throws IOException, InterruptedException {
    return leat.decided(acked);
  }

  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    if (asker != null) {
      figures = asker.end();
    }
    return leat.results(closedBy);
  }

  @Override
  public Map<String, Double> figures() {
    return figures;
  }

  @Override
  public long bytesAtRest() throws IOException, InterruptedException {
    return leat.bytesAtRest();
  }

  @Override
  public List<Daemon> daemons() {
    return leat.daemons();
  }

  @Override
  public void close() {
    if (asker != null) {
      asker.close();
    }
    leat.close();
  }
}
