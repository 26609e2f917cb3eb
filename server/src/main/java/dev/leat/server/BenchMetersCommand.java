package dev.leat.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code leat bench meters}. */
@Command(
    name = "meters",
    mixinStandardHelpOptions = true,
    description = "Measure what monitoring costs: for a batch of events, and for a scrape.")
final class BenchMetersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("leat-meters");
    try {
      MeterBench.Cost cost = MeterBench.run(directory);
      PrintWriter out = spec.commandLine().getOut();
      out.print(format.isJson() ? json(cost) : text(cost));
      out.flush();
      return 0;
    } finally {
      Directories.delete(directory);
    }
  }

  private static String text(MeterBench.Cost cost) {
    return """
        processor time of monitoring
        a batch in a request of its own  %.2f us
        a scrape                         %.0f us for %d series, %d bytes
        """
        .formatted(cost.batchNanos() / 1_000, cost.scrapeMicros(), cost.series(), cost.bytes());
  }

  private static String json(MeterBench.Cost cost) {
    return JsonText.of(
        json ->
            json.beginObject()
                .field("batchNanos", cost.batchNanos())
                .field("scrapeMicros", cost.scrapeMicros())
                .field("series", cost.series())
                .field("bytes", cost.bytes())
                .endObject());
  }
}
