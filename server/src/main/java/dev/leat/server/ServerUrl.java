package dev.leat.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a client command speaks to. */
final class ServerUrl {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a command does with its connection. */
  interface Talk<T> {
    T with(LeatClient client) throws IOException, InterruptedException;
  }

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server; default ${DEFAULT-VALUE}",
      defaultValue = "http://127.0.0.1:5328")
  private URI url = URI.create("http://127.0.0.1:5328");

  LeatClient connect() {
    return new LeatClient(url);
  }

  /** Connects, and says in a sentence what stands in the way. */
  <T> T talk(Talk<T> talk) throws InterruptedException {
    try (LeatClient client = connect()) {
      return talk.with(client);
    } catch (ConnectException | HttpConnectTimeoutException refused) {
      throw new CommandFailure(
          "no server answers there; start one with `leat serve`, or say where with --url", refused);
    } catch (IOException broken) {
      throw new CommandFailure("the answer broke off: " + broken.getMessage(), broken);
    }
  }

  /** The answer to a question that is nothing but its address. */
  Map<String, @Nullable Object> get(String path) throws InterruptedException {
    return talk(client -> client.get(path, PATIENCE).json(200));
  }
}
