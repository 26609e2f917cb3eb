package dev.leat.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leat alerts unsilence}. */
@Command(name = "unsilence", mixinStandardHelpOptions = true, description = "End a silence.")
final class UnsilenceCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int REMOVED = 204;

  @Mixin private ServerUrl server;

  @Parameters(paramLabel = "ID", description = "its number, as the list of silences has it")
  private long id;

  @Override
  public Integer call() throws InterruptedException {
    LeatClient.Reply reply =
        server.talk(client -> client.delete(AlertsCommand.SILENCES + "/" + id, PATIENCE));
    if (reply.status() != REMOVED) {
      throw reply.failure();
    }
    return 0;
  }
}
