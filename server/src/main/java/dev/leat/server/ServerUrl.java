package dev.leat.server;

import java.net.URI;
import picocli.CommandLine.Option;

/** Which server a client command speaks to. */
final class ServerUrl {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server; default ${DEFAULT-VALUE}",
      defaultValue = "http://127.0.0.1:5328")
  private URI url = URI.create("http://127.0.0.1:5328");

  LeatClient connect() {
    return new LeatClient(url);
  }
}
