package dev.leat.server;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which windows of which metric are to be computed from the stored rows. */
final class MetricStretch {
  /** The server answers when it is done, and may have many rows to read. */
  private static final Duration PATIENCE = Duration.ofHours(6);

  @Parameters(paramLabel = "NAME", description = "the metric")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      required = true,
      description = "windows that begin then or later: RFC 3339, or -1h, -7d for so long ago")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "windows that begin before: RFC 3339, -1h, or now")
  private String to = "";

  /** Has a server do one or the other with these windows; its answer. */
  Map<String, @Nullable Object> ask(ServerUrl server, String call) throws InterruptedException {
    byte[] body =
        JsonText.bytes(json -> json.beginObject().field("from", from).field("to", to).endObject());
    return server.talk(
        client ->
            client
                .post(
                    MetricsCommand.path(name) + "/" + call,
                    "application/json",
                    body,
                    body.length,
                    Map.of(),
                    PATIENCE)
                .json(200));
  }
}
