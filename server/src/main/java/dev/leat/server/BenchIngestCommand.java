package dev.leat.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leat bench ingest}. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "Send the events of a seeded web shop over real sockets: first as fast as they are taken,"
          + " then on a fixed schedule at half the rate at which they were also decided on.",
      "The server checks a schema and two rules, looks for copies, and looks up each order's product.",
      "Starts a server of its own unless --url names one. Send events to your own server only."
    })
final class BenchIngestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      description = "of each phase; default ${DEFAULT-VALUE}",
      defaultValue = "30")
  private int seconds = 30;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      description = "before the first phase; default ${DEFAULT-VALUE}",
      defaultValue = "10")
  private int warmUpSeconds = 10;

  @Option(names = "--connections", description = "default ${DEFAULT-VALUE}", defaultValue = "8")
  private int connections = 8;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "events per request; default ${DEFAULT-VALUE}",
      defaultValue = "500")
  private int batch = 500;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "definition of the server to start")
  private @Nullable Path config;

  @Option(
      names = "--plain",
      description =
          "without schema, rules and lookup: every event goes to the stream `events`, which only"
              + " looks for copies")
  private boolean plain;

  @Option(names = "--url", description = "a server that runs already, on this machine")
  private @Nullable URI url;

  @Mixin private ReportFormat format;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Path data = Files.createTempDirectory("leat-bench");
    try {
      BenchReport report = url == null ? withOwnServer(data) : measure(url, data);
      PrintWriter out = spec.commandLine().getOut();
      out.print(format.isJson() ? JsonText.of(report::writeTo) : report.toText());
      out.flush();
      return report.isSound() ? 0 : 1;
    } finally {
      Directories.delete(data);
    }
  }

  private BenchReport withOwnServer(Path data) throws InterruptedException, IOException {
    try (ServerProcess server = ServerProcess.start(data.resolve("server"), definition(data))) {
      return measure(server.url(), data);
    }
  }

  private @Nullable Path definition(Path data) throws IOException {
    return config != null || plain ? config : ShopPipeline.write(data.resolve("definition"));
  }

  private BenchReport measure(URI server, Path data) throws InterruptedException, IOException {
    Progress progress = new Progress(spec.commandLine().getErr(), InstantSource.system());
    try (LeatClient client = new LeatClient(server)) {
      IngestBench bench = new IngestBench(client, connections, batch, data, progress::say);
      return bench.run(Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
    }
  }
}
