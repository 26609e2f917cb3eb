package dev.leat.bench;

import dev.leat.server.ShopPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leat while somebody asks it one question after another, from the load on a schedule on. */
final class AskedLeat extends LeatSubject {
  private @Nullable Asker asker;
  private Map<String, Double> figures = Map.of();

  AskedLeat(Path home) {
    super(home, ShopPipeline::write, true);
  }

  @Override
  public Sink sink(boolean paced) throws IOException {
    if (paced && asker == null) {
      asker = new Asker(url());
      asker.begin();
    }
    return super.sink(paced);
  }

  @Override
  public Results results(long closedBy) throws IOException, InterruptedException {
    if (asker != null) {
      figures = asker.end();
    }
    return super.results(closedBy);
  }

  @Override
  public Map<String, Double> figures() {
    return figures;
  }

  @Override
  public void close() {
    if (asker != null) {
      asker.close();
    }
    super.close();
  }
}
